"""Whom an action is for: the people ticked on a page, or everybody whom a list shows."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.http import QueryDict

from accounts.web.params import int_param
from contacts.listing import STATES, TableQuery
from contacts.models import Contact
from contacts.models.contact import ContactQuerySet
from gateway.models import Service

MAX_TICKED = 500


@dataclass(frozen=True)
class Selection:
    """`ids` None: everybody of the group whom `listing` shows. Ids of other groups are as if not there."""

    group: Service
    listing: TableQuery
    ids: tuple[int, ...] | None = None

    @classmethod
    def from_query(cls, group: Service, query: Mapping[str, str]) -> "Selection":
        return cls(group, TableQuery.from_query(query))

    @classmethod
    def from_post(cls, group: Service, form: QueryDict) -> "Selection":
        """`contact`: each ticked one; or `matching`, and the query string of the list as `filter`.

        A filter that is not as we write it is nobody: read loosely, it might be everybody.
        """
        if form.get("matching"):
            listing = TableQuery.from_querystring(form.get("filter", ""))
            return cls(group, listing, None if listing.query() == form.get("filter") else ())
        return cls(group, TableQuery(), tuple(_numbers(form.getlist("contact")[:MAX_TICKED])))

    @property
    def is_matching(self) -> bool:
        return self.ids is None

    @property
    def is_whole_group(self) -> bool:
        return self.is_matching and self.listing.is_unfiltered

    @property
    def covers_group(self) -> bool:
        """Whether everybody of the group is ticked; two queries."""
        return self.ids is not None and self.contacts().count() == self._everybody().count()

    @property
    def filter(self) -> str:
        """The query string of the list, without its question mark."""
        return self.listing.query()

    def contacts(self) -> ContactQuerySet:
        if self.ids is None:
            return self.listing.contacts(self.group)
        return self._everybody().filter(pk__in=self.ids)

    def _everybody(self) -> ContactQuerySet:
        return Contact.objects.present().filter(group=self.group)

    @property
    def person(self) -> Contact | None:
        """Who is ticked alone."""
        return self.contacts().first() if self.ids is not None and len(self.ids) == 1 else None

    def in_words(self) -> str:
        """ "Everybody", "One contact", "Selected contacts", "“Oulu”, Opted out, Level is Gold"."""
        return self._worded(
            f"“{self.listing.text}”",
            f"{self.listing.having} is {self.listing.value or 'empty'}",
            self.listing.where,
        )

    def kept_words(self) -> str:
        """The same without what was searched for, which may be anybody's name: it stays in the trail."""
        return self._worded("A search", "One value of a property", "A condition")

    def _worded(self, search: str, having: str, where: str) -> str:
        if self.ids is not None:
            return "One contact" if len(self.ids) == 1 else "Selected contacts"
        return ", ".join(_parts(self.listing, search, having, where)) or STATES[""]


def _parts(listing: TableQuery, search: str, having: str, where: str) -> Iterable[str]:
    if listing.text:
        yield search
    if listing.state:
        yield STATES[listing.state]
    if listing.having:
        yield having
    if listing.importer:
        yield "Imported by one person"
    if listing.job:
        yield "From one import"
    if listing.since:
        yield f"Changed since {listing.since:%d %B %Y}"
    if listing.where:
        yield where


def _numbers(texts: Iterable[str]) -> Iterable[int]:
    return filter(None, map(int_param, texts))
