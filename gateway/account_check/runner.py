"""The order of the check: sign on, read, and write where that was asked for."""

from collections.abc import Generator, Iterator

from gateway.account_check.checker import CheckAborted, Checker, StepResult, StepState
from gateway.account_check.read_steps import CheckOptions, run_reads
from gateway.account_check.write_steps import run_writes
from gateway.contract import ENDPOINTS
from gateway.models import Connection

NEVER_CALLED = {
    "SendReplyMessage": "needs a message that came in: answer one in the inbox",
    "SendDiscussionReplyMessage": "needs a thread's id, which nothing but this operation gives",
    "CreateWhatsappTemplate": "goes to review and cannot be undone: submit one on the Templates page",
    "DeleteAllGroupContacts": "would empty the group",
    "WhatsAppOptIn": "deprecated by SmartDialog; the dashboard keeps consent itself",
    "WhatsAppOptOut": "deprecated by SmartDialog; the dashboard keeps consent itself",
}
NOT_REQUESTED = "only with --write --group ID --to NUMBER"
STOPPED = "nothing more could be called"


def run_check(connection: Connection, options: CheckOptions) -> Iterator[StepResult]:
    """A line for each step as it ends, then one for each operation that was left out."""
    named, why = set(), NOT_REQUESTED
    try:
        for line in _steps(Checker(connection), options):
            named.add(line.operation)
            yield line
    except CheckAborted:
        why = STOPPED
    for name in ENDPOINTS:
        if name not in named:
            yield StepResult(StepState.SKIPPED, name, NEVER_CALLED.get(name, why))


def _steps(checker: Checker, options: CheckOptions) -> Generator[StepResult, None, None]:
    yield from checker.sign_in()
    place = yield from run_reads(checker, options)
    if place and options.write:
        yield from run_writes(checker, place, options)
