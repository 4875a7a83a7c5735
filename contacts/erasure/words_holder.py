"""Texts about other things, in which people may have named the person: they stay, without what names them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, TypeVar

from django.db.models import Model, QuerySet, TextField
from django.db.models.functions import Cast

from contacts.erasure.registry import DataSubject, ErasureOrder, HeldRow, Holder

Row = TypeVar("Row", bound=Model)


def may_name(person: DataSubject, rows: QuerySet[Row], *columns: str) -> QuerySet[Row]:
    """The rows in whose columns, of text or JSON, the database finds what may name the person."""
    as_text = {f"{name}_as_text": Cast(name, TextField()) for name in columns}
    return rows.alias(**as_text).filter(person.naming.may_be_in(*as_text))


@dataclass(frozen=True)
class Place(Generic[Row]):
    """Columns of text or JSON. `title`: what people call such a row; `customer`: the way to whose it is.

    `lone`: those columns in which a name of one word is enough, see Naming. `own`: a column with a number,
    by which another holder has the rows that are the person's own. `once`: a column that says nothing twice.
    """

    model: type[Row]
    title: str
    customer: str
    columns: str
    lone: str = ""
    own: str = ""
    once: str = ""

    def naming(self, person: DataSubject) -> Iterator[tuple[Row, dict[str, Any]]]:
        """Rows that name the person, with what the columns that do are to say instead."""
        names = self.columns.split()
        found = self.model._default_manager.filter(**{self.customer: person.customer})
        if self.own:
            found = found.exclude(**{f"{self.own}__in": person.phones})
        for row in list(may_name(person, found, *names)):
            said = {name: getattr(row, name) for name in names}
            left = {name: self._without(person, name, value) for name, value in said.items()}
            if changed := {name: value for name, value in left.items() if value != said[name]}:
                yield row, changed

    def rename(self, person: DataSubject, row: Model, changed: dict[str, Any]) -> None:
        """What is left of two names may be the same."""
        others = self.model._default_manager.filter(**{self.customer: person.customer}).exclude(pk=row.pk)
        if self.once in changed and others.filter(**{self.once: changed[self.once]}).exists():
            number = f" {row.pk}"
            longest = getattr(self.model._meta.get_field(self.once), "max_length", 0)
            changed[self.once] = f"{changed[self.once][: longest - len(number)]}{number}"
        self.model._default_manager.filter(pk=row.pk).update(**changed)

    def _without(self, person: DataSubject, name: str, value: Any) -> Any:
        left = person.naming.without(value, lone=name in self.lone.split())
        longest = getattr(self.model._meta.get_field(name), "max_length", None)
        return left[:longest] if isinstance(left, str) else left


class WordsHolder(Holder):
    fate = "They stay, without what names the person"
    places: ClassVar[tuple[Place[Any], ...]] = ()

    def __init_subclass__(cls) -> None:
        cls.covers = {place.model._meta.label: place.columns for place in cls.places}

    def held(self, person: DataSubject) -> list[HeldRow]:
        return [
            {place.title: str(row), "Says": ", ".join(map(str, (getattr(row, name) for name in changed)))}
            for place in self.places
            for row, changed in place.naming(person)
        ]

    def erase(self, person: DataSubject, order: ErasureOrder) -> None:
        for place in self.places:
            for row, changed in place.naming(person):
                place.rename(person, row, changed)


class ToldHolder(WordsHolder):
    """Texts that are somebody else's as well: they are told of, and a person decides."""

    fate = "They stay as they are, as they are not the person’s alone: look at them, and mend them by hand"

    def __init_subclass__(cls) -> None:
        """It empties nothing."""

    def erase(self, person: DataSubject, order: ErasureOrder) -> None:
        """Nothing."""
