"""Which column holds the numbers: by words in its header, or by what its cells are.

A mobile is better than a phone, and that better than a land line; of those alike the one with more mobile
numbers. A column without such a word is taken where nearly all of its cells are numbers of people, and that
is said; never one of customer numbers, references or dates.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import IntEnum

from contacts.fields import FIELDS
from contacts.importing.columns.header_words import names_the_person
from contacts.importing.files.file_reader import FileRow
from contacts.text.full_text_search import case_folded
from contacts.text.phones import InvalidPhone, NumberType, UnclearPhone, read_number

NEARLY_ALL = 0.9

_Rows = Sequence[Sequence[str]]


class Kind(IntEnum):
    """Of what a header says, the best first."""

    MOBILE = 0
    PHONE = 1
    LAND_LINE = 2
    UNCERTAIN = 3  # whose number it is, or whether it still is; as the next never taken in silence
    OF_ANOTHER = 4  # of somebody beside the person


@dataclass(frozen=True)
class PhoneColumn:
    """`column`: None where none is likely enough. `is_certain`: its header says so."""

    column: int | None
    is_certain: bool = False
    likely: list[int] = field(default_factory=list)  # columns of which a person may choose
    others: list[int] = field(default_factory=list)  # with mobile numbers where that one has none


_SIGNS = re.compile(r"[\W_]+")
_LIKE_A_NUMBER = re.compile(r"'?\+?[\d\s().\-/\u2010-\u2013]{7,24}")
_LIKE_A_DATE = re.compile(
    r"(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.](?:\d{4}|\d{2}))(?:[ T].*)?|\d{1,2}[:.]\d{2}"
)
_WHOLE = {
    _SIGNS.sub("", case_folded(word))
    for each in FIELDS
    if each.name == "phone"
    for word in each.headers.split("|")
}
_MORE_NUMBERS = {"othernumbers"}  # beside the first, as of an address book
_VAGUE = {"number", "numero", "nummer"}  # of what, the cells have to say
_MOBILE = re.compile(
    r"\b(?:mobil|mobiil|cellul|cell\b|cel\b|cellphone|gsm|handy|msisdn|komórk|komork)"
    r"|matkapuh|känny|kännyk|mobilnumm|mobiltel|мобил|сотов|\bmóvil|telemóvel|\bcelular|\bmobiel|\bportable\b"
)
_PHONE = re.compile(
    r"puhelin|puhelim|\bpuh\b|phones?\b|\bphonen|telefon|telefoon|teléfono|\btel\b|\btlf\b|\btfn\b|\btālr"
    r"|whatsapp (?:number|nro|numero)|sms (?:number|nro|numero)|телефон|téléphone|telefone"
)
_LAND_LINE = re.compile(
    r"työ|koti|lanka|\bhome|\bwork|business|office|\bcasa|ufficio|lavoro|\bfiss|\bhem|arbet|jobb|land ?line"
    r"|assistant|company|switchboard|vaihde|callback|\bcar\b|\bradio|yritys|firma|centralino|växel|\bfixed"
)
_OF_ANOTHER = re.compile(
    r"emergency|next of kin|\bice\b|parent|guardian|mother|father|spouse|partner\b|sibling|relative|buyer"
    r"|\bchild|\blaps|\bbarn(s|et|ets)?\b|\bfigli|contact person|kontaktperson|yhteyshenki"
    r"|(?:second|secondary|other|alternate) contact"
    r"|lähiomai|omainen|omaisen|huoltaj|vanhemm|\bäidin|\bisän|puoliso|hätä|ostaja|anhörig|vårdnad|målsman|förälder"
    r"|\bmamma|\bpappa|maka\b|make\b|nödsituation|genitor|madre|padre|coniuge|emergenza|tutore|familiare|parente"
)
_NO_NUMBER = re.compile(
    r"\btype\b|\blabel\b|tyyppi|\btyp\b|\btipo\b|\bext\b|extension|alanumero|carrier|operaattori|\bmodel|malli\b"
    r"|\bfax|faksi|telefax|\btelex|\bpager|\bisdn|\btty\b|phonetic|consent|suostumus|\blupa|lupa\b|permission|\bopt\b"
    r"|optin|optout|accept|marketing|markkinoint|marknadsf|samtyck|consens|\bstatus|verified|kielto|kieltä|subscri"
    r"|\bdate\b|\bpvm\b|päivä|timestamp|aikaleima|allow|agree|\bcount\b|\bhas\b|\bprovider"
)
_CODE = re.compile(
    r"\b(?:country|maa|land)\w*\b.*(?:code|koodi|kod)|maakoodi|suuntanumero|\bprefix|\barea code"
    r"|landskod|landsnummer|riktnummer|prefisso|\b(?:dial|dialling|dialing|calling) code"
)
_BEGINNING = re.compile(r"\(?(?:\+|00)?\d{1,4}\)?")
_CODE_OF_COLUMN = re.compile(r"\+(\d{1,3})(?!\s?[\d(])")  # not of a number that is an example
_WITH_CODE = re.compile(r"\b(?:with|incl\w*|sis\w*|med|con|mukaan)\b")
_ID = re.compile(
    r"\bid\b|asiakas|\bnro\b|jäsen|\bviite|tunnus|tunniste|customer|client|cliente|kund|order|tilau"
    r"|account|\btili|invoice|lasku|faktura|fattura|member|medlem|\bref|reference|barcode|viivakoodi|\bean\b|\bsku\b"
    r"|\biban|\bbic\b|hetu|henkilö|personnummer|fiscale|partita|\bvat\b|\balv\b|\bssn\b|\bsotu|\bzip|post(?:al|i)?"
    r"|birth|synt|född|födel|nascita|\bdob\b|date|pvm|päivä|datum|\bdata\b|timestamp|aikaleima|\btime\b|\baika"
    r"|isbn|codice|kortti|card|kort\b|serial|sarja|tessera|licen[cs]e|rekister|register|price|hinta|summa|amount|total"
)


def find(header: Sequence[str], samples: _Rows, regions: Sequence[str] = ()) -> PhoneColumn:
    """By the words of the header first; without samples by those alone."""
    by_words = [place for place in range(len(header)) if _is_by_words(header[place], _cells(samples, place))]
    own = [place for place in by_words if _is_own(header[place])]
    if by_words and not own:
        others = [place for place in _by_content(header, samples, regions).likely if place not in by_words]
        return PhoneColumn(_best(by_words, header, samples, regions), False, by_words + others)
    if by_words := own:
        best = _best(by_words, header, samples, regions)
        if _has_no_digits(_cells(samples, best)):
            guessed = _by_content(header, samples, regions)
            if guessed.column is not None:
                return guessed
        alike = [place for place in by_words if code_of(header[place]) == code_of(header[best])]
        others = [place for place in alike if place != best and _fills(place, best, samples, regions)]
        return PhoneColumn(best, True, by_words, others)
    return _by_content(header, samples, regions)


def all_of(header: Sequence[str], samples: _Rows, regions: Sequence[str] = ()) -> list[int]:
    """Every column that may hold numbers of a person, where none may be missed."""
    found = find(header, samples, regions)
    more = [place for place, name in enumerate(header) if _key(name) in _MORE_NUMBERS]
    uncertain = [place for place, name in enumerate(header) if kind_of(name) == Kind.UNCERTAIN]
    best = [] if found.column is None else [found.column]
    places = sorted({*best, *found.likely, *found.others, *(uncertain + more if found.likely else [])})
    return [place for place in places if kind_of(header[place]) != Kind.OF_ANOTHER] or places


def kind_of(header: str) -> Kind | None:
    """What a header says of the numbers below it; None: nothing."""
    words = _SIGNS.sub(" ", case_folded(header)).strip()
    if _NO_NUMBER.search(words) or _is_code(header):
        return None
    key = words.replace(" ", "")
    is_whole = key in _WHOLE and key not in _VAGUE
    is_mobile = bool(_MOBILE.search(words))
    if not is_mobile and not is_whole and not _PHONE.search(words):
        return None
    if not is_whole and _OF_ANOTHER.search(words):
        return Kind.OF_ANOTHER
    if not is_whole and not names_the_person(words):
        return Kind.UNCERTAIN
    if is_mobile:
        return Kind.MOBILE
    return Kind.LAND_LINE if _LAND_LINE.search(words) else Kind.PHONE


def _is_own(header: str) -> bool:
    return kind_of(header) in {Kind.MOBILE, Kind.PHONE, Kind.LAND_LINE}


def names_own_numbers(header: str) -> bool:
    """Whether it says that the numbers below are the person's own."""
    return _is_own(header) or _key(header) in _MORE_NUMBERS


