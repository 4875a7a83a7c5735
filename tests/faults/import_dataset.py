"""A list of members as two programs have to agree on it: who is there before, and what a file makes of them.

Of every forty rows some are new and some are changed; the others are as before. It asks no database, so that
the dashboard's Python and the sandbox's can both make it.
"""

from collections.abc import Iterator
from dataclasses import dataclass

PATTERN_LENGTH = 40  # rows
FIRST_NUMBER = 1_230_100  # at the sandbox, numbers that end in 0000 are unlucky


@dataclass(frozen=True)
class Member:
    phone: str  # E.164
    first_name: str
    last_name: str


@dataclass(frozen=True)
class ImportDataset:
    rows: int
    new: int  # of every ROUND
    changed: int  # of every ROUND

    @property
    def calls(self) -> int:
        return len(self.wanted())

    def kind(self, number: int) -> str:
        place = number % PATTERN_LENGTH
        return "new" if place < self.new else "changed" if place < self.new + self.changed else "unchanged"

    def before(self) -> Iterator[Member]:
        """As an earlier import has left them, here and at the platform."""
        for number in range(self.rows):
            if (kind := self.kind(number)) != "new":
                yield _member(number, last_name="Entinen" if kind == "changed" else "Sukunimi")

    def after(self) -> Iterator[Member]:
        """As the file has them."""
        return (_member(number, last_name="Sukunimi") for number in range(self.rows))

    def kinds(self) -> dict[str, int]:
        """How many rows of each."""
        found = [self.kind(number) for number in range(self.rows)]
        return {kind: found.count(kind) for kind in ("new", "changed", "unchanged")}

    def wanted(self) -> dict[str, str]:
        """The operation that each new or changed number costs, once."""
        operations = {"new": "CreateGroupContact", "changed": "UpdateGroupContact"}
        kinds = ((number, self.kind(number)) for number in range(self.rows))
        return {_phone(number): operations[kind] for number, kind in kinds if kind in operations}

    def as_csv(self) -> bytes:
        lines = (f"0{each.phone[4:]};{each.first_name};{each.last_name}" for each in self.after())
        return "\r\n".join(["Puhelin;Etunimi;Sukunimi", *lines]).encode("cp1252")


def _member(number: int, *, last_name: str) -> Member:
    return Member(_phone(number), f"Nimi{number // 2}", f"{last_name}{number}")


def _phone(number: int) -> str:
    return f"+35840{FIRST_NUMBER + number}"
