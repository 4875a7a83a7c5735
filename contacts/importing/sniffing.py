"""What is known of a file before a person has said anything: its reading, columns and questions."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from contacts.fields import PHONE_BEGINNING
from contacts.importing.columns import (
    column_mapping,
    column_presets,
    consent_columns,
    first_look,
    phone_columns,
)
from contacts.importing.files.reading import CHOICES, Look, Reading
from contacts.models import FileShape
from contacts.models.erased_numbers import await_erasures, erased_among
from contacts.models.sniffed_file import SniffedFile
from contacts.text.phones import InvalidPhone, UnclearPhone, to_e164
from contacts.text.regions import region_of_country
from contacts.text.split_numbers import with_beginning

SAMPLES = 20


def sniff(job: SniffedFile, path: Path) -> None:
    """Read the header and the first rows as what is answered says; does not save."""
    chosen = Reading(**{name: getattr(job, name) for name in job.answered if name in CHOICES})
    look = first_look.look(path, chosen, job.regions)
    _take_look(job, look)
    if shape := column_presets.preset_for(job):
        _answer_as_before(job, path, chosen, shape)
        job.mapping, job.regions = shape.mapping, shape.regions or job.regions
        decided = column_presets.decided_on(shape)
        job.questions += consent_columns.questions_anew(job.header, look.samples, job.mapping, decided)
    else:
        job.mapping = column_mapping.guess_mapping(job.header, look.samples, job.regions)
        job.regions = regions_of_header(job.header, job.mapping) or job.regions
        job.questions += first_look.phone_question(look, job.regions)
        job.questions += consent_columns.consent_questions(job.header, look.samples, job.mapping)
    job.samples = _without_erased(job)


def regions_of_header(header: Sequence[str], mapping: Sequence[str]) -> list[str]:
    """Where the numbers are, as the name of their column says: "Mobiil (+372)". Empty where it does not."""
    if "phone" not in mapping:
        return []
    region = region_of_country(phone_columns.code_of(header[mapping.index("phone")]))
    return [region] if region else []


def leave_out_erased(job: SniffedFile) -> None:
    """In the transaction that keeps it: whoever was erased while the file was looked at; does not save."""
    await_erasures([job.customer])
    job.samples = _without_erased(job)


def _without_erased(job: SniffedFile) -> list[list[str]]:
    """The first rows are kept while a person chooses columns: nobody who was erased comes back by them."""
    begin = [column for column, target in enumerate(job.mapping) if target == PHONE_BEGINNING]
    numbers = [set(_numbers(cells, begin, job.regions)) for cells in job.samples]
    erased = erased_among(job.customer, set().union(*numbers))
    return [cells for cells, own in zip(job.samples, numbers, strict=True) if not own & erased]


def _numbers(cells: Sequence[str], begin: Sequence[int], regions: Sequence[str]) -> Iterator[str]:
    """All that they may be; `begin`: columns with what numbers begin with."""
    said = [cells[column] for column in begin if column < len(cells)]
    texts = (text for cell in cells for text in {cell, *with_beginning(said, cell)})
    for text in filter(phone_columns.is_number, texts):
        try:
            yield to_e164(text, regions)
        except UnclearPhone as unclear:
            yield from (each.phone for each in unclear.candidates)
        except InvalidPhone:
            continue


def _take_look(job: SniffedFile, look: Look) -> None:
    for name in CHOICES:
        setattr(job, name, getattr(look.reading, name))
    job.header, job.sheets = [name[:200] for name in look.header], look.sheets
    job.samples = [[cell[:100] for cell in row] for row in look.samples[:SAMPLES]]
    job.questions = look.questions


def _answer_as_before(job: SniffedFile, path: Path, chosen: Reading, shape: FileShape) -> None:
    """What was answered for such a file is not asked again, where that leaves it such a file."""
    answers = column_presets.answers_for(shape, job.questions)
    if not answers:
        return
    look = first_look.look(path, replace(chosen, **answers), job.regions)
    if column_presets.header_signature(look.header) == shape.signature:
        _take_look(job, look)
