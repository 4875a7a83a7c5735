"""The gaps of a template's text, `{{1}}`, `{{2}}` …: found and filled."""

import re
from collections.abc import Mapping

VARIABLE = re.compile(r"\{\{([1-9][0-9]{0,2})\}\}")


def numbers(body: str) -> list[int]:
    """Each variable's number once, ascending."""
    return sorted(set(occurrences(body)))


def occurrences(body: str) -> list[int]:
    """The numbers as the text has them, repeats too."""
    return [int(number) for number in VARIABLE.findall(body)]


def fill(body: str, values: Mapping[int, str]) -> str:
    """In one pass, so that a value that looks like a variable stays as it is; one without a value, too."""
    return VARIABLE.sub(lambda found: values.get(int(found[1])) or found[0], body)
