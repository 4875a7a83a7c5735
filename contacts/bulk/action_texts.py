"""What each verb asks, and says it is doing."""

from accounts.wording.quantities import counted
from contacts.models import BulkAction, BulkState, BulkVerb
from contacts.sync.verification import Results
from gateway.outbox import Progress

_QUESTIONS = {
    BulkVerb.DELETE: "Delete {people}?",
    BulkVerb.DEACTIVATE: "Opt {people} out?",
    BulkVerb.ACTIVATE: "Remove the opt-out of {people}?",
    BulkVerb.SET_PROPERTY: "Set a property of {people}",
    BulkVerb.MOVE: "Move {people}",
    BulkVerb.COPY: "Copy {people}",
    BulkVerb.VERIFY: "Verify {people}?",
    BulkVerb.SEND: "Send {people} to SmartDialog?",
}
_CONSEQUENCES = {
    BulkVerb.DELETE: "They leave the group here, and at SmartDialog as their turn comes. "
    "The messages they got stay in the inbox and in campaign results.",
    BulkVerb.DEACTIVATE: "They get no messages in any group, now or later, until the opt-out is removed.",
    BulkVerb.ACTIVATE: "They get messages again, in every group. "
    "Whoever opted out themselves stays opted out: open those one by one.",
    BulkVerb.SET_PROPERTY: "The other properties stay as they are.",
    BulkVerb.MOVE: "They leave this group. Who is in the other group already stays there as they are.",
    BulkVerb.COPY: "They stay in this group, too. Who is in the other group already stays there as they are.",
    BulkVerb.VERIFY: "Each is looked up at SmartDialog and compared with what is here. "
    "Those that differ are marked; nobody is changed.",
    BulkVerb.SEND: "Those whom SmartDialog did not take, or was not told of, are sent as they are here. "
    "Where it has something else, nothing is sent: open those to choose.",
}
DELETING_ONE = (
    "This contact leaves the group here in a few seconds, unless you undo it, and SmartDialog as its turn "
    "comes. The messages they got stay in the inbox and in campaign results."
)
EMPTYING = (
    "SmartDialog empties the whole group at once: also of people whom this dashboard does not know. "
    "The messages they got stay in the inbox and in campaign results."
)
_BUTTONS = {
    BulkVerb.DELETE: "Delete {people}",
    BulkVerb.DEACTIVATE: "Opt them out",
    BulkVerb.ACTIVATE: "Remove the opt-out",
    BulkVerb.SET_PROPERTY: "Set the property",
    BulkVerb.MOVE: "Move {people}",
    BulkVerb.COPY: "Copy {people}",
    BulkVerb.VERIFY: "Verify {people}",
    BulkVerb.SEND: "Send to SmartDialog",
}
_DOING = {
    BulkVerb.DELETE: "Deleting {people}",
    BulkVerb.DEACTIVATE: "Opting {people} out",
    BulkVerb.ACTIVATE: "Removing the opt-out of {people}",
    BulkVerb.SET_PROPERTY: "Setting “{name}” of {people}",
    BulkVerb.MOVE: "Moving {people} into {into}",
    BulkVerb.COPY: "Copying {people} into {into}",
    BulkVerb.VERIFY: "Verifying {people}",
    BulkVerb.SEND: "Sending {people} to SmartDialog",
}
_DONE = {
    BulkVerb.DELETE: "Deleted",
    BulkVerb.DEACTIVATE: "Opted out",
    BulkVerb.ACTIVATE: "Opt-out removed",
    BulkVerb.SET_PROPERTY: "Property set",
    BulkVerb.MOVE: "Moved",
    BulkVerb.COPY: "Copied",
    BulkVerb.VERIFY: "Verified",
    BulkVerb.SEND: "Sent to SmartDialog",
}
SOME_LEFT = "{changing:,} will change, {left:,} will not."
_ONLY_HERE = (
    "Changed only here: {people}",
    "SmartDialog is not told of these changes. Select them in the list to send them.",
)
_UNTOLD = {
    BulkVerb.DELETE: ("Back in the list: {people}", "SmartDialog is not told to delete them."),
    BulkVerb.MOVE: (
        "Calls that are not made: {calls}",
        "Whom it was not told to delete is back in this list. Who is not in {into} there is “Not synced”.",
    ),
}
ALL_LEFT = "All of them are so already. There is nothing to change."
LEFT = "No change was needed for {left:,}."
ALL_ASKED = "All of them can be messaged already, or opted out themselves. There is nothing to change."
ASKED = "No change for {left:,}, who could be messaged already, or opted out themselves."
OWN = " Opted out themselves, and stay so: {opted_out:,}."
SOME_UNSENT = "{changing:,} will be sent, {left:,} will not."
ALL_UNSENT = "All of them are there, on their way, or there with something else. There is nobody to send."
UNSENT = "Not sent: {left:,}, already there, on the way, or there with something else."


