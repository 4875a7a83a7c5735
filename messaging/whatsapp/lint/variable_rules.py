"""Rules about variables: their numbers, their places, and enough words around them."""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from accounts.wording.quantities import counted
from contacts.text.values import without_invisible
from messaging.whatsapp.authoring.variables import VARIABLE, numbers, occurrences
from messaging.whatsapp.lint.draft import EditorField, Finding, LintedDraft, LintRule, error, warning

_SIGNS = r"[^\w{}]+"
_ADJACENT = re.compile(rf"({VARIABLE.pattern})\s*({VARIABLE.pattern})")
_ADJACENT_BUT_FOR_SIGNS = re.compile(rf"({VARIABLE.pattern})\s*[^\w\s{{}}][^\w{{}}]*({VARIABLE.pattern})")
_BEGINNING_BUT_FOR_SIGNS = re.compile(rf"{_SIGNS}{VARIABLE.pattern}")
_ENDING = re.compile(rf"{VARIABLE.pattern}$")
_ENDING_BUT_FOR_SIGNS = re.compile(rf"{VARIABLE.pattern}{_SIGNS}$")
LONG_WORDS = frozenset(["et", "fi", "hu", "tr", "eu", "ka", "kk", "lt", "lv"])
_UNSPACED = re.compile("[\u0e00-\u0eff\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")


def missing_number(draft: LintedDraft) -> Iterator[Finding]:
    found = numbers(draft.body)
    missing = sorted(set(range(1, len(found) + 1)) - set(found))
    if missing:
        named = ", ".join(_name(number) for number in missing)
        words = f"Number the variables from {_name(1)} on without a gap: {named} is missing."
        yield error("variables.gap", EditorField.BODY, words)


def out_of_order(draft: LintedDraft) -> Iterator[Finding]:
    first_seen = list(dict.fromkeys(occurrences(draft.body)))
    wrong = next((b for a, b in pairwise(first_seen) if b < a), None)
    if wrong:
        words = f"Put the variables in the order of their numbers: {_name(wrong)} comes too late."
        yield error("variables.order", EditorField.BODY, words)


def repeated(draft: LintedDraft) -> Iterator[Finding]:
    found = occurrences(draft.body)
    counts = Counter(found)
    twice = next((number for number in found if counts[number] > 1), None)
    if twice:
        words = f"{_name(twice)} stands more than once. Reviewers like a number of its own for each place."
        yield warning("variables.repeated", EditorField.BODY, words)


def at_the_start(draft: LintedDraft) -> Iterator[Finding]:
    if VARIABLE.match(_shown(draft)) and not draft.is_of("Authentication"):  # WhatsApp's own begin so
        yield error("variables.leading", EditorField.BODY, "Begin with words: a variable cannot come first.")


def at_the_end(draft: LintedDraft) -> Iterator[Finding]:
    if _ENDING.search(_shown(draft)):
        yield error("variables.trailing", EditorField.BODY, "End with words: a variable cannot come last.")


def nearly_at_the_end(draft: LintedDraft) -> Iterator[Finding]:
    if _ENDING_BUT_FOR_SIGNS.search(_shown(draft)):
        words = "Only signs follow the last variable. Reviewers may take it for the end: add a word or two."
        yield warning("variables.trailing_signs", EditorField.BODY, words)


def adjacent(draft: LintedDraft) -> Iterator[Finding]:
    if pair := _ADJACENT.search(_shown(draft)):
        words = f"Put words between {pair[1]} and {pair[3]}."
        yield error("variables.adjacent", EditorField.BODY, words)


def nearly_at_the_start(draft: LintedDraft) -> Iterator[Finding]:
    if _BEGINNING_BUT_FOR_SIGNS.match(_shown(draft)):
        words = "Only signs stand before the first variable. Reviewers may take it for the start: add a word."
        yield warning("variables.leading_signs", EditorField.BODY, words)


def nearly_adjacent(draft: LintedDraft) -> Iterator[Finding]:
    if pair := _ADJACENT_BUT_FOR_SIGNS.search(_shown(draft)):
        words = f"Only signs stand between {pair[1]} and {pair[3]}. Reviewers may want a word there."
        yield warning("variables.adjacent_signs", EditorField.BODY, words)


def nothing_else(draft: LintedDraft) -> Iterator[Finding]:
    if draft.body.strip() and numbers(draft.body) and not _WORD.search(VARIABLE.sub(" ", draft.body)):
        yield error("variables.only", EditorField.BODY, "Write words around the variables.")


def too_few_words(draft: LintedDraft) -> Iterator[Finding]:
    """Nobody has published WhatsApp's ratio: words, variables included, at least 3 n + 1 is what is told.

    Languages that put into one word what others say with three need fewer, and some write without spaces.
    """
    count = len(occurrences(draft.body))
    fixed = _words(VARIABLE.sub(" ", draft.body))
    needed = count + 2 if draft.language in LONG_WORDS else 2 * count + 1
    if count and 0 < fixed < needed:
        more = counted(needed - fixed, "word")
        words = f"{counted(count, 'variable')} in few words. Reviewers may want {more} more."
        yield warning("variables.ratio", EditorField.BODY, words)


def line_of_its_own(draft: LintedDraft) -> Iterator[Finding]:
    """A line with nothing in it but variables and signs."""
    for line in draft.body.split("\n")[1:-1]:
        if VARIABLE.search(line) and not _WORD.search(VARIABLE.sub(" ", line)):
            words = (
                "A line has only variables in it. Reviewers want to know what will stand there: add a word."
            )
            yield warning("variables.line", EditorField.BODY, words)
            return


def _words(text: str) -> int:
    """Two signs of a language without spaces are a word."""
    unspaced = len(_UNSPACED.findall(text))
    return unspaced // 2 + len(_WORD.findall(_UNSPACED.sub(" ", text)))


def _shown(draft: LintedDraft) -> str:
    """The text as a reviewer sees it."""
    return without_invisible(draft.body).strip()


def _name(number: int) -> str:
    return f"{{{{{number}}}}}"


RULES: list[LintRule] = [
    missing_number,
    out_of_order,
    repeated,
    at_the_start,
    at_the_end,
    nearly_at_the_end,
    adjacent,
    nearly_at_the_start,
    nearly_adjacent,
    nothing_else,
    line_of_its_own,
    too_few_words,
]
