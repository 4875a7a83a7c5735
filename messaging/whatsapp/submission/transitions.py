"""Each change of a template: optimistic locking by revision and state, its audit record, news for pages."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import F

from accounts.db.state_moves import move
from accounts.models import User
from accounts.trail import audit
from gateway import clock, outbox
from gateway.live_updates import live
from messaging.whatsapp.models import Template, TemplateState

TOPIC = "templates"


class TemplateChanged(Exception):
    """Somebody else changed the template since the person's page was made."""

    text = (
        "This template has changed since you opened it: somebody else edited or submitted it. "
        "Nothing was saved. What you wrote is still on this page: copy what you need, "
        "then open the template again."
    )


def compare_and_swap(
    template: Template,
    revision: int,
    states: Sequence[TemplateState],
    *,
    to: TemplateState | None = None,
    **fields: Any,
) -> None:
    """Change a template that is in one of `states` and still as the person saw it. Raises TemplateChanged.

    `to`: the state that it moves to.
    """
    seen = Template.objects.filter(pk=template.pk, revision=revision, state__in=states)
    changes = fields | {"revision": revision + 1, "updated_at": clock.now()}
    if not (move(seen, *states, to=to, **changes) if to else seen.update(**changes)):
        raise TemplateChanged
    template.refresh_from_db()


def transition(
    template: Template,
    states: Sequence[TemplateState],
    *,
    to: TemplateState | None = None,
    **fields: Any,
) -> bool:
    """What a call or a listing says of a template; False when it is in none of `states` any more."""
    current = Template.objects.filter(pk=template.pk, state__in=states)
    changes = fields | {"revision": F("revision") + 1}
    return bool(move(current, *states, to=to, **changes) if to else current.update(**changes))


def record(template: Template, verb: str, by: User | None, **what: Mapping[str, Any]) -> None:
    """`by`: nobody where SmartDialog said it."""
    audit.record(
        actor=by,
        customer=template.customer,
        verb=verb,
        subject=template,
        **{name: dict(values) for name, values in what.items()},
    )
    live.announce(template.customer, TOPIC)


def supersede_calls_or_raise(template: Template) -> None:
    """No earlier call is to leave after a person's decision. Raises TemplateChanged if one is being made."""
    supersede_calls(template)
    if outbox.is_underway(subject=template):
        raise TemplateChanged


def supersede_calls(template: Template) -> None:
    """What waits is cancelled, and what was refused or unclear is over: nobody is to send it again."""
    outbox.cancel_waiting(subject=template)
    outbox.supersede(subject=template)
