"""`$(firstName)` in an SMS: filled by SmartDialog for each recipient, and here to show what they will read.

Filled in one pass: a value that looks like a placeholder stays a value, and nothing is evaluated.
"""

import re
from collections.abc import Mapping

PLACEHOLDER = re.compile(r"\$\(([^()]+)\)")


def names(content: str) -> list[str]:
    """The names of the placeholders, each once, in order."""
    return list(dict.fromkeys(PLACEHOLDER.findall(content)))


def fill(content: str, values: Mapping[str, str]) -> str:
    """A name without a value stays as it is written, as at the platform."""
    return PLACEHOLDER.sub(lambda found: values.get(found[1], found[0]), content)
