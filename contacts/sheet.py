"""What floors above show on a contact's sheet: they register a section by a name, once."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from accounts.registry import Registry
from contacts.models import Contact


@dataclass(frozen=True)
class Section:
    """A template of the floor that shows it, and what it shows."""

    template: str
    content: Any


SECTIONS = Registry[Callable[[Contact], Section]]("section of a contact's sheet")
shows = SECTIONS.register  # @shows("inbox.messages")


def sections(contact: Contact) -> list[Section]:
    return [section(contact) for section in SECTIONS]
