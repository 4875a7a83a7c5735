"""One template in two rows: ours that waits for its listing, and the one SmartDialog lists in other words."""

from collections.abc import Callable

from django.db import transaction
from django.db.models import F, ManyToOneRel, QuerySet

from accounts.models import User
from accounts.registry import Registry
from messaging.whatsapp.models import LOOKED_UP, Template, TemplateList, TemplateState
from messaging.whatsapp.submission.transitions import (
    TemplateChanged,
    compare_and_swap,
    record,
    supersede_calls_or_raise,
)

# `listed` is gone, and `template` stays: whatever names it in words, and not by a relation, names the other.
USES = Registry[Callable[[Template, Template], None]]("uses of templates in")
uses = USES.register  # @uses("campaigns")


def candidates(template: Template) -> QuerySet[Template]:
    """The listed ones that nobody here submitted, newest first: one of them may be this one."""
    own = Template.objects.of_customer(template.customer).listed()
    return own.filter(submitted_at=None).exclude(remote_id="").order_by("-pk")


@transaction.atomic
def join(template: Template, listed: Template, *, by: User) -> None:
    """What is listed is this template: it takes over text and campaigns. Raises TemplateChanged."""
    TemplateList.objects.filter(customer=template.customer).update(
        read_at=F("read_at")
    )  # no listing meanwhile
    listed = _locked(listed)
    compare_and_swap(
        template,
        template.revision,
        LOOKED_UP,
        to=TemplateState.LISTED,
        body=listed.body,
        remote_id=listed.remote_id,
        listed_at=listed.listed_at,
        approval=listed.approval,
        approval_by=listed.approval_by,
        approval_inferred=listed.approval_inferred,
        approval_at=listed.approval_at,
        approval_reason=listed.approval_reason,
        error_text="",
    )
    supersede_calls_or_raise(template)
    _move_uses(listed, template)
    listed.delete()
    record(template, "template.joined", by, after={"remote_id": template.remote_id})


def _move_uses(listed: Template, template: Template) -> None:
    """Whatever names the one names the other: campaigns, messages of the inbox, and what may come."""
    for relation in Template._meta.get_fields(include_hidden=True):
        if isinstance(relation, ManyToOneRel):
            field = relation.field.name
            rows = relation.related_model._base_manager.filter(**{field: listed})
            rows.update(**{field: template})
    for move in USES:
        move(listed, template)


def _locked(listed: Template) -> Template:
    """As it is now, still one that may be joined. Raises TemplateChanged."""
    own = candidates(listed).filter(pk=listed.pk)
    if not own.update(revision=F("revision") + 1):
        raise TemplateChanged
    return own.get()
