"""A message's text as WhatsApp shows it: bold, italic, code, quotes, lists, links. All else is escaped."""

import re
from collections.abc import Callable, Mapping

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from messaging.whatsapp.authoring.variables import VARIABLE
from messaging.whatsapp.lint.body import UNSEEN
from messaging.whatsapp.models import Template

MAX_LENGTH = 4096  # characters of a message: finding pairs of signs takes time by the square of them
SAMPLES = {1: "Anna", 2: "Tuesday", 3: "14:30", 4: "Oulu", 5: "12"}
DAYS = {"fi": "tiistai", "sv": "tisdag", "it": "martedì"}  # in the language of the template
LONG_SAMPLE = "Maria Alexandra Ylä-Outinen-Korhonen"
INLINE_TAGS = {"*": "<strong>{}</strong>", "_": "<em>{}</em>", "~": "<s>{}</s>"}

_BLOCK = re.compile(r"```(.+?)```", re.DOTALL)
_CODE = re.compile(r"`([^`\n]+)`")
_QUOTE = re.compile(r"^> ?(.*)$", re.MULTILINE)
_BULLET = re.compile(r"^[-*] (?=\S)", re.MULTILINE)
_LINK = re.compile(r"https?://[^\s<>\"`]{0,1999}[^\s<>\"`*_~]")


def to_html(text: str, words: Callable[[int], str] | None = None) -> SafeString:
    """HTML for an element that keeps line breaks. Beyond what WhatsApp takes, signs are only signs.

    `words`: what stands in the place of a variable; without them it stays as it is.
    """
    seen = visible(text)
    formatted = _split(_BLOCK, seen[:MAX_LENGTH], _code, _quotes)
    if len(seen) > MAX_LENGTH:
        formatted += escape(seen[MAX_LENGTH:])
    return _with_words(formatted, words) if words else formatted


def visible(text: str) -> str:
    """Signs that turn the writing direction round are shown, and not obeyed."""
    return UNSEEN.sub(lambda found: f"⟨U+{ord(found[0]):04X}⟩", text)


def sample(number: int, language: str = "") -> str:
    """A word in the place of a variable."""
    day = DAYS.get(language, "") if number == 2 else ""
    return day or SAMPLES.get(number) or f"word {number}"


def words_of(template: Template, values: Mapping[int, str]) -> Callable[[int], str]:
    """In the place of its variables: values, else the writer's samples, else names, else any words."""

    def word(number: int) -> str:
        name = template.names.get(number, "").replace("_", " ")
        if number in values:
            return values[number] or f"(no {name})"
        return template.samples.get(str(number)) or name or sample(number, template.language)

    return word


def longest(_number: int) -> str:
    """The worst case."""
    return LONG_SAMPLE


def _with_words(formatted: SafeString, words: Callable[[int], str]) -> SafeString:
    """Last, as no formatting reaches into a value; braces are the same in HTML."""

    def word(found: re.Match[str]) -> SafeString:
        return format_html(
            '<span class="phone__variable" title="{}">{}</span>', found[0], words(int(found[1]))
        )

    return _split(VARIABLE, formatted, word, mark_safe)


def _code(found: re.Match[str]) -> SafeString:
    return format_html("<code>{}</code>", found[1])


def _quotes(text: str) -> SafeString:
    return _split(
        _QUOTE,
        text,
        lambda found: format_html('<span class="phone__quote">{}</span>', _inline_code(found[1])),
        _lists,
    )


def _lists(text: str) -> SafeString:
    return _inline_code(_BULLET.sub("• ", text))


def _inline_code(text: str) -> SafeString:
    return _split(_CODE, text, _code, _inline_markup)


def _inline_markup(text: str, signs: str = "*_~") -> SafeString:
    """Each sign may stand within the others, none within itself."""
    if not signs:
        return _links(text)
    pair = re.compile(rf"(?<![^\W_])([{signs}])(?=\S)(.+?)(?<=\S)\1(?![^\W_])")
    return _split(
        pair,
        text,
        lambda found: format_html(
            INLINE_TAGS[found[1]], _inline_markup(found[2], signs.replace(found[1], ""))
        ),
        _links,
    )


def _links(text: str) -> SafeString:
    """They look like links and lead nowhere."""
    return _split(
        _LINK, text, lambda found: format_html('<span class="phone__link">{}</span>', found[0]), escape
    )


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
