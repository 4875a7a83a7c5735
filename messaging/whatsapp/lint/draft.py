"""What the rules look at and what they say. Pure: no database, no settings."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

CATEGORIES = ("Marketing", "Utility", "Authentication")


class Level(StrEnum):
    ERROR = "error"  # WhatsApp or SmartDialog would refuse it: it cannot be submitted
    WARNING = "warning"  # a reviewer may refuse it, or people may not like it


class EditorField(StrEnum):
    """The field of the editor that mends it."""

    NAME = "display_name"
    BODY = "body"
    CATEGORY = "category"
    LANGUAGE = "language"
    BUTTONS = "buttons"
    ATTACHMENT = "attachment_url"
    ATTACHMENT_KIND = "header_kind"
    IDENTITY = "identity"


@dataclass(frozen=True)
class Finding:
    """`code` names the rule and never changes; `words` are for the person who writes.

    `span`: from where to where in the body it is found, if it is found in one place of it.
    """

    level: Level
    code: str
    where: EditorField
    words: str
    span: tuple[int, int] | None = None

    @property
    def is_error(self) -> bool:
        return self.level is Level.ERROR


class TemplateButtonType(StrEnum):
    QUICK_REPLY = "QuickReply"
    URL = "Url"
    CALL = "Call"


@dataclass(frozen=True)
class Button:
    """`data` is the address of a Url, the number of a Call, the answer of a QuickReply."""

    type: str
    label: str
    data: str


@dataclass(frozen=True)
class ExistingTemplate:
    """A template that the customer has already."""

    name: str
    body: str


@dataclass(frozen=True)
class LintedDraft:
    """`body` has numbers for its variables; `names` and `samples` are the writer's own, by number."""

    display_name: str = ""
    body: str = ""
    category: str = ""
    language: str = ""
    identity: str = ""
    attachment_url: str = ""
    buttons: list[Button] = field(default_factory=list)
    others: list[ExistingTemplate] = field(default_factory=list)
    categories: tuple[str, ...] = CATEGORIES
    header_kind: str = ""
    names: Mapping[int, str] = field(default_factory=dict)
    samples: Mapping[int, str] = field(default_factory=dict)

    def is_of(self, category: str) -> bool:
        """However the platform spells its categories: Utility or UTILITY."""
        return self.category.casefold() == category.casefold()


LintRule = Callable[[LintedDraft], Iterator[Finding]]


def error(code: str, where: EditorField, words: str, span: tuple[int, int] | None = None) -> Finding:
    return Finding(Level.ERROR, code, where, words, span)


def warning(code: str, where: EditorField, words: str, span: tuple[int, int] | None = None) -> Finding:
    return Finding(Level.WARNING, code, where, words, span)
