"""An import without a page: the same verbs and the same rows, driven from a command line."""

import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from django.db.models import Q

from accounts.models import Customer, Role, User
from accounts.web.params import int_param
from contacts.fields import CONSENT_TARGETS, PROPERTY_PREFIX, label
from contacts.importing import checking, import_lifecycle, saving, sniffing
from contacts.importing.columns.column_mapping import chosen_too_often
from contacts.importing.columns.header_rows import told_apart
from contacts.importing.files import stored_files
from contacts.importing.files.process_limits import ReaderDied
from contacts.importing.files.reading import Question
from contacts.importing.files.refusals import FileRefused
from contacts.importing.value_decisions import UNDECIDED, Decisions
from contacts.models import Import, ImportRow, ImportState
from contacts.models.import_rows import RowKind
from contacts.sync import looking_first
from gateway.models import Connection, Service

BLOCK = 1024 * 1024
IGNORE, PROPERTY = "ignore", "property"  # a column that is left out, or a custom property of its own name
PAUSE = 0.5  # seconds between looks, while another worker has the import

OnProgress = Callable[[Import], None]


class CommandFailed(Exception):
    """`code` is for programs, `words` for whoever typed the command."""

    def __init__(self, code: str, words: str) -> None:
        super().__init__(words)
        self.code = code
        self.words = words


@dataclass(kw_only=True)
class Outcome:
    """What became of a file; `rows` is the sum of its kinds."""

    outcome: str = "imported"
    reason: str = ""
    rows: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    opted_out: int = 0
    invalid: int = 0
    duplicates: int = 0
    unclear: int = 0
    hidden: int = 0
    cells_left_out: int = 0
    seconds: float = 0
    words: str = ""
    questions: list[Question] = field(default_factory=list)

    @property
    def exit_code(self) -> int:
        """0 all rows taken, 1 some not, 2 file refused, or something must be asked first."""
        if self.outcome in {"rejected", "asks"}:
            return 2
        left_out = self.opted_out, self.invalid, self.duplicates, self.unclear, self.hidden
        return 1 if any(left_out) else 0

    def as_json(self) -> dict[str, Any]:
        left_out = {"words"} if self.questions else {"words", "questions"}
        said = {name: value for name, value in asdict(self).items() if name not in left_out}
        return said | ({"questions": list(map(_as_asked, self.questions))} if self.questions else {})


def _as_asked(question: Question) -> dict[str, Any]:
    """Of a program nothing is guessed."""
    asked = ("about", "called", "words", "choices")
    return {name: value for name, value in question.items() if name in asked}


class Asks(Exception):
    """What cannot be known of the file has to be said before anything of it is taken."""

    def __init__(self, questions: Sequence[Question], header: Sequence[str]) -> None:
        """With what an option calls the column that each is about."""
        super().__init__()
        self.questions = [_with_name(each, told_apart(header)) for each in questions]


def _with_name(question: Question, names: Sequence[str]) -> Question:
    called = Question(**question)
    if "column" in question:
        called["called"] = names[question["column"]]
    return called


@dataclass(frozen=True, kw_only=True)
class Choices:
    """What somebody said of a file beforehand: `columns` are targets by header, `reading` is of Reading.

    Of columns with one header the second is called "Phone (2)", as in what is asked.
    """

    regions: Sequence[str] = ()
    decisions: Decisions = UNDECIDED
    columns: Mapping[str, str] = field(default_factory=dict)
    reading: Mapping[str, str | int] = field(default_factory=dict)


def group_of(customer: str, group: str) -> Service:
    """By the ids that SmartDialog gives them, or by ours."""
    groups = Service.objects.groups().select_related("customer")
    found = groups.filter(_has_id("customer__", customer), _has_id("", group)).first()
    if found is None:
        raise CommandFailed("unknown_group", f"Customer {customer} has no group {group} that we know of.")
    return found


def person_for(customer: Customer, name: str) -> User:
    """Who has the right to import for the customer, and a connection to carry the calls."""
    writers = Connection.objects.select_related("user").filter(
        user__customers=customer, user__is_active=True, user__role__in=[Role.MARKETER, Role.ADMIN]
    )
    if name:
        named = Q(user__username=name) | Q(user__email__iexact=name) | Q(user__name__istartswith=name)
        writers = writers.filter(named)
    people = [connection.user for connection in writers.order_by("user__name")[:5]]
    if not people:
        called = f" called {name}" if name else ""
        raise CommandFailed(
            "no_person",
            f"Nobody{called} who may import for {customer} is connected to SmartDialog. "
            "Let them sign in with SmartDialog first.",
        )
    if name and len(people) > 1:
        raise CommandFailed(
            "several_people", f"{name} may be {', '.join(map(str, people))}. Write more of it."
        )
    return people[0]


def upload(path: Path, group: Service, by: User) -> Import:
    """Raises FileRefused."""
    with path.open("rb") as file:
        blocks = iter(lambda: file.read(BLOCK), b"")
        return import_lifecycle.upload(import_lifecycle.Upload(path.name, blocks), group=group, by=by)