def question(verb: BulkVerb, people: int) -> str:
    return _QUESTIONS[verb].format(people=_contacts(people))


def consequence(verb: BulkVerb, *, whole_group: bool, one: bool = False) -> str:
    """`one`: a person who was chosen alone, and is named."""
    if verb == BulkVerb.DELETE and (whole_group or one):
        return EMPTYING if whole_group else DELETING_ONE
    return _CONSEQUENCES[verb]


def there(number: int | None) -> str:
    """How many SmartDialog has of a group that is to be emptied."""
    if number is None:
        return ""
    return f"SmartDialog has {_contacts(number)} in it that we know of. It does not say how many others."


def to_be_left_out(verb: BulkVerb, *, people: int, changing: int, opted_out: int = 0) -> str:
    """That some of them, or all, would stay as they are; nothing when nobody does."""
    if people == changing:
        return ""
    own = OWN.format(opted_out=opted_out) if opted_out else ""
    if not changing:
        return {BulkVerb.SEND: ALL_UNSENT, BulkVerb.ACTIVATE: ALL_ASKED}.get(verb, ALL_LEFT) + own
    some = SOME_UNSENT if verb == BulkVerb.SEND else SOME_LEFT
    return some.format(changing=changing, left=people - changing) + own


def left_out(action: BulkAction) -> str:
    """That some were not changed."""
    if not action.left_out:
        return ""
    words = {BulkVerb.SEND: UNSENT, BulkVerb.ACTIVATE: ASKED}.get(BulkVerb(action.verb), LEFT)
    return words.format(left=action.left_out)


def cancelling(action: BulkAction, calls: Progress) -> list[str]:
    """What cancelling the rest leaves where."""
    not_begun = action.agreed - action.looked_at
    words = (
        [f"Changed here, and left so: {_contacts(action.done)}."] if action.verb != BulkVerb.DELETE else []
    )
    if not_begun > 0 and not action.is_saved:
        words.append(f"Left as they are: {_contacts(not_begun)}.")
    words += [". ".join(_untold(action, calls.waiting))] if calls.waiting else []
    if calls.done:
        words.append(f"What SmartDialog was told already, by {counted(calls.done, 'call', 'calls')}, stays.")
    return words


def left_untold(action: BulkAction, calls: Progress) -> tuple[str, str] | None:
    """Of a cancelled action: what SmartDialog was not told, in short, and where that leaves whom."""
    is_cancelled = action.state == BulkState.CANCELLED and action.verb != BulkVerb.VERIFY
    return _untold(action, calls.cancelled) if is_cancelled and calls.cancelled else None


def _untold(action: BulkAction, calls: int) -> tuple[str, str]:
    """But for moving, each person is a call."""
    short, long = _UNTOLD.get(BulkVerb(action.verb), _ONLY_HERE)
    said = {"people": _contacts(calls), "calls": f"{calls:,}", "into": action.options.get("into", "")}
    return short.format(**said), long.format(**said)


def result(action: BulkAction, failed: int = 0) -> str:
    """How many it changed and rightly left as they were, or what it found, and how many calls `failed`.

    Nothing before it has begun.
    """
    if action.verb == BulkVerb.VERIFY:
        return action.note if action.is_verified else ""
    if action.begun_at is None:
        return ""
    left = f", {action.left_out:,} left alone" if action.left_out else ""
    refused = f", {counted(failed, 'call', 'calls')} failed" if failed else ""
    return f"{action.done:,} of {action.agreed:,} changed{left}{refused}"


def verified(found: Results) -> str:
    """What verifying found."""
    if not (found.different or found.gone):
        return "No difference was found."
    parts = [counted(found.different, "contact differs", "contacts differ")] if found.different else []
    parts += [counted(found.gone, "contact is not there", "contacts are not there")] if found.gone else []
    return f"At SmartDialog: {', '.join(parts)}."


def met(action: BulkAction, undecided: int) -> str:
    """Of whom SmartDialog had before where they were copied to; empty where it had nobody."""
    if not undecided:
        return ""
    people = counted(undecided, "contact was", "contacts were")
    return f"{people} in {action.options['into']} at SmartDialog before"


def button(verb: BulkVerb, people: int) -> str:
    return _BUTTONS[verb].format(people=_contacts(people))


def title(action: BulkAction) -> str:
    """ "Deleting 100,000 contacts"; when it is over, "Deleted 99,998 contacts"."""
    verb = BulkVerb(action.verb)
    if action.state == BulkState.DONE:
        return f"{_DONE[verb]}: {_contacts(action.done)}"
    return _DOING[verb].format(people=_contacts(action.agreed), **{"name": "", "into": "", **action.options})


def brought(action: BulkAction) -> str:
    """In the history of a contact that it changed."""
    return f"{_DONE[BulkVerb(action.verb)]} with {_contacts(action.agreed)}"


def _contacts(people: int) -> str:
    return counted(people, "contact")