def beginnings(header: Sequence[str], samples: _Rows) -> list[int]:
    """Columns with what the numbers of another begin with: the codes of areas or countries."""
    return [place for place in range(len(header)) if _is_beginning(header[place], _cells(samples, place))]


def code_of(header: str) -> str:
    """The country's code that it says all numbers below it begin with: "+372"; "" where it says none."""
    codes = _CODE_OF_COLUMN.findall(header)
    return f"+{codes[0]}" if len(codes) == 1 else ""


def is_identifier(header: str) -> bool:
    """Whether it is called as ids, references and dates are."""
    return not any(map(str.isdigit, header)) and bool(_ID.search(_SIGNS.sub(" ", case_folded(header))))


def is_number(cell: str) -> bool:
    """Whether it is written as phone numbers are, and is no date."""
    text = first_of(cell).strip()
    digits = sum(map(str.isdigit, text))
    return bool(6 < digits < 16 and _LIKE_A_NUMBER.fullmatch(text) and not _LIKE_A_DATE.fullmatch(text))


def looks_like_mobile(text: str, regions: Sequence[str]) -> bool:
    """Whether it is a number that gets messages."""
    if not is_number(text):
        return False
    try:
        return read_number(first_of(text), regions).type == NumberType.MOBILE
    except UnclearPhone as unclear:
        return any(each.type == NumberType.MOBILE for each in unclear.candidates)
    except InvalidPhone:
        return False


