"""Which column of a file holds what, by its header in English, Finnish, Swedish or Italian."""

import re
from collections.abc import Sequence

from contacts.text.full_text_search import case_folded
from contacts.text.normalization import nfc

# The fields of a contact, in the order people read them. A target is one of these,
# "property:<name>" for a custom property, or "" for a column that is left out.
FIELDS = {
    "phone": "Phone number",
    "first_name": "First name",
    "last_name": "Last name",
    "email": "Email",
    "gender": "Gender",
    "birth_year": "Birth year",
    "street_address": "Street address",
    "zip_code": "Postal code",
    "city": "City",
    "country_code": "Country",
}
PROPERTY_PREFIX = "property:"
MAX_PROPERTY_NAME_LENGTH = 100

# What our own list of rejects calls its reasons; left out when the mended file comes back.
REASON_HEADER = "Why it was not imported"
# And our own list of people whether they get messages: a row that says No is left out, as opted out.
ACTIVE, ACTIVE_HEADER = "active", "Gets messages"

_SIGNS = re.compile(r"[\W_]+")
_LIKE_A_NUMBER = re.compile(r"'?\+?[\d\s().\-/]{7,24}")

# Compared without spaces and signs: "phone number" is also "Phone-Number" and "phonenumber".
_HEADERS = {
    "phone": """phone|phone no|phone nr|phone number|telephone|telephone no|telephone number|
        mobile|mobile no|mobile number|mobile phone|mobile phone number|contact number|number|
        cell|cell number|cell phone|cell phone number|msisdn|tel|tel no|gsm|sms|sms number|
        whatsapp|whatsapp number|
        puhelin|puhelin nro|puhelinnumero|puh|puh nro|puh numero|matkapuhelin|matkapuhelinnumero|
        matkapuhelin nro|gsm numero|gsm nro|kännykkä|kännykkänumero|kännykän numero|numero|
        telefon|telefon nr|telefonnummer|mobil|mobil nr|mobilnummer|mobiltelefon|mobiltelefonnummer|
        tfn|tfn nr|tel nr|nummer|
        telefono|telefono cellulare|telefono mobile|numero di telefono|numero telefono|numero telefonico|
        cellulare|cel|numero cellulare|numero di cellulare|n telefono|n di telefono|n cellulare|
        recapito telefonico""",
    "first_name": """first name|given name|given names|forename|fname|
        etunimi|etunimet|kutsumanimi|förnamn|tilltalsnamn|nome|nome di battesimo""",
    "last_name": """last name|surname|family name|lname|sukunimi|efternamn|släktnamn|cognome""",
    "email": """email|email address|mail|mail address|sähköposti|sähköpostiosoite|sähköpostios|s posti|
        epost|e postadress|mejl|mejladress|mailadress|
        posta elettronica|indirizzo email|indirizzo mail|indirizzo di posta elettronica""",
    "gender": "gender|sex|sukupuoli|kön|könstillhörighet|sesso|genere",
    "birth_year": """birth year|year of birth|born|yob|birth date|date of birth|birthday|dob|
        syntymävuosi|synt vuosi|syntymäaika|syntymäpäivä|synt aika|
        födelseår|födelsedatum|födelsedag|född|
        anno di nascita|anno nascita|data di nascita|data nascita|nascita""",
    "street_address": """street address|street|address|address 1|address line 1|home address|postal address|
        mailing address|katuosoite|osoite|lähiosoite|kotiosoite|postiosoite|
        gatuadress|adress|gata|postadress|hemadress|utdelningsadress|indirizzo|indirizzo di casa|via""",
    "zip_code": """zip|zip code|zip postal code|postcode|postal code|
        postinumero|posti nro|postnummer|post nr|cap|codice postale|codice di avviamento postale""",
    "city": """city|town|place|locality|kaupunki|postitoimipaikka|paikkakunta|kunta|asuinpaikka|kotikunta|
        stad|ort|postort|kommun|bostadsort|città|citta|comune|località|luogo""",
    "country_code": """country|country code|maa|maakoodi|maatunnus|
        land|landskod|landkod|paese|codice paese|nazione|stato""",
}

