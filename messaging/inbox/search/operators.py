"""Filters written among the words of the one box, as in `kiitos label:VIP`, and back again."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from accounts.web.params import date_param
from contacts.text.full_text_search import case_folded
from messaging.inbox.models.thread import CHANNELS
from messaging.inbox.team.desk import Desk
from messaging.inbox.threads.thread_list import MAX_PERSON, ThreadQuery

OPERATOR = re.compile(r'(?<!\S)(from|team|label|service|channel|after|before):("[^"]*"|\S+)', re.IGNORECASE)
FIELDS = {
    "from": "person",
    "team": "team",
    "label": "label",
    "service": "service",
    "channel": "channel",
    "after": "from_day",
    "before": "to_day",
}
_DAY = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")


@dataclass(frozen=True)
class FilterChoices:
    """What a customer's labels, services and teams are called."""

    labels: dict[int, str]
    services: dict[int, str]
    teams: dict[int, str]

    def __hash__(self) -> int:
        return hash((*self.labels.items(), None, *self.services.items(), None, *self.teams.items()))

    @classmethod
    def of(cls, desk: Desk) -> "FilterChoices":
        called = ({each.pk: each.name for each in some} for some in (desk.labels, desk.two_way, desk.teams))
        return cls(*called)


def read(listing: ThreadQuery, choices: FilterChoices) -> ThreadQuery:
    """With the operators of its text as filters. What names nothing that is known stays among the words.

    Filters alone list threads: done ones too, as a search does.
    """
    found: dict[str, Any] = {}

    def take(match: re.Match[str]) -> str:
        name, value = match[1].lower(), match[2].strip('"').strip()
        meant = _readers(choices)[name](value) if value else None
        if not meant:
            return match[0]
        found[FIELDS[name]] = meant
        return " "

    text = " ".join(OPERATOR.sub(take, listing.text).split())
    if not found:
        return listing
    return replace(listing, text=text, show=listing.show or ("" if text else "all"), **found)


def written(listing: ThreadQuery, choices: FilterChoices) -> str:
    """As it would be typed."""
    values = {
        "from": listing.person,
        "team": choices.teams.get(listing.team, ""),
        "label": choices.labels.get(listing.label, ""),
        "service": choices.services.get(listing.service, ""),
        "channel": CHANNELS.get(listing.channel, ""),
        "after": listing.from_day and listing.from_day.isoformat(),
        "before": listing.to_day and listing.to_day.isoformat(),
    }
    operators = [f"{name}:{_quoted(value)}" for name, value in values.items() if value]
    return " ".join(filter(None, [listing.text, *operators]))


def left_over(text: str) -> list[str]:
    """Operators that named nothing."""
    return [match[0] for match in OPERATOR.finditer(text)]


def _readers(choices: FilterChoices) -> dict[str, Callable[[str], Any]]:
    return {
        "from": lambda value: value[:MAX_PERSON],
        "team": lambda value: _named(value, choices.teams.items()),
        "label": lambda value: _named(value, choices.labels.items()),
        "service": lambda value: _named(value, choices.services.items()),
        "channel": lambda value: _named(value, CHANNELS.items()),
        "after": _day,
        "before": _day,
    }


def _named(name: str, known: Iterable[tuple[Any, str]]) -> Any:
    """What is called so, or else the only one whose name begins so."""
    asked, names = case_folded(name), [(key, case_folded(each.replace('"', ""))) for key, each in known]
    exact = [key for key, each in names if each == asked]
    begun = [key for key, each in names if each.startswith(asked)]
    return exact[0] if exact else begun[0] if len(begun) == 1 else None


def _day(text: str) -> date | None:
    if match := _DAY.fullmatch(text):
        day, month, year = match.groups()
        text = f"{year}-{month:0>2}-{day:0>2}"
    days = {"today": 0, "yesterday": 1}
    if text.lower() in days:
        return timezone.localdate() - timedelta(days=days[text.lower()])
    return date_param(text) if len(text) == len("2026-11-01") else None


def _quoted(value: str) -> str:
    bare = value.replace('"', "")
    return f'"{bare}"' if any(map(str.isspace, bare)) else bare