def first_of(cell: str) -> str:
    """Of several in one cell, as address books write them."""
    return cell.partition(":::")[0]


def most_numbers(rows: Sequence[FileRow]) -> int | None:
    """The column with most cells written as numbers, whatever it is called."""
    width = max((len(row.cells) for row in rows), default=0)
    counts = [_count([row.cells[place : place + 1] for row in rows], 0, is_number) for place in range(width)]
    return counts.index(max(counts)) if any(counts) else None


def _is_by_words(header: str, cells: Sequence[str]) -> bool:
    """Where no filled cell has four digits ("iPhone 12"), some words mean something else."""
    if kind_of(header) is None:
        return False
    if _key(header) in _WHOLE:
        return True
    filled = [cell for cell in cells if cell.strip()]
    return not filled or any(sum(map(str.isdigit, cell)) > 3 for cell in filled)


def _is_code(header: str) -> bool:
    """Whether it is called as the codes of areas and countries are, not as numbers that begin with one."""
    words = _SIGNS.sub(" ", case_folded(header))
    return bool(_CODE.search(words)) and not _WITH_CODE.search(words) and not code_of(header)


def _is_beginning(header: str, cells: Sequence[str]) -> bool:
    if not _is_code(header) or is_identifier(header):
        return False
    filled = [cell.strip() for cell in cells if cell.strip()]
    return bool(filled) and sum(map(bool, map(_BEGINNING.fullmatch, filled))) * 2 >= len(filled)


def _has_no_digits(cells: Sequence[str]) -> bool:
    """Of filled ones: then "Mobile" says whether somebody has one."""
    return any(map(str.strip, cells)) and not any(each.isdigit() for cell in cells for each in cell)


def _best(places: Sequence[int], header: Sequence[str], samples: _Rows, regions: Sequence[str]) -> int:
    """By kind, and then by mobile numbers, of those that have half as many as the best has."""
    mobiles = {place: _mobiles(samples, place, regions) for place in places}
    numbers = {place: _count(samples, place, is_number) for place in places}
    counts = mobiles if any(mobiles.values()) else numbers
    enough = [place for place in places if counts[place] * 2 >= max(counts.values())]
    return min(enough, key=lambda place: (kind_of(header[place]), -mobiles[place], -numbers[place], place))


def _fills(other: int, best: int, samples: _Rows, regions: Sequence[str]) -> bool:
    return any(
        looks_like_mobile(row[other], regions) and not looks_like_mobile(row[best], regions)
        for row in samples
        if max(other, best) < len(row)
    )


def _by_content(header: Sequence[str], samples: _Rows, regions: Sequence[str]) -> PhoneColumn:
    """The column with most mobile numbers, or most numbers, where nearly all of its cells are such."""
    may_be = [place for place, name in enumerate(header) if not _says_otherwise(name)]
    filled = {place: len([cell for cell in _cells(samples, place) if cell.strip()]) for place in may_be}
    numbers = {place: _count(samples, place, is_number) for place in may_be}
    mobiles = {place: _mobiles(samples, place, regions) if numbers[place] else 0 for place in may_be}
    for counts in (mobiles, numbers):
        sure = [place for place in may_be if counts[place] and counts[place] >= NEARLY_ALL * filled[place]]
        if sure:
            best = max(sure, key=lambda place: (counts[place], -place))
            return PhoneColumn(best, _key(header[best]) in _VAGUE, sure)
    return PhoneColumn(
        None, likely=[place for place in may_be if numbers[place] * 2 >= max(filled[place], 1)]
    )


def _says_otherwise(name: str) -> bool:
    """Whether it is called as identifiers, dates and things about a phone are."""
    words = _SIGNS.sub(" ", case_folded(name)).strip()
    return bool(_ID.search(words) or _NO_NUMBER.search(words) or _is_code(name))


def _key(header: str) -> str:
    return _SIGNS.sub("", case_folded(header))


def _mobiles(samples: _Rows, place: int, regions: Sequence[str]) -> int:
    return _count(samples, place, lambda cell: looks_like_mobile(cell, regions))


def _count(samples: _Rows, place: int, is_one: Callable[[str], bool]) -> int:
    return sum(map(is_one, _cells(samples, place)))


def _cells(samples: _Rows, place: int) -> list[str]:
    return [row[place] for row in samples if place < len(row)]
