"""Segments kept by a name, which all who work for the customer share."""

from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F

from accounts.errors import UserError
from accounts.models import Customer, User
from accounts.trail import audit
from contacts.models import Segment
from contacts.models.segment import MAX_SEGMENT_NAME
from contacts.text.values import visible_name
from gateway import clock


class CannotKeep(UserError):
    """`text` says why, and what to do."""


@transaction.atomic
def add(customer: Customer, *, name: str, text: str, by: User) -> Segment:
    """`text`: as contacts.segments.serializer has it. Raises CannotKeep."""
    segment = Segment(customer=customer, name=_named(name), text=text, created_by=by)
    try:
        with transaction.atomic():
            segment.save(force_insert=True)
    except IntegrityError as error:
        raise _taken(segment.name) from error
    _record("segment.added", segment, by, after=_audited(segment))
    return segment


@transaction.atomic
def edit(segment: Segment, *, revision: int, name: str, text: str, by: User) -> None:
    """From the revision that the person saw. Raises CannotKeep."""
    before = _audited(segment)
    fields: dict[str, Any] = {"name": _named(name), "text": text, "revision": F("revision") + 1}
    if text != segment.text:  # not for another name: who goes by it is told that it asks for others
        fields["updated_at"] = clock.now()
    try:
        with transaction.atomic():
            changed = Segment.objects.filter(pk=segment.pk, revision=revision).update(**fields)
    except IntegrityError as error:
        raise _taken(name) from error
    if not changed:
        raise CannotKeep("Somebody else changed this segment since you opened it. Open it again to see how.")
    segment.refresh_from_db()
    old, new = audit.differences(before, _audited(segment))
    _record("segment.edited", segment, by, before=old, after=new)


@transaction.atomic
def delete(segment: Segment, *, by: User) -> None:
    """What goes by it finds it gone: a campaign is held before it begins."""
    _record("segment.deleted", segment, by, before=_audited(segment))
    segment.delete()


def _named(name: str) -> str:
    if found := visible_name(name)[:MAX_SEGMENT_NAME]:
        return found
    raise CannotKeep("Give the segment a name.")


def _taken(name: str) -> CannotKeep:
    return CannotKeep(f"There is a segment called “{name}” already. Choose another name, or edit that one.")


def _audited(segment: Segment) -> dict[str, str]:
    """Without what it asks for, which may be anybody's name."""
    return {"name": segment.name}


def _record(verb: str, segment: Segment, by: User, **what: dict[str, str]) -> None:
    audit.record(actor=by, customer=segment.customer, verb=verb, subject=segment, **what)
