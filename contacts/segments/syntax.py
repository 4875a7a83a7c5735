"""The syntax tree of a segment, and the tree as text."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from accounts.errors import UserError

MAX_TEXT_LENGTH = 1000  # characters of a segment
KEYWORDS = {"and", "or", "not", "is", "contains", "since", "before"}
PLAIN_WORDS = re.compile(r"[^\s()=<>!\"“”„]+(?: [^\s()=<>!\"“”„]+)*")


class Relation(StrEnum):
    EQUALS = "="
    DIFFERS = "!="
    CONTAINS = "contains"
    LESS = "<"
    AT_MOST = "<="
    MORE = ">"
    AT_LEAST = ">="
    SINCE = "since"
    BEFORE = "before"
    WITHIN = "within"
    EMPTY = "is empty"
    FILLED = "is not empty"


WITHOUT_VALUE = (Relation.EMPTY, Relation.FILLED)


@dataclass(frozen=True)
class Span:
    """From which character of the text to which."""

    start: int = 0
    end: int = 0


NOWHERE = Span()


class SegmentError(UserError):
    """What is wrong with a segment, and where; `text` is for people. `instead`: what may have been meant."""

    def __init__(self, text: str, place: Span = NOWHERE, instead: Iterable[str] = ()) -> None:
        names = " or ".join(f"“{each}”" for each in instead)
        super().__init__(f"{text} Did you mean {names}?" if names else text)
        self.place = place


@dataclass(frozen=True)
class Comparison:
    """`subject`: the key of what is compared, "city" or "property:Level"."""

    subject: str
    relation: Relation
    value: str = ""
    place: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True)
class Deed:
    """What happened with something of that name: `received "Kevät"`. `verb`: see contacts.segments.deeds."""

    verb: str
    name: str
    place: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True)
class Not:
    part: "Node"


@dataclass(frozen=True)
class All:
    parts: tuple["Node", ...]


@dataclass(frozen=True)
class Any:
    parts: tuple["Node", ...]


Node = Comparison | Deed | Not | All | Any


def conjunction(parts: Iterable[Node]) -> Node:
    """All of them; what is one alone stands alone, and "and" in "and" is one."""
    return _joined(All, parts)


def disjunction(parts: Iterable[Node]) -> Node:
    return _joined(Any, parts)


def _joined(kind: type[All] | type[Any], parts: Iterable[Node]) -> Node:
    flat = [each for part in parts for each in (part.parts if isinstance(part, kind) else (part,))]
    return flat[0] if len(flat) == 1 else kind(tuple(flat))


def quoted(text: str, reserved: Iterable[str] = ()) -> str:
    """As it is written: in quotation marks where it would not be read as plain words."""
    words = text.casefold().split(" ")
    if PLAIN_WORDS.fullmatch(text) and not (KEYWORDS | {*reserved}).intersection(words):
        return text
    return marked(text)


def marked(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'
