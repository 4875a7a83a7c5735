"""The days of a conversation, as people call them, each with what was said and done on it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.utils import timezone

from messaging.inbox.models import Message
from messaging.inbox.threads.person import Entry


@dataclass(frozen=True)
class Day:
    title: str
    entries: list[Entry]

    @property
    def messages(self) -> list[Message]:
        return [entry.message for entry in self.entries if entry.message]


def by_day(entries: Iterable[Entry]) -> Iterable[Day]:
    today = timezone.localdate()
    for day, group in groupby(entries, key=lambda entry: timezone.localdate(entry.at)):
        yield Day(_titled(day, today), list(group))


def _titled(day: date, today: date) -> str:
    ago = (today - day).days
    if ago in {0, 1}:
        return "Yesterday" if ago else "Today"
    return f"{day:%A} {day.day} {day:%B}" + ("" if day.year == today.year else f" {day.year}")
