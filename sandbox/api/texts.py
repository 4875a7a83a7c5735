"""What becomes of a message's text: placeholders, characters, parts."""

import re
import unicodedata
from collections.abc import Mapping, Sequence

GSM_BASIC = set(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    "ÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM_EXTENDED = set("\f^{}\\[~]|€")
SMS_PLACEHOLDER = re.compile(r"\$\(([^()]+)\)")
TEMPLATE_VARIABLE = re.compile(r"\{\{(\d+)\}\}")


def placeholders(content: str) -> set[str]:
    return set(SMS_PLACEHOLDER.findall(content))


def personalise(content: str, values: Mapping[str, object]) -> str:
    """Fill `$(name)` in one pass; a name without a value stays as it is."""
    return SMS_PLACEHOLDER.sub(lambda found: str(values.get(found[1], found[0])), content)


def fill_template(content: str, parameters: Sequence[str]) -> str:
    return TEMPLATE_VARIABLE.sub(lambda found: parameters[int(found[1]) - 1], content)


def variable_count(content: str) -> int:
    return max((int(number) for number in TEMPLATE_VARIABLE.findall(content)), default=0)


def is_gsm(text: str) -> bool:
    return set(text) <= GSM_BASIC | GSM_EXTENDED


def without_unicode(text: str) -> str:
    """The closest GSM character for each that is none, else a space."""
    return "".join(letter if is_gsm(letter) else closest(letter) for letter in text)


def closest(letter: str) -> str:
    plain = "".join(part for part in unicodedata.normalize("NFKD", letter) if is_gsm(part))
    return plain or {"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-"}.get(letter, " ")


def part_count(text: str) -> int:
    """How many SMS parts a text takes, roughly: a pair is never split here."""
    if is_gsm(text):
        units, single, several = len(text) + sum(letter in GSM_EXTENDED for letter in text), 160, 153
    else:
        units, single, several = len(text.encode("utf-16-le")) // 2, 70, 67
    return 1 if units <= single else -(-units // several)
