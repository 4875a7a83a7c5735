"""The whole record of consent of a number, as its page and a contact's sheet tell it."""

from collections.abc import Iterator

from django.db.models import QuerySet, prefetch_related_objects

from accounts.db.kept_queries import kept
from accounts.models import Customer
from accounts.trail.timeline import TimelineEntry
from contacts.consent import too_late
from contacts.models import ConsentSource, Suppression
from contacts.text.phones import spellings


def of_number(customer: Customer, phone: str) -> list[Suppression]:
    """Every opt-out, in force or not, the newest first; in whatever spelling. One query, and two for whose
    word it is: of most numbers there is none.
    """
    found = _said_of(customer, tuple(spellings(phone)))
    prefetch_related_objects(found, "by", "lifted_by")
    return found


@kept
def _said_of(customer: Customer, phones: tuple[str, ...]) -> QuerySet[Suppression]:
    said = Suppression.objects.as_said().filter(customer=customer, phone__in=phones)
    return said.order_by("-since", "-pk")


def stopping(record: list[Suppression]) -> Suppression | None:
    """What keeps the number from messages now, the latest of it."""
    return next((each for each in record if each.lifted_at is None), None)


def entries(record: list[Suppression]) -> list[TimelineEntry]:
    """Each opt-out, with what it came too late for, and each removal of one, the newest first."""
    steps = [step for each in record for step in _steps(each)]
    in_force = [each for each in record if each.lifted_at is None]
    if in_force:
        steps += too_late.entries(min(in_force, key=lambda each: each.since))
    return sorted(steps, key=lambda step: (step.at is not None, step.at), reverse=True)


def _steps(opt_out: Suppression) -> Iterator[TimelineEntry]:
    by_staff = opt_out.source == ConsentSource.STAFF
    yield TimelineEntry(
        "Opted out",
        opt_out.since,
        who=str(opt_out.by or "Staff") if by_staff else str(opt_out.get_source_display()),
        tone="warning",
        note=opt_out.words if by_staff else opt_out.reason,
    )
    if opt_out.lifted_at:
        yield _removal(opt_out)


def _removal(opt_out: Suppression) -> TimelineEntry:
    by_staff, dated = opt_out.lift_source == ConsentSource.STAFF, opt_out.lift_dated
    why = opt_out.lift_words if by_staff else opt_out.lift_reason
    return TimelineEntry(
        "Opt-out removed",
        opt_out.lifted_at,
        who=str(opt_out.lifted_by or "Staff") if by_staff else str(opt_out.get_lift_source_display()),
        tone="positive",
        note=f"{why} ({dated.day} {dated:%b %Y})" if dated else why,
    )
