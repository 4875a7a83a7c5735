"""What there is to be written about, and to whom: it says where, and nothing of what was said or by whom."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import groupby

from django.urls import reverse

from accounts.models import Customer
from accounts.wording.quantities import counted
from gateway import clock
from messaging.inbox.models import MailedNotice, Mention, NotificationSettings, Thread
from messaging.inbox.notifications import mail_addresses

YOUNG = timedelta(days=1)  # what is older is no news to anybody who has just switched this on


@dataclass(frozen=True)
class Notice:
    """`about`: a key under which it is told once."""

    about: str
    words: str
    path: str


@dataclass(frozen=True)
class Letter:
    """One mail; its `notices` are told together."""

    to: NotificationSettings
    subject: str
    notices: list[Notice]


def letters() -> Iterator[Letter]:
    """Five queries at most for each person who wishes for mail."""
    people = NotificationSettings.objects.of_people_at_work().select_related("user")
    for each in people.unconfirmed(since=clock.now() - YOUNG):
        yield from _untold(each, [_confirmation(each)])
    for each in people.wanting_mail():
        yield from _untold(each, [*_mentions(each), *_waits(each)])


def _untold(to: NotificationSettings, letters: Iterable[Letter]) -> Iterator[Letter]:
    told = set(MailedNotice.objects.filter(user=to.user).values_list("about", flat=True))
    for letter in letters:
        if new := [notice for notice in letter.notices if notice.about not in told]:
            yield replace(letter, notices=new)


def _confirmation(to: NotificationSettings) -> Letter:
    words = "Somebody gave this address for notifications of SmartDialog Admin. If it was you, confirm it:"
    notice = Notice(f"address:{_stamp(to.asked_at)}", words, mail_addresses.confirming_path(to))
    return Letter(to, "Confirm your address", [notice])


def _mentions(to: NotificationSettings) -> Iterator[Letter]:
    if not to.mail_mentions:
        return
    mentions = Mention.objects.visible_to(to.user).filter(user=to.user, seen_at=None)
    young = mentions.filter(note__at__gt=clock.now() - YOUNG).order_by("pk")
    for mention in young.select_related("note__author", "note__thread__customer"):
        thread = mention.note.thread
        words = f"{mention.note.author or 'A colleague'} mentioned you in a note."
        notice = Notice(f"mention:{mention.pk}", words, reverse("inbox:thread", args=[thread.pk]))
        yield Letter(to, f"You were mentioned · {thread.customer}", [notice])


def _waits(to: NotificationSettings) -> Iterator[Letter]:
    """A mail for each customer, of those who have newly waited so long, or so long since they came back."""
    if not to.mail_waits:
        return
    long_ago = clock.now() - timedelta(minutes=to.wait_minutes)
    newly = (long_ago - YOUNG + timedelta.resolution, long_ago)
    waiting = Thread.objects.visible_to(to.user).waiting()
    own = waiting.assigned_to(to.user.pk) | waiting.unassigned()
    for long in (
        own.filter(unanswered_since__range=newly, snoozed_until=None).order_by(
            "customer", "unanswered_since"
        ),
        own.filter(snoozed_until__range=newly).order_by("customer", "snoozed_until"),
    ):
        for customer, threads in groupby(long.select_related("customer"), key=lambda thread: thread.customer):
            yield Letter(to, f"Somebody is waiting · {customer}", list(_each(threads, customer, to)))


def _each(threads: Iterable[Thread], customer: Customer, to: NotificationSettings) -> Iterator[Notice]:
    words = f"Somebody has waited for more than {counted(to.wait_minutes, 'minute')}."
    for thread in threads:
        about = f"wait:{thread.pk}:{_stamp(thread.snoozed_until or thread.unanswered_since)}"
        yield Notice(about, words, reverse("inbox:thread", args=[thread.pk]))


def _stamp(at: datetime | None) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%S.%f}" if at else ""