def begin(job: Import, choices: Choices, *, is_remembered: bool) -> None:
    """Read it as it was said, and let it be checked. Raises FileRefused, CommandFailed, or Asks."""
    if choices.reading:
        import_lifecycle.reread(job, **choices.reading)
    mapping = _mapping(job, choices.columns)
    if open_questions := [
        each for each in job.questions if not _is_settled(each, job.header, choices.columns)
    ]:
        raise Asks(open_questions, job.header)
    _refuse_unreadable(mapping)
    import_lifecycle.start_checking(
        job,
        mapping=mapping,
        regions=choices.regions or sniffing.regions_of_header(job.header, mapping) or job.group.regions,
        decisions=choices.decisions,
        is_remembered=is_remembered,
    )


def _is_settled(question: Question, header: Sequence[str], columns: Mapping[str, str]) -> bool:
    """Whether what was said of the columns answers it."""
    if "column" in question:
        return told_apart(header)[question["column"]] in columns
    return question["about"] == "phone_column" and "phone" in columns.values()


def _mapping(job: Import, columns: Mapping[str, str]) -> list[str]:
    """As guessed, but for what was said; a field has one column, and no guessed No is dropped."""
    names = told_apart(job.header)
    if unknown := [name for name in columns if name not in names]:
        known = ", ".join(names)
        raise CommandFailed("unknown_column", f"There is no column {', '.join(unknown)}, but {known}.")
    given = set(columns.values()) - set(CONSENT_TARGETS)
    guessed = ("" if target in given else target for target in job.mapping)
    return [
        _target(columns[name], name) if name in columns else target
        for name, target in zip(names, guessed, strict=True)
    ]


def _refuse_unreadable(mapping: Sequence[str]) -> None:
    if "phone" not in mapping:
        words = "No column is left for the phone numbers. Say with --phone-column which has them."
        raise CommandFailed("no_phone_column", words)
    if many := chosen_too_often(mapping):
        words = f"{', '.join(map(label, many))}: more than one column is said to be that."
        raise CommandFailed("column_twice", words)


def _target(said: str, header: str) -> str:
    if said == PROPERTY:
        return f"{PROPERTY_PREFIX}{header}"
    return "" if said == IGNORE else said


def forget(job: Import) -> None:
    """As if the file had never been chosen; also a second time."""
    Import.objects.filter(pk=job.pk).delete()
    stored_files.delete(job.stored_name)


def row_lines(job: Import) -> Iterator[str]:
    """One JSON object for each row."""
    for row in ImportRow.objects.filter(job=job).order_by("line").iterator(chunk_size=500):
        values = row.values
        said = {
            "row": row.line,
            "kind": row.kind,
            "phone": row.phone,
            "type": row.phone_type if row.phone else None,
            "first_name": values.pop("first_name", ""),
            "last_name": values.pop("last_name", ""),
            "fields": {target: value for target, value in values.items() if target != "phone"},
            "reason": " ".join(problem["reason"] for problem in row.problems),
        }
        yield json.dumps(said, ensure_ascii=False) + "\n"


def check(job: Import, on_progress: OnProgress) -> None:
    """Until every row is compared. Raises FileRefused, or NotPossible when its reader is killed."""
    try:
        _work(job, ImportState.CHECKING, checking.check, on_progress)
    except ReaderDied as error:
        raise CommandFailed(
            "reader_died",
            "What was reading the file was killed, perhaps for want of memory. "
            "Unless this was a dry run, the import is kept, and a worker goes on with it: see its page.",
        ) from error
    if job.state == ImportState.REFUSED:
        raise FileRefused(job.refusal_code, job.refusal_words)


def save(job: Import, by: User, on_progress: OnProgress, *, is_shared: bool | None) -> None:
    """Until every row is saved here; their calls are made by the workers."""
    looking_first.say_shared(job.group, is_shared, by=by)
    import_lifecycle.confirm(job, by=by)
    _work(job, ImportState.SAVING, saving.save, on_progress)


def outcome_of(job: Import, seconds: float) -> Outcome:
    counts = {kind.value: job.counts.get(kind, 0) for kind in RowKind}
    return Outcome(
        rows=sum(counts.values()),
        duplicates=counts.pop(RowKind.DUPLICATE),
        **counts,
        cells_left_out=job.warnings,
        seconds=round(seconds, 2),
    )


def _work(job: Import, state: ImportState, verb: Callable[..., None], on_progress: OnProgress) -> None:
    """Do it here, or look on while a worker that was woken does it."""
    job.refresh_from_db()
    while job.state == state:
        verb(job.pk, on_progress=on_progress)
        job.refresh_from_db()
        on_progress(job)
        if job.state == state:
            time.sleep(PAUSE)


def _has_id(path: str, asked: str) -> Q:
    return Q(**{f"{path}remote_id": asked}) | Q(**{f"{path}pk": int_param(asked)})