# A row that says No in one of these is left out; taken for a property, it would make them a recipient.
_ACTIVE_HEADERS = """active|is active|opt in|opted in|subscribed|subscriber|consent|marketing consent|
    sms consent|marketing permission|aktiivinen|lupa|markkinointilupa|suoramarkkinointilupa|viestilupa|
    suostumus|saa viestejä|aktiv|samtycke|får meddelanden|attivo|attiva|consenso|consenso marketing|
    iscritto|iscritta|riceve messaggi"""


def header_key(header: str) -> str:
    """A header as it is compared: no case, no spaces, no punctuation, one spelling a letter."""
    return _SIGNS.sub("", case_folded(header))


_FIELD_OF = {header_key(word): field for field, words in _HEADERS.items() for word in words.split("|")} | {
    header_key(word): ACTIVE for word in (ACTIVE_HEADER, *_ACTIVE_HEADERS.split("|"))
}


def guess_mapping(headers: Sequence[str], samples: Sequence[Sequence[str]] = ()) -> list[str]:
    """A target for each column. A field is given once: another such column becomes a custom property.

    `samples` are the first rows: where no header says phone, the column whose cells look most like
    phone numbers is taken.
    """
    targets: list[str] = []
    fields = [_FIELD_OF.get(header_key(header), "") for header in headers]
    numbers = _best([column for column, field in enumerate(fields) if field == "phone"], samples)
    for place, (header, field) in enumerate(zip(headers, fields, strict=True)):
        is_free = field not in targets and (field != "phone" or place == numbers)
        targets.append(field if field and is_free else _property(header, targets))
    if "phone" not in targets and (column := guess_phone_column(samples)) is not None:
        targets[column] = "phone"
    return targets


def _best(columns: Sequence[int], samples: Sequence[Sequence[str]]) -> int | None:
    """Of columns that say they hold numbers, the one whose cells look it most; the first of equals."""
    return max(columns, key=lambda column: _phone_share(_cells(samples, column)), default=None)


def guess_phone_column(samples: Sequence[Sequence[str]]) -> int | None:
    """The column that looks most like phone numbers, in half of its filled cells at least; or None."""
    width = max(map(len, samples), default=0)
    shares = [_phone_share(_cells(samples, column)) for column in range(width)]
    best = max(shares, default=0)
    return shares.index(best) if best >= 0.5 else None


def header_holds_phone(header: Sequence[str]) -> bool:
    """Whether a header holds a phone number: then it is no header, but the first contact."""
    return any(_phone_share([cell]) for cell in header)


def label(target: str) -> str:
    """What a person calls the target."""
    if target.startswith(PROPERTY_PREFIX):
        return target.removeprefix(PROPERTY_PREFIX)
    return (FIELDS | {ACTIVE: ACTIVE_HEADER, "": "Left out"}).get(target, target)


def _property(header: str, taken: Sequence[str]) -> str:
    if header_key(header) == header_key(REASON_HEADER):
        return ""
    words = " ".join(nfc(header).replace("\ufffd", "").split())
    name = "".join(filter(str.isprintable, words))[:MAX_PROPERTY_NAME_LENGTH].strip()
    target = f"{PROPERTY_PREFIX}{name}" if name else ""
    number = 2
    while target and target in taken:
        target = f"{PROPERTY_PREFIX}{name[: MAX_PROPERTY_NAME_LENGTH - 5]} ({number})"
        number += 1
    return target


def _cells(samples: Sequence[Sequence[str]], column: int) -> list[str]:
    return [row[column] for row in samples if column < len(row)]


def _phone_share(cells: Sequence[str]) -> float:
    filled = [cell.strip() for cell in cells if cell.strip()]
    alike = [cell for cell in filled if _LIKE_A_NUMBER.fullmatch(cell) and _digits(cell) >= 7]
    return len(alike) / len(filled) if filled else 0


def _digits(text: str) -> int:
    return sum(character.isdigit() for character in text)
