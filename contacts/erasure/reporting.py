"""What became of an erasure, and what it could not reach."""

from dataclasses import dataclass

from django.conf import settings

from accounts.wording.quantities import counted
from contacts.erasure.registry import HOLDERS
from contacts.erasure.words_holder import ToldHolder
from contacts.models import Erasure, Import
from contacts.models.imports import OVER
from gateway import outbox
from gateway.outbox import Progress

# From SmartDialog's published interface: what there is no call to read, or to delete.
BEYOND = [
    "Messages and their delivery reports: SmartDialog has no call that lists or deletes those it keeps.",
    "Groups and customers that your SmartDialog sign-in does not list.",
    "What other contacts at SmartDialog say of the person, and their properties that bear the name.",
    "Copies in SmartDialog’s own logs, bills and backups, and with phone operators and WhatsApp.",
]
HERE = [
    "Texts with a name or an email that somebody else here has, too.",
    "Texts that name the person in another way: by first name alone, a nickname, or misspelt.",
    "Backups of this dashboard’s database, until you let them go, and its log files, which mask numbers.",
    "Spreadsheets on your own computers. Imported again, the person is left out.",
]


@dataclass(frozen=True)
class Report:
    """`lines`: what was held, how many of it, and what became of that. `stays`: some is others', too."""

    lines: list[tuple[str, int, str]]
    stays: bool
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
        stays=any(holder.title in erasure.held for holder in HOLDERS if isinstance(holder, ToldHolder)),
        calls=outbox.progress_of(erasure.batch),
        beyond=BEYOND,
        here=[*_files(erasure), *_for_a_while(), *HERE],
    )


def _for_a_while() -> list[str]:
    reports, calls = (
        counted(settings.RETENTION_DAYS[kind], "day", "days") for kind in ("events", "payloads")
    )
    return [
        f"Delivery reports that SmartDialog sends from now on: each is kept for {reports}.",
        f"Calls for other people that name the person and are not over: what they say goes {calls} later.",
    ]


def _files(erasure: Erasure) -> list[str]:
    unfinished = Import.objects.of_customer(erasure.customer).exclude(state__in=OVER).count()
    if not unfinished:
        return []
    files = counted(unfinished, "import is", "imports are")
    return [f"{files} not finished: each file stays as it came until the import is saved or cancelled."]
