"""What a row would do to the group: the six kinds, and field by field what changes."""

from collections.abc import Mapping, Sequence
from enum import StrEnum

from contacts.importing.values import Values

# [old, new] by target; an old of "" means that nothing was there.
Changes = dict[str, list[str | int]]


class Kind(StrEnum):
    NEW = "new"  # nobody in the group has this number
    CHANGED = "changed"  # somebody has, and some field differs
    UNCHANGED = "unchanged"  # nothing to do, and no call
    DUPLICATE = "duplicate"  # an earlier row of the file has this number, in whatever spelling
    INVALID = "invalid"  # no number that a message could be sent to
    OPTED_OUT = "opted_out"  # they asked for no messages: a file never overrules that


APPLIED: Sequence[Kind] = (Kind.NEW, Kind.CHANGED)


def compare(values: Values, current: Mapping[str, str | int] | None) -> tuple[Kind, Changes]:
    """A valid row against the contact with its number. What the row leaves blank stays as it is."""
    if current is None:
        return Kind.NEW, {}
    changes: Changes = {
        target: [current.get(target) or "", value]
        for target, value in values.items()
        if target != "phone" and (current.get(target) or "") != value
    }
    return (Kind.CHANGED if changes else Kind.UNCHANGED), changes
