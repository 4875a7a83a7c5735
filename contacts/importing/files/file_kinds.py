"""What a file is, by how it begins; and the true name of what is no list of people."""

import codecs
import re
from pathlib import Path

from contacts.importing.files import refusals

TEXT, WORKBOOK, OTHER_WORKBOOK, ADDRESS_BOOK = "text", "workbook", "other workbook", "address book"
MAX_FILE_BYTES = 200 * 1024 * 1024  # a million people, as we export them, are about 100 MB

START = 64 * 1024
_SIGNATURES = {
    b"%PDF": "a PDF document",
    b"\x89PNG": "a picture",
    b"GIF8": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"RIFF": "a sound or a picture",
    b"\x1f\x8b": "a compressed archive",
    b"7z\xbc\xaf": "a compressed archive",
    b"Rar!": "a compressed archive",
    b"\x7fELF": "a program",
    b"MZ": "a program",
    b"SQLite format 3": "a database",
}
# Of text, from its first sign: the likelier to be meant before the more general.
_OPENINGS = {
    r"\{\\rtf": "a text document (RTF)",
    r"(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)?<(?:!doctype\s+html|html|head|meta|body|table)\b": "a web page",
    r"<svg\b": "a picture",
    r"<\?xml|<!doctype|<[a-z]+[\s>]": "a document for programs (XML)",
    r"%!ps": "a document for printing (PostScript)",
    r'\{\s*(?:"[^"]*"\s*:|\})': "a list for programs (JSON)",
    r'\[\s*(?:[\[{]\s*["\[{]|\]\s*$|"(?:[^"\\]|\\.)*"\s*,|-?\d+\s*,)': "a list for programs (JSON)",
}
_OPENING_OF = {re.compile(pattern, re.IGNORECASE | re.DOTALL): what for pattern, what in _OPENINGS.items()}
_OLD_XML = re.compile(r"<\?xml.{0,2000}(?:office:spreadsheet|excel\.sheet)", re.IGNORECASE | re.DOTALL)
# A longer mark before the shorter one that it begins with.
_BOMS = {
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\r\f\x1a\x1b"))


def kind_of(path: Path) -> str:
    """TEXT, WORKBOOK, OTHER_WORKBOOK or ADDRESS_BOOK. Raises FileRefused for what is none of them."""
    start = _start_of(path)
    for signature, what in _SIGNATURES.items():
        if start.startswith(signature):
            raise refusals.not_a_spreadsheet(what)
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        return OTHER_WORKBOOK
    if start.startswith(b"PK"):
        return OTHER_WORKBOOK if _is_open_document(start) else WORKBOOK
    text = _as_text(start).lstrip()
    if text[:11].upper() == "BEGIN:VCARD":
        return ADDRESS_BOOK
    if _OLD_XML.match(text):
        raise refusals.unread_spreadsheet("an old kind of Excel’s (XML)")
    for opening, what in _OPENING_OF.items():
        if opening.match(text):
            raise refusals.not_a_spreadsheet(what)
    return TEXT


def is_archive(path: Path) -> bool:
    return _start_of(path).startswith(b"PK")


def _start_of(path: Path) -> bytes:
    try:
        size = path.stat().st_size
    except FileNotFoundError as error:
        raise refusals.gone() from error
    if size == 0:
        raise refusals.empty()
    if size > MAX_FILE_BYTES:
        raise refusals.too_large(
            f"it is {size // 1024**2:,} MB, and the most is {MAX_FILE_BYTES // 1024**2:,} MB"
        )
    with path.open("rb") as file:
        return file.read(START)


def _is_open_document(start: bytes) -> bool:
    """Its first part says what it is."""
    return b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet" in start[:200]


def _as_text(start: bytes) -> str:
    """Raises FileRefused where bytes are no text. UTF-16 without a mark has zeros in every other place."""
    encoding = encoding_by_bom(start)
    if not encoding and is_utf16(start):
        encoding = "utf-16-be" if start[:1] == b"\0" else "utf-16-le"
    controls = len(start) - len(start.translate(None, _CONTROLS))
    if not encoding and controls > len(start) // 20:
        raise refusals.not_a_spreadsheet("not text")
    return start[:4096].decode(encoding or "latin-1", "replace")


def encoding_by_bom(start: bytes) -> str:
    """Empty where no mark says it."""
    return next((name for bom, name in _BOMS.items() if start.startswith(bom)), "")


def is_utf16(start: bytes) -> bool:
    """Without a mark: every other byte of Western text is zero, and only every other."""
    half = len(start) // 2
    fewer, more = sorted((start[0::2].count(0), start[1::2].count(0)))
    return more > half * 0.6 and fewer < half * 0.1
