"""An import without a page: the same verbs and the same rows, driven from a command line."""

import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from django.db.models import Q

from accounts.models import Customer, Role, User
from accounts.params import int_param
from contacts.importing import checking, import_lifecycle, saving
from contacts.importing.reader_process import ReaderDied
from contacts.importing.refusals import FileRefused
from contacts.models import Import, ImportState
from contacts.models.import_rows import RowKind
from gateway.models import Connection, Service

BLOCK = 1024 * 1024
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
    """What became of a file; `rows` is the sum of the six kinds."""

    outcome: str = "imported"
    reason: str = ""
    rows: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    opted_out: int = 0
    invalid: int = 0
    duplicates: int = 0
    seconds: float = 0
    words: str = ""

    @property
    def exit_code(self) -> int:
        """0 all rows taken, 1 some not, 2 file refused."""
        if self.outcome == "rejected":
            return 2
        return 1 if self.opted_out or self.invalid or self.duplicates else 0

    def as_json(self) -> dict[str, str | int | float]:
        return {name: value for name, value in asdict(self).items() if name != "words"}


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


def upload(path: Path, group: Service, by: User, *, regions: Sequence[str]) -> Import:
    """Raises FileRefused."""
    with path.open("rb") as file:
        blocks = iter(lambda: file.read(BLOCK), b"")
        job = import_lifecycle.upload(import_lifecycle.Upload(path.name, blocks), group=group, by=by)
    import_lifecycle.start_checking(job, mapping=job.mapping, regions=regions or group.regions)
    return job


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


def save(job: Import, by: User, on_progress: OnProgress) -> None:
    """Until every row is saved here; their calls are made by the workers."""
    import_lifecycle.confirm(job, by=by)
    _work(job, ImportState.SAVING, saving.save, on_progress)


def outcome_of(job: Import, seconds: float) -> Outcome:
    counts = {kind: job.counts.get(kind, 0) for kind in RowKind}
    return Outcome(
        rows=sum(counts.values()),
        new=counts[RowKind.NEW],
        changed=counts[RowKind.CHANGED],
        unchanged=counts[RowKind.UNCHANGED],
        opted_out=counts[RowKind.OPTED_OUT],
        invalid=counts[RowKind.INVALID],
        duplicates=counts[RowKind.DUPLICATE],
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
