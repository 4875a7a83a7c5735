"""The ids of the platform as they are told: nothing says that they are GUIDs."""

from uuid import UUID

ODD_FORMAT = "no/{}+ ?#%"  # each sign means something else in a path or a query, unless it is escaped


def encode(key: UUID, form: str) -> str:
    """As the switch `id_form` says, where it is a text."""
    if form == "number":
        return str(key.int)
    return ODD_FORMAT.format(key.hex) if form == "odd" else str(key)


def in_json(key: UUID, form: str) -> str | int:
    return key.int if form == "number" else encode(key, form)


def decode(text: str) -> UUID:
    """Any form; ValueError for what is no id. A path's segment has kept its %2F."""
    if text.isdecimal():
        return UUID(int=int(text))
    head, tail = ODD_FORMAT.split("{}")
    return UUID(text.replace("%2F", "/").removeprefix(head).removesuffix(tail))
