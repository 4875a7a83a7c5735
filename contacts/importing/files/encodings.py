"""How the bytes of a text file become letters: by a mark, as UTF-8, or as what makes sense of its words."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from contacts.importing.files import alphabets, file_kinds
from contacts.importing.files.twice_encoded import TWICE

_SAMPLE_BYTES = 64 * 1024
_BLOCK = 1024 * 1024
_MOST_WORDS = 2000
_EXAMPLES = 3
_HIGH = bytes(range(0x80, 0x100))
_OF_ONE_BYTE = (  # the likelier first
    *("cp1252", "mac_roman", "cp850", "cp1250", "cp1257", "cp1251"),
    *("cp1253", "iso8859_15", "iso8859_2", "koi8_r"),
)
_MARGIN = 0.15  # by which the best reading has to be better than another
_SURELY = 0.9  # of them, in a language that is likely here
_MOSTLY = 0.5  # of the letters, which the best reading has to explain
_WORD = re.compile(rb"[A-Za-z'\x80-\xff]+")
_WINDOWS = bytes(range(0x100)).decode("cp1252", "ignore")
_KEPT_APART = re.compile(f"[^\x00-\xff{re.escape(_WINDOWS)}]")
_BEYOND_ASCII = re.compile(rb"[\x80-\xff]+")


@dataclass(frozen=True)
class FoundEncoding:
    """A key of ENCODINGS; `others` read about as well, and `examples` are words as each reads them."""

    encoding: str
    others: list[str] = field(default_factory=list)
    examples: dict[str, str] = field(default_factory=dict)


def find(path: Path) -> FoundEncoding:
    """UTF-8 with a few bad bytes stays UTF-8."""
    with path.open("rb") as file:
        start = file.read(_SAMPLE_BYTES)
    marked = file_kinds.encoding_by_bom(start).removesuffix("-sig")
    if marked and marked != "utf-8":
        return FoundEncoding(marked)
    if file_kinds.is_utf16(start):
        return FoundEncoding("utf-16")
    good, bad = _utf8_letters(path)
    if marked or not bad or good >= bad:
        return _once_or_twice(_words(path)) if good else FoundEncoding("utf-8")
    return _by_sense(_words(path), good)


def is_mostly_utf8(path: Path) -> bool:
    good, bad = _utf8_letters(path)
    return not bad or good >= bad


def _utf8_letters(path: Path) -> tuple[int, int]:
    """Runs of bytes beyond ASCII that are characters in UTF-8, and runs that are none."""
    good = bad = 0
    for run in _runs(path):
        try:
            text = run.decode()
        except UnicodeDecodeError:
            bad += 1
        else:
            good += any(map(str.isalpha, text))
    return good, bad


def _runs(path: Path) -> Iterator[bytes]:
    """A run that a block cuts in two is read with the next block."""
    rest = b""
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            block = rest + block
            if block.isascii():
                rest = b""
                continue
            end = max(len(block.rstrip(_HIGH)), len(block) - 64)
            rest = block[end:]
            yield from _BEYOND_ASCII.findall(block[:end])
    if rest:
        yield rest


def _words(path: Path) -> list[bytes]:
    """Different words with a letter beyond ASCII, in their order."""
    found: dict[bytes, None] = {}
    with path.open("rb") as file:
        while len(found) < _MOST_WORDS and (block := file.read(_BLOCK)):
            found |= dict.fromkeys(word for word in _WORD.findall(block) if not word.isascii())
    return list(found)[:_MOST_WORDS]


def _by_sense(words: list[bytes], of_utf8: int) -> FoundEncoding:
    """Readings that give the same text are one."""
    texts = {each: [word.decode(each, "replace") for word in words] for each in _OF_ONE_BYTE}
    if of_utf8 * 10 > len(words):  # two programs have written into it
        texts["utf-8"] = [word.decode("utf-8", "replace") for word in words]
    scores = {each: alphabets.plausibility(read) for each, read in texts.items()}
    best = max(scores, key=lambda each: scores[each])
    bar = scores[best] - _MARGIN if scores[best] >= _MOSTLY else -9
    others: list[str] = []
    for each in sorted(scores, key=lambda each: -scores[each]):
        is_another = all(texts[each] != texts[taken] for taken in (best, *others))
        if scores[each] > bar and is_another and not _is_worse_where_it_differs(texts[each], texts[best]):
            others.append(each)
    shown = _telling(list(texts[best]))
    examples = {each: ", ".join(texts[each][place] for place in shown) for each in (best, *others)}
    return FoundEncoding(best, others, examples)


def _is_worse_where_it_differs(read: list[str], best: list[str]) -> bool:
    """What both read alike says for neither: many a Hämäläinen makes no “Ĺsa” likely."""
    apart = [pair for pair in zip(read, best, strict=True) if pair[0] != pair[1]]
    score, best_score = (alphabets.plausibility(words) for words in zip(*apart, strict=True))
    return best_score > _SURELY and best_score - score >= _MARGIN


def _once_or_twice(words: list[bytes]) -> FoundEncoding:
    """UTF-8 that a program took for letters of one byte, and encoded again, is no writing as it stands."""
    read = {
        "utf-8": [word.decode("utf-8-sig", "replace") for word in words],
        TWICE: [word.decode(TWICE, "replace") for word in words],
    }
    changed = [once for once, twice in zip(*read.values(), strict=True) if once != twice]
    if not changed or len(changed) * 2 < len(words) or any("\ufffd" in word for word in read[TWICE]):
        return FoundEncoding("utf-8")
    if any(_KEPT_APART.search(word) for word in changed):
        return FoundEncoding("utf-8")  # all of a word would have been taken for letters of one byte
    shown = _telling(read["utf-8"])
    examples = {each: ", ".join(read[each][place] for place in shown) for each in (TWICE, "utf-8")}
    return FoundEncoding(TWICE, ["utf-8"], examples)


def _telling(read: list[str]) -> list[int]:
    """The places of a few words to show: the longer of the first."""
    return sorted(sorted(range(min(len(read), 20)), key=lambda place: -len(read[place]))[:_EXAMPLES])
