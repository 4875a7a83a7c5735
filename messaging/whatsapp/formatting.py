"""A message's text as WhatsApp shows it: bold, italic, struck out, code, quotes. All else is escaped."""

import re
from collections.abc import Callable

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from messaging.whatsapp.variables import VARIABLE

MAX_LENGTH = 4096  # characters of a message: finding pairs of signs takes time by the square of them
SAMPLES = {1: "Anna", 2: "Tuesday", 3: "14:30", 4: "Oulu", 5: "12"}
INLINE_TAGS = {"*": "<strong>{}</strong>", "_": "<em>{}</em>", "~": "<s>{}</s>"}

_CODE = re.compile(r"```(.+?)```|`([^`\n]+)`", re.DOTALL)
_QUOTE = re.compile(r"^> ?(.*)$", re.MULTILINE)


def to_html(text: str) -> SafeString:
    """HTML for an element that keeps line breaks. Beyond what WhatsApp takes, signs are only signs."""
    formatted = _split(_CODE, text[:MAX_LENGTH], _code, _quotes)
    return formatted + escape(text[MAX_LENGTH:]) if len(text) > MAX_LENGTH else formatted


def sample(number: int) -> str:
    """A word in the place of a variable."""
    return SAMPLES.get(number) or f"word {number}"


def _code(found: re.Match[str]) -> SafeString:
    return format_html("<code>{}</code>", _filled(found[1] or found[2]))


def _quotes(text: str) -> SafeString:
    return _split(
        _QUOTE,
        text,
        lambda found: format_html('<span class="phone__quote">{}</span>', _inline_markup(found[1])),
        _inline_markup,
    )


def _inline_markup(text: str, signs: str = "*_~") -> SafeString:
    """Each sign may stand within the others, none within itself."""
    if not signs:
        return _filled(text)
    pair = re.compile(rf"(?<![^\W_])([{signs}])(?=\S)(.+?)(?<=\S)\1(?![^\W_])")
    return _split(
        pair,
        text,
        lambda found: format_html(
            INLINE_TAGS[found[1]], _inline_markup(found[2], signs.replace(found[1], ""))
        ),
        _filled,
    )


def _filled(text: str) -> SafeString:
    return _split(VARIABLE, text, _variable, escape)


def _variable(found: re.Match[str]) -> SafeString:
    return format_html('<span class="phone__variable" title="{}">{}</span>', found[0], sample(int(found[1])))


def _split(
    pattern: re.Pattern[str],
    text: str,
    match: Callable[[re.Match[str]], SafeString],
    rest: Callable[[str], SafeString],
) -> SafeString:
    """HTML of `text`, what the pattern finds in it by `match`, what is between by `rest`."""
    pieces, end = [], 0
    for found in pattern.finditer(text):
        pieces += [rest(text[end : found.start()]), match(found)]
        end = found.end()
    return mark_safe("".join([*pieces, rest(text[end:])]))  # noqa: S308  every piece is escaped
