"""What an import knows of its file before a person has said anything: its reading, columns and questions."""

from dataclasses import replace
from pathlib import Path

from contacts.importing.columns import column_mapping, column_presets, consent_columns, first_look
from contacts.importing.files.reading import CHOICES, Look, Reading
from contacts.models import FileShape, Import

SAMPLES = 20


def sniff(job: Import, path: Path) -> None:
    """Read the header and the first rows as what is answered says; does not save."""
    chosen = Reading(**{name: getattr(job, name) for name in job.answered if name in CHOICES})
    look = first_look.look(path, chosen, job.regions)
    _take_look(job, look)
    if shape := column_presets.preset_for(job):
        _answer_as_before(job, path, chosen, shape)
        job.mapping, job.regions = shape.mapping, shape.regions or job.regions
    else:
        job.mapping = column_mapping.guess_mapping(job.header, look.samples, job.regions)
        job.questions += first_look.phone_question(look, job.regions)
        job.questions += consent_columns.consent_questions(job.header, look.samples, job.mapping)


def _take_look(job: Import, look: Look) -> None:
    for name in CHOICES:
        setattr(job, name, getattr(look.reading, name))
    job.header, job.sheets = [name[:200] for name in look.header], look.sheets
    job.samples = [[cell[:100] for cell in row] for row in look.samples[:SAMPLES]]
    job.questions = look.questions


def _answer_as_before(job: Import, path: Path, chosen: Reading, shape: FileShape) -> None:
    """What was answered for such a file is not asked again, where that leaves it such a file."""
    answers = column_presets.answers_for(shape, job.questions)
    if not answers:
        return
    look = first_look.look(path, replace(chosen, **answers), job.regions)
    if column_presets.header_signature(look.header) == shape.signature:
        _take_look(job, look)
