"""Reconcile with SmartDialog's list: what we submitted is found again, what was made elsewhere is adopted."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any

from django.db import transaction

from accounts.models import Customer
from contacts.text.values import without_invisible
from gateway import clock
from gateway.live_updates import live
from gateway.smartdialog.types import RemoteTemplate
from messaging.whatsapp.models import (
    JUDGED,
    LOOKED_UP,
    MAY_BE_LISTED,
    Approval,
    Template,
    TemplateList,
    TemplateState,
)
from messaging.whatsapp.submission.transitions import TOPIC, record, supersede_calls, transition


@transaction.atomic
def reconcile(customer: Customer, remote: list[RemoteTemplate], *, unread: int = 0) -> None:
    """A listed template is there, whatever WhatsApp decided. One that is not listed may be in review.

    WhatsApp's names are unique in a language only, so several templates may be listed under one id.
    `unread`: how many more are listed; what is not found here may be one of those, so nothing is concluded.
    """
    now = clock.now()
    told = unread + sum(not each.raw_content for each in remote)
    lists = TemplateList.objects.filter(customer=customer)
    lists.update(read_at=now, unread=told)  # first: it locks out another listing
    listed, known = defaultdict(list), defaultdict(list)
    for each in remote:
        listed[each.id].append(each)
    for template in _known(customer):
        known[template.remote_id].append(template)
    for remote_id in listed | known:
        _reconcile_id(customer, known.get(remote_id, []), listed.get(remote_id, []), is_all=not unread)
    Template.objects.of_customer(customer).filter(state__in=LOOKED_UP).update(looked_up_at=now)
    live.announce(customer, TOPIC)


def _reconcile_id(
    customer: Customer, ours: list[Template], listed: list[RemoteTemplate], *, is_all: bool
) -> None:
    """Those with the same text are the same; so is the only one of each that is left, its text changed.

    In two languages a text may be the same: no listing tells them apart, so all of ours with it are there.
    So they are where one is listed without its text.
    """
    if not all(each.raw_content for each in listed):
        for template in ours:
            _relist(template)
        return
    known = {plain(template.body) for template in ours}
    there = {plain(each.raw_content) for each in listed}
    gone = [template for template in ours if plain(template.body) not in there]
    further = _beyond(ours, listed)
    new = [each for each in further if plain(each.raw_content) not in known]
    if is_all and len(gone) == len(new) == 1:
        _take_text(gone.pop(), new[0].raw_content)
        further.remove(new[0])
    for template in ours:
        if template not in gone:
            _relist(template)
    for each in further:
        if not _match(customer, each) and each in new:
            _adopt(customer, each)
    if is_all:
        _unlist(gone)


def _beyond(ours: list[Template], listed: list[RemoteTemplate]) -> list[RemoteTemplate]:
    """As many as are listed of each text beyond those of ours that have it."""
    left = Counter(plain(template.body) for template in ours)
    further = []
    for each in listed:
        text = plain(each.raw_content)
        if left[text]:
            left[text] -= 1
        else:
            further.append(each)
    return further


def _known(customer: Customer) -> Iterable[Template]:
    return Template.objects.of_customer(customer).exclude(remote_id="").select_related("customer")


def _take_text(template: Template, body: str) -> None:
    """It is what would be sent, and WhatsApp's verdict was on another."""
    before = template.body
    unknown = {"approval": Approval.UNKNOWN, "approval_by": None, "approval_inferred": False}
    fields: dict[str, Any] = {"body": body, **unknown, "approval_at": None, "approval_reason": ""}
    if transition(template, JUDGED, **fields):
        record(template, "template.text_changed", None, before={"body": before}, after={"body": body})


def _relist(template: Template) -> None:
    if transition(template, [TemplateState.UNLISTED], to=TemplateState.LISTED):
        record(template, "template.listed", None)


def _match(customer: Customer, remote: RemoteTemplate) -> bool:
    """Whether it is one that we submitted."""
    ours = _ours(customer, remote)
    listed = {"remote_id": remote.id, "listed_at": clock.now(), "error_text": ""}
    if ours and transition(ours, MAY_BE_LISTED, to=TemplateState.LISTED, **listed):
        record(ours, "template.listed", None, after={"remote_id": remote.id})
        supersede_calls(ours)
        return True
    return False


def _ours(customer: Customer, remote: RemoteTemplate) -> Template | None:
    """The one we submitted, by name and text; else the only one with its text: names may be changed."""
    waiting = Template.objects.of_customer(customer).filter(state__in=MAY_BE_LISTED, remote_id="")
    same = [
        each
        for each in waiting.select_related("customer").order_by("submitted_at", "pk")
        if _same_text(each, remote)
    ]
    named = [each for each in same if each.display_name.strip() == remote.display_name.strip()]
    return named[0] if named else same[0] if len(same) == 1 else None


def _same_text(template: Template, remote: RemoteTemplate) -> bool:
    return plain(template.body) == plain(remote.raw_content)


def plain(text: str) -> str:
    """The same for texts that differ by white space or by signs that nobody sees."""
    return " ".join(without_invisible(text).split())


def _adopt(customer: Customer, remote: RemoteTemplate) -> None:
    """Its category, language and buttons are not listed: they stay empty."""
    template, is_new = Template.objects.get_or_create(
        customer=customer,
        remote_id=remote.id,
        body=remote.raw_content,
        defaults={
            "display_name": remote.display_name[:100],
            "state": TemplateState.LISTED,
            "listed_at": clock.now(),
        },
    )
    if is_new:
        record(template, "template.adopted", None, after={"remote_id": remote.id})


def _unlist(templates: Iterable[Template]) -> None:
    for template in templates:
        if transition(template, [TemplateState.LISTED], to=TemplateState.UNLISTED):
            record(template, "template.unlisted", None)
