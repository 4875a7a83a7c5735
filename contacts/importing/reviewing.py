"""A checked import as a person looks through it, and a saved one on its way to SmartDialog."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from contacts.importing.columns import label
from contacts.importing.comparing import Kind
from contacts.models import Import, ImportRow
from gateway import outbox

PAGE = 50
WARNINGS = "warnings"

# What a person calls each kind, how it should feel, and what becomes of its rows.
KINDS = {
    Kind.NEW: ("New", "positive", "These people are added to the group."),
    Kind.CHANGED: ("Changed", "info", "These people are in the group already; what differs is changed."),
    Kind.UNCHANGED: (
        "Unchanged",
        "",
        "These people are in the group as they are in the file. Nothing is done.",
    ),
    Kind.DUPLICATE: (
        "Duplicates",
        "warning",
        "An earlier row of the file has the same number. These rows are left out.",
    ),
    Kind.INVALID: (
        "Invalid",
        "negative",
        "No message could reach these. They are left out; download them to mend them.",
    ),
    Kind.OPTED_OUT: (
        "Opted out",
        "warning",
        "These people asked for no messages. A file does not change that, so they are left as they are.",
    ),
    WARNINGS: ("Cells left out", "warning", "These rows are taken, without the marked cells."),
}


@dataclass(frozen=True)
class Chip:
    kind: str
    label: str
    tone: str
    count: int
    current: bool


@dataclass(frozen=True)
class Cell:
    text: str | int
    reason: str = ""


@dataclass(frozen=True)
class Line:
    """A row of the file as the page shows it: its cells, or what changes."""

    number: int
    phone: str
    name: str
    cells: list[Cell]
    changes: list[tuple[str, Any, Any]]  # label, old, new


@dataclass(frozen=True)
class Lines:
    words: str
    headings: list[str]
    lines: list[Line]
    shows_changes: bool
    next: int | None


def chosen_kind(asked: str, job: Import) -> str:
    """The kind asked for, else the first that there is."""
    if asked in KINDS:
        return asked
    return next((kind for kind in KINDS if job.counts.get(kind)), Kind.NEW)


def chips(job: Import, chosen: str) -> list[Chip]:
    counts = {**job.counts, WARNINGS: job.warnings}
    return [
        Chip(kind, words, tone, counts.get(kind, 0), kind == chosen)
        for kind, (words, tone, _) in KINDS.items()
    ]


def page(job: Import, kind: str, *, after: str) -> Lines:
    """Rows of a kind from below the row number `after`; one query."""
    rows = ImportRow.objects.filter(job=job)
    rows = rows.with_warnings() if kind == WARNINGS else rows.filter(kind=kind)
    if after.isascii() and after.isdigit() and len(after) < 10:
        rows = rows.filter(line__gt=int(after))
    found = list(rows.order_by("line")[: PAGE + 1])
    taken = [column for column, target in enumerate(job.mapping) if target]
    return Lines(
        words=KINDS[kind][2],
        headings=[label(job.mapping[column]) for column in taken],
        lines=[_line(row, job, taken) for row in found[:PAGE]],
        shows_changes=kind == Kind.CHANGED,
        next=found[PAGE - 1].line if len(found) > PAGE else None,
    )


def _line(row: ImportRow, job: Import, columns: list[int]) -> Line:
    reasons = {problem["column"]: problem["reason"] for problem in row.problems}
    values = row.values
    return Line(
        number=row.line,
        phone=str(values.get("phone", "")),
        name=f"{values.get('first_name', '')} {values.get('last_name', '')}".strip(),
        cells=[_cell(row, job.mapping[column], column, reasons) for column in columns],
        changes=[(label(target), old, new) for target, (old, new) in row.changes.items()],
    )


def _cell(row: ImportRow, target: str, column: int, reasons: dict[int, str]) -> Cell:
    """What the file says where something is wrong, and what we make of it elsewhere."""
    if column in reasons:
        return Cell(row.raw[column] if column < len(row.raw) else "", reasons[column])
    raw = row.raw[column] if column < len(row.raw) else ""
    return Cell(row.values.get(target, raw if row.kind == Kind.INVALID else ""))


@dataclass(frozen=True)
class Progress:
    """How far a confirmed import is: saved here, then taken by SmartDialog."""

    saved: int
    to_save: int
    sent: int
    to_send: int
    failed: int
    waiting: int
    done_at: datetime | None


def progress_of(job: Import) -> Progress:
    calls = outbox.progress(job.batch)
    underway = calls.waiting and job.connection is not None and job.connection.is_active
    return Progress(
        saved=job.saved,
        to_save=job.saved if job.saved_at else max(job.calls, job.saved),
        sent=calls.settled - calls.cancelled,
        to_send=calls.total if job.saved_at else max(calls.total, job.calls),
        failed=calls.failed + calls.unknown,
        waiting=calls.waiting,
        done_at=outbox.eta(job.connection, calls=0) if underway and job.connection else None,
    )
