"""The registry of what holds personal data: the floors above register their holders, too."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import phonenumbers

from accounts.models import Customer, User
from contacts.models import Erasure
from gateway.models import Connection
from gateway.outbox import QueuedCall
from gateway.registry import Registry

HeldRow = dict[
    str, Any
]  # what is held, by the name that a person reads; every value can be written as JSON, a time, too


_SIGNS = r"([ ()./\-]|%20){0,3}"  # what people write between two digits


@dataclass(frozen=True)
class DataSubject:
    """A number of a customer. `subjects`: how the audit trail and the outbox name what is theirs."""

    customer: Customer
    phone: str
    subjects: list[str] = field(default_factory=list)

    @property
    def digits(self) -> str:
        return self.phone.lstrip("+")

    @property
    def naming(self) -> str:
        """A regular expression for the number in a text or an address, but not in a longer number.

        In whatever spelling: +358 40 123, 0035840-123, 040/123, %2B35840123.
        """
        code = _country_code(self.phone)
        in_full, national = _SIGNS.join(self.digits), _SIGNS.join(self.digits.removeprefix(code))
        return rf"((?<!\d)|(?<=%20)|(?<=%2B))((00{_SIGNS})?{in_full}|0{_SIGNS}{national})(?!\d)"


def _country_code(phone: str) -> str:
    """Empty where it is of no country, and so has no national spelling."""
    try:
        return str(phonenumbers.parse(phone).country_code)
    except phonenumbers.NumberParseException:
        return ""


@dataclass(frozen=True)
class ErasureOrder:
    """An erasure that has been asked for, by whom, and whose calls it costs."""

    erasure: Erasure
    by: User
    connection: Connection | None


class Holder:
    """One kind of thing that is held. `title` names it; `fate` says what erasing does to it."""

    title = ""
    fate = "Deleted"

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
