"""`$(firstName)` in an SMS: filled by SmartDialog for each recipient, and here to show what they will read.

Filled in one pass: a value that looks like a placeholder stays a value, and nothing is evaluated.
"""

import re
from collections.abc import Mapping

PLACEHOLDER = re.compile(r"\$\(([^()]+)\)")
VARIABLE = re.compile(r"\{\{(\d{1,3})\}\}")


def names(content: str) -> list[str]:
    """The names of the placeholders, each once, in order."""
    return list(dict.fromkeys(PLACEHOLDER.findall(content)))


def fill(content: str, values: Mapping[str, str]) -> str:
    """A name without a value stays as it is written, as at the platform."""
    return PLACEHOLDER.sub(lambda found: values.get(found[1], found[0]), content)


def variables(body: str) -> list[str]:
    """The numbers of a WhatsApp template's variables `{{1}}`, each once, in order."""
    return sorted(set(VARIABLE.findall(body)), key=int)


def fill_variables(body: str, values: Mapping[str, str]) -> str:
    return VARIABLE.sub(lambda found: values.get(found[1], found[0]), body)
