"""The table of a group: what is asked for in the URL, and keyset pages of it in any order."""

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q, QuerySet

from contacts.models import Contact, SyncState
from contacts.models.contact import ContactQuerySet
from gateway.models import Service

PAGE = 100

# The orders a person may choose: the words, and the field that a page goes on by (then the key).
SORTS = {"newest": ("Newest first", "-pk"), "name": ("By name", "name_key"), "phone": ("By number", "phone")}
STATES = {
    "": "Everybody",
    "active": "Active",
    "opted_out": "Opted out",
    "waiting": "On their way",
    "failed": "Failed",
}


@dataclass(frozen=True)
class Listing:
    """Only known names and bounded text: anything else in the URL is as if it were not there."""

    text: str = ""
    sort: str = "newest"
    state: str = ""

    @classmethod
    def asked(cls, query: Mapping[str, str]) -> "Listing":
        sort, state = query.get("sort", ""), query.get("state", "")
        return cls(
            text=query.get("q", "").replace("\0", "").strip()[:100],
            sort=sort if sort in SORTS else "newest",
            state=state if state in STATES else "",
        )

    def contacts(self, group: Service) -> ContactQuerySet:
        rows = Contact.objects.present().filter(group=group).matching(self.text)
        if self.state in (SyncState.WAITING, SyncState.FAILED):
            return rows.filter(sync_state=self.state)
        if self.state:
            return rows.filter(active=self.state == "active")
        return rows

    def url(self, **changes: str) -> str:
        """The query string of this list, with other choices."""
        changed = replace(self, **changes)
        asked = {"q": changed.text, "sort": changed.sort, "state": changed.state}
        return "?" + urlencode({name: value for name, value in asked.items() if value and value != "newest"})


@dataclass(frozen=True)
class Page:
    """`next` and `previous` are values for `?after=` and `?before=`, empty at the ends."""

    rows: list[Contact]
    next: str
    previous: str


def page(listing: Listing, group: Service, query: Mapping[str, str]) -> Page:
    """One query, as fast on the last page as on the first. A broken cursor is the first page."""
    field = SORTS[listing.sort][1]
    backwards = "before" in query
    cursor = _decoded(query.get("before" if backwards else "after", ""), field)
    rows = _ordered(listing.contacts(group), field, backwards)
    if cursor:
        rows = rows.filter(_beyond(field, cursor, backwards))
    found = list(rows[: PAGE + 1])
    more, shown = len(found) > PAGE, found[:PAGE]
    if backwards:
        shown.reverse()
    has_next, has_previous = (bool(cursor), more) if backwards else (more, bool(cursor))
    return Page(
        rows=shown,
        next=_encoded(shown[-1], field) if shown and has_next else "",
        previous=_encoded(shown[0], field) if shown and has_previous else "",
    )


def counts(group: Service) -> dict[str, int]:
    """How many contacts each filter of a group shows; one query."""
    return _named(Contact.objects.present().filter(group=group).aggregate(**_counted()))


def deleting(group: Service) -> int:
    """How many are gone from the table and yet to go from SmartDialog."""
    return Contact.objects.filter(group=group, sync_state=SyncState.DELETING).count()


def counts_by_group(groups: QuerySet[Service]) -> dict[int, dict[str, int]]:
    """The same for several groups; one query. A group without contacts is not in it."""
    rows = (
        Contact.objects.present().filter(group__in=groups).order_by().values("group").annotate(**_counted())
    )
    return {row["group"]: _named(row) for row in rows}


def _counted() -> dict[str, Count]:
    """With a suffix, since a field of the contact is called active, too."""
    return {
        "all_count": Count("pk"),
        "active_count": Count("pk", filter=Q(active=True)),
        "opted_out_count": Count("pk", filter=Q(active=False)),
        "waiting_count": Count("pk", filter=Q(sync_state=SyncState.WAITING)),
        "failed_count": Count("pk", filter=Q(sync_state=SyncState.FAILED)),
    }


def _named(row: dict[str, int]) -> dict[str, int]:
    return {name.removesuffix("_count"): count for name, count in row.items()}


def _ordered(rows: ContactQuerySet, field: str, backwards: bool) -> ContactQuerySet:
    if field == "-pk":
        return rows.order_by("pk" if backwards else "-pk")
    return rows.order_by(f"-{field}", "-pk") if backwards else rows.order_by(field, "pk")


def _beyond(field: str, cursor: list[Any], backwards: bool) -> Q:
    value, pk = cursor
    if field == "-pk":
        return Q(pk__gt=pk) if backwards else Q(pk__lt=pk)
    side = "lt" if backwards else "gt"
    return Q(**{f"{field}__{side}": value}) | Q(**{field: value, f"pk__{side}": pk})


def _encoded(contact: Contact, field: str) -> str:
    value = "" if field == "-pk" else getattr(contact, field)
    return base64.urlsafe_b64encode(json.dumps([value, contact.pk]).encode()).decode()


def _decoded(text: str, field: str) -> list[Any] | None:
    try:
        cursor = json.loads(base64.urlsafe_b64decode(text[:2000]))
    except (binascii.Error, ValueError, RecursionError):
        return None
    match cursor:
        case [str() as value, int() as pk] if 0 < pk < 2**63 and "\0" not in value and value.isprintable():
            return [value, pk]
    return None
