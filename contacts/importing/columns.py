"""Which column of a file holds what, by its header in English, Finnish, Swedish or Italian."""

import re
import unicodedata
from collections.abc import Sequence

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
PROPERTY = "property:"
LONGEST_PROPERTY_NAME = 100

# What our own list of rejects calls its reasons; left out when the mended file comes back.
REASON_HEADER = "Why it was not imported"

_HEADERS = {
    "phone": """phone|phone number|phone no|telephone|telephone number|mobile|mobile number|mobile phone|cell|
        cell phone|cellphone|msisdn|number|tel|gsm|sms|whatsapp|
        puhelin|puhelinnumero|puh|puhelinnro|matkapuhelin|matkapuhelinnumero|gsm numero|kännykkä|numero|
        telefon|telefonnummer|mobil|mobilnummer|mobiltelefon|tfn|tel nr|
        telefono|numero di telefono|cellulare|numero di cellulare|cell|recapito telefonico""",
    "first_name": """first name|firstname|given name|forename|fname|etunimi|etunimet|kutsumanimi|
        förnamn|tilltalsnamn|nome|nome di battesimo""",
    "last_name": """last name|lastname|surname|family name|lname|sukunimi|efternamn|cognome""",
    "email": """email|e mail|email address|e mail address|mail|sähköposti|sähköpostiosoite|s posti|
        epost|e post|e postadress|epostadress|mejl|posta elettronica|indirizzo email|indirizzo e mail""",
    "gender": "gender|sex|sukupuoli|kön|sesso|genere",
    "birth_year": """birth year|year of birth|birthyear|born|yob|birth date|birthdate|date of birth|
        birthday|dob|syntymävuosi|synt vuosi|syntymäaika|syntymäpäivä|födelseår|födelsedatum|född|
        anno di nascita|data di nascita|nascita""",
    "street_address": """street address|street|address|address line 1|home address|
        katuosoite|osoite|lähiosoite|gatuadress|adress|gata|postadress|indirizzo|via""",
    "zip_code": """zip|zip code|zipcode|postcode|post code|postal code|postinumero|postinro|
        postnummer|postnr|cap|codice postale|codice di avviamento postale""",
    "city": """city|town|kaupunki|postitoimipaikka|paikkakunta|kunta|stad|ort|postort|
        città|citta|comune|località""",
    "country_code": """country|country code|maa|maakoodi|maatunnus|land|landskod|landkod|
        paese|codice paese|nazione|stato""",
}


def key(header: str) -> str:
    """A header as it is compared: no case, no punctuation, letters composed."""
    composed = unicodedata.normalize("NFC", header).casefold()
    return " ".join(re.sub(r"[\W_]+", " ", composed).split())


_FIELD_OF = {key(word): field for field, words in _HEADERS.items() for word in words.split("|")}


def recognise(headers: Sequence[str], samples: Sequence[Sequence[str]] = ()) -> list[str]:
    """A target for each column. A field is given once: a second such column becomes a custom property.

    `samples` are the first rows: where no header says phone, the column whose cells look most like
    phone numbers is taken.
    """
    targets: list[str] = []
    for header in headers:
        field = _FIELD_OF.get(key(header), "")
        targets.append(field if field and field not in targets else _property(header, targets))
    if "phone" not in targets and (column := phone_by_content(samples)) is not None:
        targets[column] = "phone"
    return targets


def phone_by_content(samples: Sequence[Sequence[str]]) -> int | None:
    """The column that looks most like phone numbers, in half of its filled cells at least; or None."""
    width = max(map(len, samples), default=0)
    shares = [_phone_share([row[column] for row in samples if column < len(row)]) for column in range(width)]
    best = max(shares, default=0)
    return shares.index(best) if best >= 0.5 else None


def label(target: str) -> str:
    """What a person calls the target."""
    if target.startswith(PROPERTY):
        return target.removeprefix(PROPERTY)
    return (FIELDS | {"active": "Gets messages", "": "Left out"}).get(target, target)


def _property(header: str, taken: Sequence[str]) -> str:
    if key(header) == key(REASON_HEADER):
        return ""
    name = " ".join(unicodedata.normalize("NFC", header).replace("\ufffd", "").split())[
        :LONGEST_PROPERTY_NAME
    ]
    target = f"{PROPERTY}{name}" if name else ""
    number = 2
    while target and target in taken:
        target = f"{PROPERTY}{name[: LONGEST_PROPERTY_NAME - 5]} ({number})"
        number += 1
    return target


def _phone_share(cells: Sequence[str]) -> float:
    filled = [cell.strip() for cell in cells if cell.strip()]
    alike = [cell for cell in filled if re.fullmatch(r"'?\+?[\d\s().\-/]{7,24}", cell) and _digits(cell) >= 7]
    return len(alike) / len(filled) if filled else 0


def _digits(text: str) -> int:
    return sum(character.isdigit() for character in text)
