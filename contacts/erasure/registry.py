"""The registry of what holds personal data: the floors above register their holders, too."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, ClassVar

from django.db.models import Model

from accounts.models import Customer, User, keys_named
from accounts.registry import Registry
from contacts.erasure.naming import Naming
from contacts.fields import Values
from contacts.models import Erasure
from gateway.models import Connection
from gateway.outbox import QueuedCall

# What is held, by the name that a person reads; every value can be written as JSON, a time, too.
HeldRow = dict[str, Any]


@dataclass(frozen=True)
class DataSubject:
    """A number of a customer, and by what else the person is known there.

    `subjects`: how the audit trail and the outbox name what is theirs. The rest: see Naming.
    """

    customer: Customer
    phone: str
    subjects: list[str] = field(default_factory=list)
    emails: tuple[str, ...] = ()
    names: tuple[tuple[str, str], ...] = ()
    lone_names: tuple[str, ...] = ()

    @cached_property
    def naming(self) -> Naming:
        return Naming(self.phone, self.emails, self.names, self.lone_names)

    @property
    def phones(self) -> list[str]:
        """Every number (E.164) that means this phone."""
        return self.naming.phones

    def keys(self, model: type[Model]) -> list[int]:
        """Of the rows of the model that the subjects name, gone ones too."""
        return list(keys_named(model, self.subjects).values())


@dataclass(frozen=True)
class ErasureOrder:
    """An erasure that has been asked for, by whom, and whose calls it costs."""

    erasure: Erasure
    by: User
    connection: Connection | None


class Holder:
    """One kind of thing that is held. `title` names it; `fate` says what erasing does to it.

    `covers`: the columns that it empties, by model: {"contacts.Contact": "phone email"}. A column of text
    that no holder covers, and tests/erasure/free_of_people.py does not name, fails the tests.
    """

    title = ""
    fate = "Deleted"
    covers: ClassVar[dict[str, str]] = {}
    comes_last = False  # it looks at what the others have left

    def hold(self, customers: Sequence[Customer]) -> None:
        """Wait for whoever writes down people of files, and let nobody until the erasure is committed."""

    def known(self, person: DataSubject) -> Iterable[Values]:
        """Names and emails that it has of the person, by target."""
        return []

    def subjects(self, person: DataSubject) -> Iterable[str]:
        """What of it the audit trail or the outbox may name."""
        return []

    def held(self, person: DataSubject) -> list[HeldRow]:
        raise NotImplementedError

    def erase(self, person: DataSubject, order: ErasureOrder) -> None:
        """Once, in the transaction of the whole erasure."""
        raise NotImplementedError

    def tidy(self, person: DataSubject) -> int:
        """Erase what a call in flight needed then; how much is left that a call still needs."""
        return 0


class CallHolder(Holder):
    """Calls that name the person: emptied of what they say, each as soon as it is not being made."""

    def calls(self, person: DataSubject) -> Iterable[QueuedCall]:
        raise NotImplementedError

    def held(self, person: DataSubject) -> list[HeldRow]:
        return [
            {"Call": call.kind, "State": call.state_label, "Made": call.created_at}
            for call in self.calls(person)
        ]

    def erase(self, person: DataSubject, order: ErasureOrder) -> None:
        self.tidy(person)


HOLDERS = Registry[Holder]("holder of")
holds = HOLDERS.register  # @holds("contacts.lookups"); shown and erased in the order in which they came


def holders() -> list[Holder]:
    return sorted(HOLDERS, key=lambda holder: holder.comes_last)
