"""Placeholders that are misspelt, and what was probably meant.

What is written in another program's way, like {{name}}, would go out as it stands. A name that no contact
has leaves everybody out, or gives all of them the words for who has no value.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches

from contacts.fields import FIELDS
from messaging.campaigns.wording import placeholders

# {{name}}, ${name}, {name}, $(name without its end; as much of a line as a name may have.
_OTHER_WAYS = re.compile(
    r"\{\{([^{}()\n]{1,100})\}\}|\$\{([^{}()\n]{1,100})\}|\{(\w{1,100})\}|\$\((\w{0,100})(?![^()\n]*\))"
)
_SIGNS = re.compile(r"[\W_]+")
ALIKE = 0.7  # of 1


@dataclass(frozen=True)
class Misspelt:
    """`written` in the text; `meant`: what to write instead, "" where nothing is like it."""

    written: str
    meant: str
    is_literal: bool  # people would read it as it is written

    @property
    def choice(self) -> str:
        """As a button posts it: see `mend`."""
        return f"{self.written}|{self.meant}"


def find(content: str, known: Iterable[tuple[str, str]]) -> list[Misspelt]:
    """`known`: names and labels of what a contact may have. Each once, in order."""
    known = list(known)
    names = {name for name, _ in known}
    unknown = [
        Misspelt(f"$({name})", _meant(name, known), is_literal=False)
        for name in placeholders.names(content)
        if name not in names
    ]
    return unknown + list(dict.fromkeys(_other_ways(content, known)))


def mend(content: str, choice: str) -> str:
    """The text with what a button says in place of what is misspelt."""
    written, _, meant = choice.rpartition("|")
    return content.replace(written, meant) if written else content


def _other_ways(content: str, known: list[tuple[str, str]]) -> Iterator[Misspelt]:
    for found in _OTHER_WAYS.finditer(content):
        name = next((group for group in found.groups() if group is not None), "")
        yield Misspelt(found[0], _meant(name, known), is_literal=True)


def _meant(name: str, known: list[tuple[str, str]]) -> str:
    """By its name, its label, or what a file would call it."""
    spellings = {_plain(text): own for own, label in known for text in (own, label)}
    headers = {_plain(text): field.wire for field in FIELDS for text in field.headers.split("|")}
    offered = {own for own, _ in known}
    spellings = {text: own for text, own in headers.items() if own in offered} | spellings
    plain = _plain(name)
    near = [plain] if plain in spellings else get_close_matches(plain, spellings, 1, ALIKE)
    return f"$({spellings[near[0]]})" if near else ""


def _plain(text: str) -> str:
    return _SIGNS.sub("", text).casefold()
