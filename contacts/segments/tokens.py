"""The words and signs of a segment's text, each with its place."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from contacts.segments.syntax import KEYWORDS, SegmentError, Span

OPENING = "“”„"
_TOKEN = re.compile(
    r"""(?P<space>\s+)
    |"(?P<quoted>(?:[^"]|"")*)"
    |[“”„](?P<curled>[^“”„]*)[“”]
    |(?P<sign>!=|<=|>=|[=<>()])
    |(?P<word>[^\s()=<>!"“”„]+)""",
    re.VERBOSE,
)


@dataclass(frozen=True)
class Token:
    """`kind`: "sign", "keyword", "word", "quoted", or "end"."""

    kind: str
    text: str
    place: Span


def tokens(text: str) -> Iterator[Token]:
    """The last is an "end". Raises SegmentError."""
    start = 0
    while start < len(text):
        found = _TOKEN.match(text, start)
        if found is None:
            raise _not_read(text, start)
        if found.lastgroup != "space":
            yield _token(found)
        start = found.end()
    yield Token("end", "", Span(len(text), len(text)))


def _token(found: re.Match[str]) -> Token:
    kind, place = str(found.lastgroup), Span(*found.span())
    if kind in ("quoted", "curled"):
        return Token("quoted", found[kind].replace('""', '"') if kind == "quoted" else found[kind], place)
    if kind == "word" and found["word"].casefold() in KEYWORDS:
        return Token("keyword", found["word"].casefold(), place)
    return Token(kind, found[kind], place)


def _not_read(text: str, start: int) -> SegmentError:
    place = Span(start, len(text))
    if text[start] == '"' or text[start] in OPENING:
        return SegmentError("This quotation mark is never closed.", place)
    return SegmentError(f"“{text[start]}” means nothing here.", Span(start, start + 1), ["!="])
