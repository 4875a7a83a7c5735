"""A checked import as a person looks through it: chips with counts, and the rows of each kind in pages.

A search looks among the rows of a kind.
"""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from accounts.db.paging import SortOrder, keyset
from accounts.web.params import text_param
from contacts.fields import CONSENT_TARGETS, label
from contacts.models import Import, ImportRow
from contacts.models.import_rows import ImportRowQuerySet, RowKind
from contacts.text.phones import NumberType, region_of
from contacts.text.regions import region_names
from contacts.text.values import clean_text

PAGE = 50
BY_LINE = SortOrder(key="line")
WARNINGS = "warnings"
LEFT_ALONE = "left_alone"
MAX_SEARCH_LENGTH = 200
LOOKED_AT = 1000  # unclear rows, for what they may be
NO_SMS = {
    NumberType.LANDLINE: "A land line: it cannot get SMS.",
    NumberType.OTHER: "Not a mobile: it cannot get SMS.",
}

# What a person calls each kind, how it should feel, and what becomes of its rows.
KINDS = {
    RowKind.NEW: ("New", "positive", "These people are added to the group."),
    RowKind.CHANGED: ("Changed", "info", "These people are in the group already; what differs is changed."),
    RowKind.UNCHANGED: (
        "Unchanged",
        "",
        "These people are in the group as they are in the file. Nothing is done.",
    ),
    RowKind.UNCLEAR: (
        "Unclear",
        "warning",
        "These can be read in two ways, so they are skipped until you decide.",
    ),
    RowKind.DUPLICATE: (
        "Duplicates",
        "warning",
        "An earlier row of the file has the same number, so these are skipped.",
    ),
    RowKind.INVALID: (
        "Invalid",
        "negative",
        "These numbers cannot get messages, so they are skipped. Fix them here, or download them.",
    ),
    RowKind.OPTED_OUT: (
        "Opted out",
        "warning",
        "Opted out, undecided or erased, so they are skipped. Once saved, a No holds in every group.",
    ),
    RowKind.HIDDEN: (
        "Hidden",
        "warning",
        "The sheet hides these rows, so they are skipped. Under Columns you can import them, too.",
    ),
    WARNINGS: (
        "Imported with gaps",
        "warning",
        "Imported without the marked cells. Fix them here, or leave them so.",
    ),
    LEFT_ALONE: (
        "Not undone",
        "warning",
        "Somebody changed these people after the import, so they were left as they are.",
    ),
}
# And its rows, in a sentence.
_ROWS = {
    RowKind.NEW: "new rows",
    RowKind.CHANGED: "changed rows",
    RowKind.UNCHANGED: "unchanged rows",
    RowKind.UNCLEAR: "unclear rows",
    RowKind.DUPLICATE: "duplicates",
    RowKind.INVALID: "invalid rows",
    RowKind.OPTED_OUT: "rows of people who opted out",
    RowKind.HIDDEN: "hidden rows",
    WARNINGS: "rows imported with gaps",
    LEFT_ALONE: "rows that were not undone",
}


@dataclass(frozen=True)
class Chip:
    kind: str
    label: str
    tone: str
    count: int
    current: bool


@dataclass(frozen=True)
class PreviewCell:
    column: int
    heading: str
    text: str | int
    reason: str = ""
    choices: list[str] = field(default_factory=list)  # texts that may be put in its place


@dataclass(frozen=True)
class PreviewRow:
    """A row of the file as the page shows it: its cells, or what changes."""

    number: int
    phone: str
    name: str
    cells: list[PreviewCell]
    changes: list[tuple[str, Any, Any]]  # label, old, new
    notes: list[str] = field(default_factory=list)  # what is wrong with the row beside its cells
    is_bad: bool = False


@dataclass(frozen=True)
class PreviewPage:
    """A page of rows; `next` and `previous` are the row numbers that `after` and `before` take.

    `among`: what all rows of the kind are called; `are_there`: whether there are any, whatever is sought.
    """

    words: str
    among: str
    are_there: bool
    headings: list[str]
    lines: list[PreviewRow]
    shows_changes: bool
    next: str
    previous: str


def chosen_kind(asked: str, job: Import) -> str:
    """The kind asked for, else the first that there is."""
    if asked in KINDS:
        return asked
    return next((kind for kind in KINDS if job.counts.get(kind)), RowKind.NEW)


def chosen_text(asked: str) -> str:
    return text_param(asked, most=MAX_SEARCH_LENGTH)


def chips(job: Import, chosen: str) -> list[Chip]:
    counts = _counts(job)
    return [
        Chip(kind, words, tone, counts.get(kind, 0), kind == chosen)
        for kind, (words, tone, _) in KINDS.items()
        if kind != LEFT_ALONE or counts[LEFT_ALONE] or kind == chosen
    ]


