"""The order of the check: sign on, read, and write where that was asked for."""

from collections.abc import Iterator

from gateway.account_check.checker import CheckAborted, Checker, StepResult, Steps, StepState
from gateway.account_check.read_steps import CheckOptions, run_reads
from gateway.account_check.write_steps import run_writes
from gateway.models import Connection
from gateway.smartdialog.contract import ENDPOINTS

NEVER_CALLED = {
    "SendReplyMessage": "needs a message that came in: answer one in the inbox",
    "SendDiscussionReplyMessage": "needs a thread's id, which nothing but this operation gives",
    "CreateWhatsappTemplate": "goes to review and cannot be undone: submit one on the Templates page",
    "DeleteAllGroupContacts": "would empty the group",
    "WhatsAppOptIn": "deprecated by SmartDialog; the dashboard keeps consent itself",
    "WhatsAppOptOut": "deprecated by SmartDialog; the dashboard keeps consent itself",
}
NOT_REQUESTED = "only with --write --group ID --to NUMBER"
NEEDS_EARLIER = "needs what a step before it could not find"
STOPPED = "nothing more could be called"


def run_check(connection: Connection, options: CheckOptions) -> Iterator[StepResult]:
    """A line for each step as it ends, then one for each operation that was left out."""
    named, is_stopped = set(), False
    try:
        for line in _steps(Checker(connection), options):
            named.add(line.operation)
            yield line
    except CheckAborted:
        is_stopped = True
    for name in ENDPOINTS:
        if name not in named:
            yield _left(name, options, is_stopped=is_stopped)


def _left(name: str, options: CheckOptions, *, is_stopped: bool) -> StepResult:
    """Why nothing was said of it: it is never called, was not asked for, or could not be tried."""
    if name in NEVER_CALLED:
        return StepResult(StepState.SKIPPED, name, NEVER_CALLED[name])
    was_asked_for = bool(options.group and options.to) if name == "GetGroupContact" else options.write
    if ENDPOINTS[name].method == "GET" and name != "GetGroupContact":
        was_asked_for = True
    if not was_asked_for:
        return StepResult(StepState.SKIPPED, name, NOT_REQUESTED)
    return StepResult(StepState.NOT_TRIED, name, STOPPED if is_stopped else NEEDS_EARLIER)


def _steps(checker: Checker, options: CheckOptions) -> Steps:
    yield from checker.sign_in()
    place = yield from run_reads(checker, options)
    if place and options.write:
        yield from run_writes(checker, place, options)
