"""Counts in sentences."""

from accounts.wording.quantities import clock_time, counted, duration
from contacts.importing.files.text_files import ENCODINGS
from contacts.importing.import_preview import PAGE, PreviewPage
from contacts.importing.import_progress import JobProgress
from contacts.models import Import, ImportRow
from contacts.models.import_rows import RowKind
from contacts.text.full_text_search import parse_search
from gateway import clock


def to_save(job: Import) -> str:
    """ "812 new and 97 changed", without what there is none of."""
    parts = [(job.counts.get(RowKind.NEW, 0), "new"), (job.counts.get(RowKind.CHANGED, 0), "changed")]
    return " and ".join(f"{count:,} {word}" for count, word in parts if count)


def done(job: Import, progress: JobProgress) -> str:
    ended = f" at {clock_time(job.finished_at)}" if job.finished_at else ""
    return f"{counted(progress.saved, 'contact')} imported{ended}."


def cancelling(job: Import, *, sent: int, waiting: int) -> list[str]:
    """What cancelling leaves where: of how many people SmartDialog has been told, and is yet to be."""
    if not job.confirmed_at:
        return ["Nothing of it has been saved. To import the file after all, you would choose it again."]
    there = counted(sent, "contact is", "contacts are")
    here = counted(waiting, "contact stays", "contacts stay")
    rows = max(job.calls - job.saved, 0) if not job.saved_at else 0
    parts = [
        (sent, f"{there} at SmartDialog."),
        (waiting, f"{here} only here: SmartDialog is not told until you send them."),
        (rows, f"{counted(rows, 'row is', 'rows are')} not saved."),
    ]
    return [words for count, words in parts if count] or ["Every call of it has been made."]


def unsent(count: int) -> str:
    """Empty when SmartDialog has all."""
    if not count:
        return ""
    people = counted(count, "contact of this import is", "contacts of this import are")
    return f"{people} here, and not at SmartDialog"


def met(count: int, undecided: int) -> str:
    """Empty where SmartDialog had nobody."""
    if not count:
        return ""
    people = counted(count, "contact of this import was", "contacts of this import were")
    decided = "" if undecided else ". What the file does not say stays as it was there"
    return f"{people} at SmartDialog before{decided}"


def undecided(count: int) -> str:
    if not count:
        return ""
    some = counted(count, "of them gets", "of them get")
    return (
        f"SmartDialog does not say whether {some} messages. Until you do, they get none, and nothing of "
        "theirs is written over. Say Yes only if you know that they agreed."
    )


def undone(job: Import) -> str:
    """What taking an import back has done so far."""
    words = {
        "deleted": ("was added and is deleted", "were added and are deleted"),
        "given_back": (
            "was at SmartDialog before, has there what it had, and left this list",
            "were at SmartDialog before, have there what they had, and left this list",
        ),
        "restored": ("has its earlier values again", "have their earlier values again"),
        "left_alone": ("was changed since and is left alone", "were changed since and are left alone"),
    }
    parts = [counted(count, *words[fate]) for fate, count in job.undone.items() if count]
    return f"{', '.join(parts)}." if parts else "Nobody had to be changed."


def mended(row: ImportRow) -> str:
    """What a row is, now that it is mended."""
    becomes = {
        RowKind.NEW: "is now new",
        RowKind.CHANGED: "now changes somebody",
        RowKind.UNCHANGED: "changes nothing",
        RowKind.UNCLEAR: "is still unclear",
        RowKind.DUPLICATE: "has the same number as another row",
        RowKind.INVALID: "is still invalid",
        RowKind.OPTED_OUT: "is of somebody who has opted out",
        RowKind.HIDDEN: "is hidden in the sheet",
    }
    still = ", but a cell is still left out" if row.warned else ""
    return f"Row {row.line:,} {becomes[RowKind(row.kind)]}{still}."


def found(text: str, rows: PreviewPage) -> str:
    """How many rows match, as far as one page of them tells."""
    if not text or not rows.are_there:
        return ""
    if not parse_search(text):
        return "A search needs a letter or a digit, so all are shown"
    if rows.next or rows.previous:
        return f"More than {PAGE} rows match"
    return counted(len(rows.lines), "row matches", "rows match") if rows.lines else "Nobody matches"


def rows_left(a_second: int, seconds: int) -> str:
    """ "12,000 rows a second, about 2 minutes left"; empty when nothing is going on."""
    if not a_second:
        return ""
    pace = f"{counted(a_second, 'row')} a second"
    return f"{pace}, {duration(seconds)} left" if seconds else pace


def calls_left(progress: JobProgress) -> str:
    if not progress.is_sending:
        return ""
    if progress.done_at is None:
        return f"{counted(progress.waiting, 'call waits', 'calls wait')}."
    left = round((progress.done_at - clock.now()).total_seconds())
    made = progress.calls_a_minute
    pace = f"{counted(made, 'call')} in the last minute, " if made else ""
    return f"{pace}{duration(left)} left, done {clock_time(progress.done_at)}."


def failed(count: int) -> str:
    return f"SmartDialog did not take {counted(count, 'contact')}"


def encoding_of(job: Import) -> str:
    return ENCODINGS.get(job.encoding, job.encoding)
