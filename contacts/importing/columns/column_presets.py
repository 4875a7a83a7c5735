"""Remember what people chose for the columns of a file, and begin with it when such a file comes again."""

import hashlib
from collections.abc import Sequence
from typing import Any

from contacts.fields import CONSENT_TARGETS, PROPERTY_PREFIX
from contacts.importing.columns.column_mapping import guess_mapping, header_key
from contacts.importing.columns.consent_columns import asked_columns, seen
from contacts.importing.columns.phone_columns import is_number
from contacts.importing.files.reading import NO_HEADER, Question
from contacts.models import FileShape, Import
from contacts.models.sniffed_file import SniffedFile
from contacts.text.normalization import nfc
from gateway import clock

# Of what is asked; quotation marks are of single rows, so they are asked about in each file.
_REMEMBERED = ("encoding", "delimiter", "sheet", "header_row")
_DECIDED = "consent_columns"


def preset_for(job: SniffedFile) -> FileShape | None:
    """How a file with this header was read last, by anybody of the customer; without one none is like it."""
    if job.header_row == NO_HEADER:
        return None
    shapes = FileShape.objects.filter(customer=job.customer, signature=header_signature(job.header))
    shape = shapes.first()
    return shape if shape and len(shape.mapping) == len(job.header) else None


def save_preset(job: Import, *, mapping: Sequence[str], regions: Sequence[str]) -> None:
    """None of a file without a header, nor of columns that give no number: that was a slip.

    The regions only where they are not the group's: those may change, and other groups have others.
    """
    if job.header_row == NO_HEADER or not _gives_numbers(mapping, job.samples):
        return
    before = preset_for(job)
    chosen = [] if list(regions) == job.group.regions else list(regions)
    FileShape.objects.update_or_create(
        customer_id=job.group.customer_id,
        signature=header_signature(job.header),
        defaults={"mapping": list(mapping), "regions": chosen, "used_at": clock.now()}
        | {"answers": (before.answers if before else {}) | _answers(job) | _decided(job, before)},
    )


def _gives_numbers(mapping: Sequence[str], samples: Sequence[Sequence[str]]) -> bool:
    columns = [column for column, target in enumerate(mapping) if target == "phone"]
    return any(is_number(row[column]) for row in samples for column in columns if column < len(row))


def decided_on(shape: FileShape) -> Sequence[int]:
    """Columns of which a person saw that they may tell who gets messages, and chose what they are."""
    return list(shape.answers.get(_DECIDED, []))


def answered_of(job: SniffedFile) -> list[str]:
    """With the columns that this file, or one like it before, was asked about."""
    shape = preset_for(job)
    columns = [*asked_columns(job.questions), *(decided_on(shape) if shape else ())]
    return seen(job.answered, columns)


def answers_for(shape: FileShape, questions: Sequence[Question]) -> dict[str, Any]:
    """Fields of Reading by name: what was answered for such a file, where this one has that choice."""
    found: dict[str, Any] = {}
    for question in questions:
        name, kept = question["about"], shape.answers.get(question["about"])
        choice = next((each for each in question["choices"] if kept == _as_kept(name, each)), None)
        if kept is not None and choice is not None:
            found[name] = _row_number(choice) if name == "header_row" else choice
    return found


def _answers(job: Import) -> dict[str, str]:
    """What was asked and chosen, or left as it was guessed."""
    asked = {question["about"] for question in job.questions} | set(job.answered)
    return {name: _as_kept(name, str(getattr(job, name))) for name in _REMEMBERED if name in asked}


def _decided(job: Import, before: FileShape | None) -> dict[str, list[int]]:
    asked = asked_columns(job.questions)
    guessed = {column for column, target in enumerate(job.mapping) if target in CONSENT_TARGETS}
    return {_DECIDED: sorted({*asked, *guessed, *(decided_on(before) if before else ())})}


def _as_kept(name: str, choice: str) -> str:
    """Nobody's words are kept: a sheet may be called after a person."""
    if name == "sheet":
        return hashlib.sha256(choice.encode()).hexdigest()
    return str(_row_number(choice)) if name == "header_row" else choice


def _row_number(choice: str) -> int:
    return int(choice) if choice.isdecimal() else NO_HEADER


def header_signature(header: Sequence[str]) -> str:
    """The same for fields in any spelling. A property has one spelling: "Paid €" is not "Paid $".

    A property may be called as a field is: every such column but the first.
    """
    columns = zip(header, guess_mapping(header), strict=True)
    names = [
        nfc(name) if target.startswith(PROPERTY_PREFIX) else header_key(name) for name, target in columns
    ]
    return hashlib.sha256("\0".join(names).encode()).hexdigest()
