"""The order of the check: sign on, read, and write where that was asked for."""

from collections.abc import Generator, Iterator

from gateway.checking.checker import Checker, Line, State, Stopped
from gateway.checking.reading import Options, reading
from gateway.checking.writing import writing
from gateway.contract import ENDPOINTS
from gateway.models import Connection

NEVER = {
    "SendReplyMessage": "needs a message that came in: answer one in the inbox",
    "SendDiscussionReplyMessage": "needs a thread's id, which nothing but this operation gives",
    "CreateWhatsappTemplate": "goes to review and cannot be undone: submit one on the Templates page",
    "DeleteAllGroupContacts": "would empty the group",
    "WhatsAppOptIn": "deprecated by SmartDialog; the dashboard keeps consent itself",
    "WhatsAppOptOut": "deprecated by SmartDialog; the dashboard keeps consent itself",
}
NOT_ASKED = "only with --write --group ID --to NUMBER"
STOPPED = "nothing more could be called"


def course(connection: Connection, options: Options) -> Iterator[Line]:
    """A line for each step as it ends, then one for each operation that was left out."""
    named, why = set(), NOT_ASKED
    try:
        for line in _steps(Checker(connection), options):
            named.add(line.operation)
            yield line
    except Stopped:
        why = STOPPED
    for name in ENDPOINTS:
        if name not in named:
            yield Line(State.LEFT, name, NEVER.get(name, why))


def _steps(checker: Checker, options: Options) -> Generator[Line, None, None]:
    yield from checker.sign_in()
    place = yield from reading(checker, options)
    if place and options.write:
        yield from writing(checker, place, options)
