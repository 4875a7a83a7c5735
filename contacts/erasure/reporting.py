"""What became of an erasure, and what it could not reach."""

from dataclasses import dataclass

from accounts.quantities import counted
from contacts.erasure.registry import HOLDERS
from contacts.models import Erasure, Import
from contacts.models.imports import OVER
from gateway import outbox
from gateway.outbox import Progress

# From SmartDialog's published interface: what there is no call to read, or to delete.
BEYOND = [
    "Messages and their delivery reports: SmartDialog has no call that lists or deletes those it keeps.",
    "Groups and customers that your SmartDialog sign-in does not list.",
    "Copies in SmartDialog’s own logs, bills and backups, and with phone operators and WhatsApp.",
]
HERE = [
    "Backups of this dashboard’s database, until you let them go.",
    "Spreadsheets on your own computers. Imported again, the person is left out.",
]


@dataclass(frozen=True)
class Report:
    """`lines`: what was held, how many of it, and what became of that."""

    lines: list[tuple[str, int, str]]
    calls: Progress
    beyond: list[str]
    here: list[str]

    @property
    def needs_a_person(self) -> bool:
        return bool(self.calls.failed + self.calls.unknown)


def report(erasure: Erasure) -> Report:
    fates = {holder.title: holder.fate for holder in HOLDERS}
    return Report(
        lines=[(title, count, fates.get(title, "")) for title, count in erasure.held.items()],
        calls=outbox.progress_of(erasure.batch),
        beyond=BEYOND,
        here=[*_files(erasure), *HERE],
    )


def _files(erasure: Erasure) -> list[str]:
    unfinished = Import.objects.of_customer(erasure.customer).exclude(state__in=OVER).count()
    if not unfinished:
        return []
    files = counted(unfinished, "import is", "imports are")
    return [f"{files} not finished: each file stays as it came until the import is saved or cancelled."]
