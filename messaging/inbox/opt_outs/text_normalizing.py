"""What a message says, in plain words: without what phones and mail programs add, however it is written."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache

MAX_NAME_WORDS = 4  # words in a line that is a signature
MIN_FOR_TWO_SLIPS = 9  # letters
MIN_SPELT = 3  # single letters in a row that are a word spelt out

SIGN_OFFS = """
    sent from, get outlook for, regards, kind regards, best regards, cheers, br,
    terveisin, terveiset, terv, yt, t, ystävällisin terveisin, lähetetty, hanki outlook,
    mvh, hälsningar, med vänlig hälsning, med vänliga hälsningar, skickat från, hämta outlook,
    saluti, cordiali saluti, inviato da, inviato dal, scarica outlook, viele grüße, mit freundlichen, mfg,
    von meinem, gesendet von, gesendet mit, cordialement, envoyé de, envoyé depuis, saludos, enviado desde
"""
# What phones write of a message that was only reacted to, before they quote it.
REACTIONS = """
    liked, loved, disliked, laughed at, emphasized, emphasised, questioned, reacted, removed, to, tykkäsi,
    rakasti, nauroi, korosti, kyseenalaisti, reagoi, gillade, älskade, ogillade, skrattade åt, betonade,
    ifrågasatte, reagerade, ha messo, ha aggiunto, mi piace, ha reagito, adora, hat, gefällt, a aimé, a réagi,
    le gustó, le encantó, ha reaccionado
"""
WROTE = "wrote, kirjoitti, skrev, scritto, schrieb, écrit, escribió"  # above what they answer
_QUOTES = '“„”«"'
_MARKS = {"Mn", "Me", "Cf"}  # accents, and what cannot be seen
_LETTERS_IN_BOXES = {first + n: chr(ord("a") + n) for first in (0x1F150, 0x1F170, 0x1F1E6) for n in range(26)}
_SMALL_CAPITALS = str.maketrans("ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ", "abcdefghijklmnoprstuvwyz")
_LOOKALIKES = _LETTERS_IN_BOXES | _SMALL_CAPITALS | str.maketrans("аеорсухіѕтο", "aeopcyxisto")
_DRAWN_OUT = re.compile(r"([^\W\d_])\1{2,}")
_NUMBER_JOINED = re.compile(r"(?<=[^\W\d_])(?=\d{3})")
_END_OF_CLAUSE = re.compile(r"[.!?;,:\n]| - ")

Phrase = tuple[str, ...]


def words_of(text: str) -> list[str]:
    """Without case, accents and marks; a `*` stays."""
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    kept = (each for each in folded if unicodedata.category(each) not in _MARKS and each not in "'’`´")
    seen = "".join(kept).translate(_LOOKALIKES)
    return "".join(each if each.isalnum() or each == "*" else " " for each in seen).split()


def said_in(text: str) -> list[str]:
    """The words of a message, whose `*` is for bold: STOOOP, S.T.O.P. and STOP17163 are read as meant."""
    words = words_of(text.replace("*", " "))
    plain = _NUMBER_JOINED.sub(" ", _DRAWN_OUT.sub(r"\1", " ".join(_joined(words))))
    return plain.split()


def clauses_of(text: str) -> Iterator[list[str]]:
    return map(said_in, _END_OF_CLAUSE.split(text))


def without_quotes(text: str) -> str:
    """Without the message that it answers, or reacts to; the whole where nothing else is in it."""
    reacted, quoted, _ = text.partition(next((each for each in _QUOTES if each in text), "\0"))
    if quoted and leading(words_of(reacted), listed(REACTIONS)):
        return reacted
    kept: list[str] = []
    for line in text.strip().splitlines():
        if kept and (_introduces_quote(line) or line.startswith("-----")):
            break
        if not line.lstrip().startswith(">"):
            kept.append(line)
    return "\n".join(kept) or text


def without_signature(text: str) -> list[str]:
    """The words before what mail programs and people put below; the first line is never a signature."""
    first, *others = text.strip().splitlines() or [""]
    kept = [first]
    for line in others:
        if line.strip() == "--" or _is_name(line):
            break
        kept.append(line)
    return _before_sign_off(said_in("\n".join(kept)))


def leading(said: Sequence[str], phrases: tuple[str, ...]) -> int:
    """How many words the longest phrase has that the message begins with; 0 for none."""
    likely = _by_letter(phrases).get(said[0][0], ()) if said else ()
    fitting = (
        len(phrase) for phrase in likely if len(phrase) <= len(said) and all(map(matches, phrase, said))
    )
    return max(fitting, default=0)


def matches(written: str, word: str) -> bool:
    return word.startswith(written[:-1]) if written.endswith("*") else word == written


def is_nearly(written: str, word: str) -> bool:
    """Whether it is the word but for one letter more, less or other, or two in turn; two of a long word's."""
    slips = 2 if len(word) >= MIN_FOR_TWO_SLIPS else 1
    if abs(len(written) - len(word)) > slips:
        return False
    before: list[int] = []
    row = list(range(len(word) + 1))
    for at, letter in enumerate(written, start=1):
        earlier, before, row = before, row, [at]
        for place, other in enumerate(word, start=1):
            cost = min(row[-1] + 1, before[place] + 1, before[place - 1] + (letter != other))
            if at > 1 < place and letter == word[place - 2] and written[at - 2] == other:
                cost = min(cost, earlier[place - 2] + 1)
            row.append(cost)
    return row[-1] <= slips


@cache
def listed(words: str) -> tuple[str, ...]:
    return tuple(each.strip() for each in words.split(","))


@cache
def phrases_of(written: tuple[str, ...]) -> tuple[Phrase, ...]:
    return tuple(phrase for each in written if (phrase := tuple(words_of(each))))


@cache
def _by_letter(written: tuple[str, ...]) -> dict[str, list[Phrase]]:
    """By the first letter: a message looks at each phrase at every place."""
    found: dict[str, list[Phrase]] = {}
    for phrase in phrases_of(written):
        found.setdefault(phrase[0][0], []).append(phrase)
    return found


def _joined(words: Sequence[str]) -> Iterator[str]:
    """S T O P is one word."""
    spelt = ""
    for word in [*words, ""]:
        if len(word) == 1 and word.isalpha():
            spelt += word
            continue
        yield from [spelt] if len(spelt) >= MIN_SPELT else spelt
        yield word
        spelt = ""


def _introduces_quote(line: str) -> bool:
    words = words_of(line)
    return line.rstrip().endswith(":") and bool(words) and bool(leading(words[-1:], listed(WROTE)))


def _before_sign_off(said: list[str]) -> list[str]:
    places = (place for place in range(1, len(said)) if leading(said[place:], listed(SIGN_OFFS)))
    return said[: next(places, len(said))]


def _is_name(line: str) -> bool:
    words = line.split()
    return 0 < len(words) <= MAX_NAME_WORDS and all(_is_capitalized(word) for word in words)


def _is_capitalized(word: str) -> bool:
    return (word[0].isupper() and not word.isupper()) or len(word.strip(".")) == 1
