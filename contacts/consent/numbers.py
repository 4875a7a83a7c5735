"""Numbers that staff type or paste to opt them out: judged as everywhere, in the customer's countries."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from accounts.models import Customer
from contacts.consent import opt_outs
from contacts.models.erased_numbers import erased_among
from contacts.text.phones import InvalidPhone, UnclearPhone, read_number, region_of
from contacts.text.several_numbers import apart
from gateway.models import Service

MAX_SHOWN_LENGTH = 60  # characters of a cell that are shown again
ERASED = "This person was erased at their own wish. Nobody can message the number."


@dataclass(frozen=True)
class RefusedNumber:
    """A row of a list that is not taken, what it holds and why."""

    row: int
    text: str
    reason: str


@dataclass
class Judged:
    """What a list of numbers comes to. `ways`: regions of which those that are unclear may be."""

    new: list[str] = field(default_factory=list)
    known: list[str] = field(default_factory=list)
    unclear: list[RefusedNumber] = field(default_factory=list)
    refused: list[RefusedNumber] = field(default_factory=list)
    repeated: int = 0
    ways: list[str] = field(default_factory=list)

    @property
    def rows(self) -> int:
        read = len(self.new) + len(self.known) + self.repeated
        return read + len(self.unclear) + len(self.refused)


def regions_of(customer: Customer | None) -> list[str]:
    """Where its numbers without a country code are: where those of its groups are."""
    groups = Service.objects.groups().filter(customer=customer).order_by("pk")
    chosen = [region for regions in groups.values_list("regions", flat=True) for region in regions]
    return list(dict.fromkeys(chosen or Service().regions))


def judge(customer: Customer, cells: Iterable[tuple[int, str]], *, way: str = "") -> Judged:
    """Read the cells of a list, each with its row number. `way`: the region of those that are unclear."""
    regions, judged = regions_of(customer), Judged()
    read: dict[str, RefusedNumber] = {}
    for row, text in _apart(cells, regions):
        cell = RefusedNumber(row, " ".join(text.split())[:MAX_SHOWN_LENGTH], ERASED)
        try:
            phone = _read(text, regions, way)
        except UnclearPhone as error:
            judged.unclear.append(replace(cell, reason=error.reason))
            places = dict.fromkeys(region_of(each.phone) for each in error.candidates)
            judged.ways += [region for region in places if region not in judged.ways]
        except InvalidPhone as error:
            judged.refused.append(replace(cell, reason=error.reason))
        else:
            judged.repeated += phone in read
            read.setdefault(phone, cell)
    _tell_apart(customer, read, judged)
    return judged


def _apart(cells: Iterable[tuple[int, str]], regions: Sequence[str]) -> Iterator[tuple[int, str]]:
    """A cell with several numbers is a No of each."""
    for row, text in cells:
        for number in apart(text, regions):
            yield row, number


def _read(text: str, regions: Sequence[str], way: str) -> str:
    try:
        return read_number(text, regions).phone
    except UnclearPhone as unclear:
        decided = unclear.decided(way) if way else None
        if decided is None:
            raise
        return decided.phone


def _tell_apart(customer: Customer, read: dict[str, RefusedNumber], judged: Judged) -> None:
    """Who is new, who is opted out already, and who was erased."""
    stopped, erased = opt_outs.stopped_among(customer, read), erased_among(customer, read)
    judged.refused = sorted(
        [*judged.refused, *(read[phone] for phone in erased)], key=lambda refused: refused.row
    )
    for phone in read:
        if phone in stopped:
            judged.known.append(phone)
        elif phone not in erased:
            judged.new.append(phone)
