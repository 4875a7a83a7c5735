"""Words to begin a template with, written by us in the languages of our customers: see starters.toml."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from messaging.whatsapp.authoring import variables
from messaging.whatsapp.lint.languages import LANGUAGES

WORDS = tomllib.loads((Path(__file__).parent / "starters.toml").read_text())
SAMPLES: dict[str, str] = WORDS.pop("samples")
IN = ("en", "fi", "sv", "it")


@dataclass(frozen=True)
class Starter:
    kind: str
    language: str

    @property
    def language_name(self) -> str:
        return LANGUAGES[self.language]


def offered() -> list[tuple[str, list[Starter]]]:
    """By what they are for."""
    return [(words["label"], [Starter(kind, language) for language in IN]) for kind, words in WORDS.items()]


def find(kind: str | None, language: str | None) -> Starter | None:
    return Starter(kind, language) if kind in WORDS and language in IN else None


def words_of(starter: Starter, categories: Iterable[str]) -> dict[str, Any]:
    """A draft's fields. The category as the platform spells it, and none that it has not."""
    words = WORDS[starter.kind]
    body, names = variables.numbered(words[starter.language])
    category = words["category"].casefold()
    return {
        "display_name": f"{words['label']} {starter.language}",
        "language": starter.language,
        "category": next((each for each in categories if each.casefold() == category), ""),
        "body": body,
        "variable_names": {str(number): name for number, name in names.items()},
        "samples": {str(number): SAMPLES[name] for number, name in names.items()},
    }
