"""What one card of an address book says (vCard 2.1 to 4; RFC 2426 and 6350), as far as a list asks for it."""

import binascii
import codecs
import quopri
import re
from collections.abc import Container, Iterator
from typing import NamedTuple

# Its group, its name, its parameters, and its value.
_CONTENT_LINE = re.compile(r'(?:[\w-]+\.)?([\w-]+)((?:;(?:[^":;]|"[^"]*")*)*):(.*)', re.ASCII | re.DOTALL)
_PARAMETER = re.compile(r';((?:[^":;]|"[^"]*")*)')
_ESCAPED = re.compile(r"\\([\\;,:nN])")
_QUOTED, _BASE64 = "QUOTED-PRINTABLE", {"B", "BASE64"}
_CHARSETS = ("utf-8", "utf-16", "ascii", "iso8859", "cp", "koi8", "mac", "gb", "big5", "shift", "euc")
_NOTHING = " \t;"


class Property(NamedTuple):
    """`types` in capitals: CELL, FAX. `value` still has its escapes."""

    types: set[str]
    value: str

    def text(self) -> str:
        return _unescaped(self.value)

    def parts(self) -> list[str]:
        """Of a list."""
        return _parts(self.value)

    def fields(self) -> list[list[str]]:
        """Of what has several, such as a name: each may be a list."""
        return [_parts(field) for field in _split(self.value, ";")]


def properties(card: str, wanted: Container[str]) -> dict[str, list[Property]]:
    """Those that say something, by name; what is no property is left out."""
    found: dict[str, list[Property]] = {}
    for line in _lines(card):
        match = _CONTENT_LINE.fullmatch(line)
        if match and (name := match[1].upper()) in wanted and match[3].strip(_NOTHING):
            found.setdefault(name, []).append(_property(match[2], match[3]))
    return found


def _lines(card: str) -> Iterator[str]:
    """A line goes on in the next that begins with a space, or, quoted-printable, behind a = at its end."""
    parts: list[str] = []
    goes_on = False
    for line in card.split("\n"):
        if goes_on:
            parts += ["\n", line]
        elif line.startswith((" ", "\t")):
            parts.append(line[1:])
        else:
            yield "".join(parts)
            parts = [line]
        goes_on = line.endswith("=") and _QUOTED in parts[0].upper()
    yield "".join(parts)


def _property(parameters: str, value: str) -> Property:
    types: set[str] = set()
    said: dict[str, str] = {}
    for parameter in _PARAMETER.findall(parameters) if parameters else ():
        name, is_named, words = parameter.upper().replace('"', "").partition("=")
        if is_named and name.strip() != "TYPE":
            said[name.strip()] = words.strip()
        else:  # of vCard 2.1 without a name
            types.update(word.strip() for word in (words if is_named else name).split(","))
    kinds = {said.get("ENCODING", ""), *types}
    return Property(types, _decoded(value, kinds, said.get("CHARSET", "")))


def _decoded(value: str, kinds: set[str], charset: str) -> str:
    if _QUOTED in kinds:
        return _as_text(quopri.decodestring(value.encode()), charset)
    if kinds & _BASE64:
        try:
            return _as_text(binascii.a2b_base64(value.encode()), charset)
        except binascii.Error:
            return ""
    return value


def _as_text(raw: bytes, charset: str) -> str:
    """Bytes that mean nothing become a mark that the row's check reports."""
    try:
        codec = codecs.lookup(charset).name if charset else "utf-8"
    except (LookupError, ValueError):
        codec = "utf-8"
    known = codec if codec.startswith(_CHARSETS) else "utf-8"
    return raw.decode(known, "replace").replace("\0", "\ufffd")


def _split(value: str, sign: str) -> list[str]:
    """At each of these signs that no backslash precedes."""
    if "\\" not in value:
        return value.split(sign)
    parts: list[list[str]] = [[]]
    signs = iter(value)
    for each in signs:
        if each == sign:
            parts.append([])
        else:
            parts[-1].append(each + next(signs, "") if each == "\\" else each)
    return ["".join(part) for part in parts]


def _parts(value: str) -> list[str]:
    return [_unescaped(part) for part in _split(value, ",")]


def _unescaped(value: str) -> str:
    if "\\" not in value:
        return value
    return _ESCAPED.sub(lambda found: "\n" if found[1] in "nN" else found[1], value)