def page(job: Import, kind: str, *, text: str = "", after: str = "", before: str = "") -> PreviewPage:
    """Rows of a kind that match `text`, below the row number `after`, or above `before`; two queries."""
    found = keyset(_of_kind(job, kind).matching(text), size=PAGE, before=before, after=after, order=BY_LINE)
    shown = found.rows
    columns = _columns(job)
    firsts = _firsts(job, shown) if kind == RowKind.DUPLICATE else {}
    return PreviewPage(
        words=KINDS[kind][2],
        among=_ROWS[kind],
        are_there=bool(shown or _counts(job).get(kind)),
        headings=[label(job.mapping[column]) for column in columns],
        lines=[_line(row, job, columns, firsts) for row in shown],
        shows_changes=kind == RowKind.CHANGED,
        next=found.next,
        previous=found.previous,
    )


def line_of(row: ImportRow, job: Import) -> PreviewRow:
    """A row by itself, whatever kind it is of."""
    firsts = _firsts(job, [row]) if row.kind == RowKind.DUPLICATE else {}
    return _line(row, job, _columns(job), firsts)


def _columns(job: Import) -> list[int]:
    """Those that are taken for something."""
    return [column for column, target in enumerate(job.mapping) if target]


def _counts(job: Import) -> dict[str, int]:
    return {**job.counts, WARNINGS: job.warnings, LEFT_ALONE: job.undone.get(LEFT_ALONE, 0)}


def _of_kind(job: Import, kind: str) -> ImportRowQuerySet:
    rows = ImportRow.objects.filter(job=job)
    if kind == WARNINGS:
        return rows.with_warnings()
    return rows.filter(left_alone=True) if kind == LEFT_ALONE else rows.filter(kind=kind)


def _firsts(job: Import, rows: list[ImportRow]) -> dict[str | None, int]:
    """The row that has the number of each of these, and is taken instead."""
    taken = ImportRow.objects.filter(job=job, phone__in={row.phone for row in rows})
    return dict(taken.exclude(kind__in=[RowKind.DUPLICATE, RowKind.HIDDEN]).values_list("phone", "line"))


def _line(row: ImportRow, job: Import, columns: list[int], firsts: dict[str | None, int]) -> PreviewRow:
    problems = {problem["column"]: problem for problem in row.problems}
    first = firsts.get(row.phone)
    notes = [problem["reason"] for column, problem in problems.items() if column not in columns]
    values = row.values
    return PreviewRow(
        number=row.line,
        phone=str(values.get("phone", "")),
        name=f"{values.get('first_name', '')} {values.get('last_name', '')}".strip(),
        cells=[_cell(row, job.mapping[column], column, problems.get(column)) for column in columns],
        changes=[(label(target), old, new) for target, (old, new) in row.changes.items()],
        notes=[*notes, *_left_out_because(row, first)],
        is_bad=bool(set(problems) & set(columns)),
    )


def unclear_regions(job: Import) -> list[tuple[str, str, int]]:
    """Code and name of each region that unclear rows may be of, and how many: of the first thousand."""
    unclear = _of_kind(job, RowKind.UNCLEAR).values_list("problems", flat=True)[:LOOKED_AT]
    choices = (
        [phone for problem in problems for phone in problem.get("choices", [])] for problems in unclear
    )
    # In their order, without repetition.
    counts = Counter(region for phones in choices for region in dict.fromkeys(map(region_of, phones)))
    names = region_names()
    return [(region, names[region], number) for region, number in counts.most_common() if region in names]


def blank_consents(job: Import) -> int:
    """How many unclear rows say nothing of whether the person gets messages: of the first thousand."""
    rows = _of_kind(job, RowKind.UNCLEAR).values_list("raw", "problems")[:LOOKED_AT]
    return sum(_has_blank_consent(raw, problems) for raw, problems in rows)


def _has_blank_consent(raw: list[str], problems: list[dict[str, Any]]) -> bool:
    asked = [each["column"] for each in problems if each["target"] in CONSENT_TARGETS]
    return any(column >= len(raw) or not clean_text(raw[column]) for column in asked)


def _left_out_because(row: ImportRow, first: int | None) -> list[str]:
    if first:
        return [f"Row {first:,} has the same number."]
    if row.phone and row.phone_type != NumberType.MOBILE:
        return [NO_SMS[NumberType(row.phone_type)]]
    if row.is_of_erased:
        return ["Of a person who asked to be erased. Nothing of it is kept."]
    if row.barred:
        return [
            "This file says No. It holds for all numbers of the row."
            if row.barred_too
            else "This file says No."
        ]
    return ["Opted out before, or undecided."] if row.kind == RowKind.OPTED_OUT else []


def _cell(row: ImportRow, target: str, column: int, problem: dict[str, Any] | None) -> PreviewCell:
    """What the file says where something is wrong, and what we make of it elsewhere."""
    raw = row.raw[column] if column < len(row.raw) else ""
    if problem:
        return PreviewCell(column, label(target), raw, problem["reason"], problem.get("choices", []))
    left_out = {RowKind.UNCLEAR, RowKind.INVALID, RowKind.DUPLICATE, RowKind.HIDDEN}
    return PreviewCell(column, label(target), raw if row.kind in left_out else row.said(target) or raw)
