"""What a person decides once for all unclear rows of a file alike, instead of row by row."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # rows are read where no model is loaded
    from contacts.models.sniffed_file import SniffedFile


@dataclass(frozen=True, slots=True, kw_only=True)
class Decisions:
    """Each is "" until it is decided.

    `region`: whose numbers those are that can be read in two ways, where one of the ways is that region's.
    `blank_consent`: YES or NO, as if an empty cell of a column that tells who gets messages said so.
    """

    region: str = ""
    blank_consent: str = ""


UNDECIDED = Decisions()


def decisions_of(job: "SniffedFile") -> Decisions:
    return Decisions(region=job.unclear_region, blank_consent=job.blank_consent)
