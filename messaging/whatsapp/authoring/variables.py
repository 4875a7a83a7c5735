"""The gaps of a template's text, `{{1}}`, `{{2}}` …: found, filled, and called by names while one writes.

People write `{{first_name}}`; kept and sent are numbers, beside which the names are kept.
"""

import re
from collections.abc import Mapping
from itertools import count

VARIABLE = re.compile(r"\{\{([1-9][0-9]{0,2})\}\}")
NAME = re.compile(r"\{\{([^\W\d]\w{0,29})\}\}")
MOST = 999  # numbers have three digits


def numbers(body: str) -> list[int]:
    """Each variable's number once, ascending."""
    return sorted(set(occurrences(body)))


def occurrences(body: str) -> list[int]:
    """The numbers as the text has them, repeats too."""
    return [int(number) for number in VARIABLE.findall(body)]


def fill(body: str, values: Mapping[int, str]) -> str:
    """In one pass, so that a value that looks like a variable stays as it is; one without a value, too."""
    return VARIABLE.sub(lambda found: values.get(int(found[1])) or found[0], body)


def numbered(text: str) -> tuple[str, dict[int, str]]:
    """A text with names as one with numbers, in the order in which they come, and the names of the numbers.

    Numbers that somebody wrote stay theirs.
    """
    taken = set(occurrences(text))
    free = (number for number in count(1) if number not in taken)
    own: dict[str, int] = {}

    def number(found: re.Match[str]) -> str:
        if found[1] not in own:
            own[found[1]] = next(free)
        return _variable(own[found[1]]) if own[found[1]] <= MOST else found[0]

    return NAME.sub(number, text), {each: name for name, each in own.items() if each <= MOST}


def named(body: str, names: Mapping[int, str]) -> str:
    """As people write it: the way back from `numbered`."""
    return VARIABLE.sub(lambda found: _variable(names.get(int(found[1]), found[1])), body)


def _variable(name: int | str) -> str:
    return f"{{{{{name}}}}}"
