"""Whether an import looks first who is in its group already: what a person is asked, and what it costs."""

from dataclasses import dataclass

from contacts.models import Import
from contacts.models.import_rows import RowKind

YES_OR_NO = {"yes": True, "no": False}  # whether others have put people into the group


@dataclass(frozen=True)
class LookChoice:
    """`is_first`: where a person says nothing; `calls_first`: how many calls at most, looks and all."""

    is_first: bool
    calls_first: int


def look_choice(job: Import) -> LookChoice | None:
    """None where there is nothing to choose: nobody is new, or SmartDialog writes over nobody."""
    new = job.counts.get(RowKind.NEW, 0)
    if not new or job.group.keeps_who_is_there:
        return None
    return LookChoice(is_first=job.group.looks_first, calls_first=job.calls + new)
