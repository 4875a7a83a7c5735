"""The catalogue of a contact's fields: what importing, the form, the table, the sheet, exports, SmartDialog,
messages, searches and erasure know of them.

A new field is an entry here and a migration; one that SmartDialog takes is named in
gateway.smartdialog.types as well. Its values are by *target*: the name of a field, "property:<name>" for a
custom property, or "active".
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import TextChoices

from contacts.text import consent_words, names, values
from contacts.text.values import Parser

# A contact's values by target; only what is filled.
Values = dict[str, str | int]

PROPERTY_PREFIX = "property:"
MAX_PROPERTY_NAME_LENGTH = 100
MAX_PROPERTY_LENGTH = 500
# Whether somebody gets messages, as a file's columns say it: a No is kept, and opts them out.
ACTIVE, ACTIVE_HEADER = "active", "Gets messages"
# A column with the whole name, which becomes the first and the last: of any order with a comma in it.
FULL_NAME, LAST_NAME_FIRST = "full_name", "full_name:last_first"
# A column with another number, which is read where the first has no mobile one.
OTHER_PHONE = "other_phone"
# A column with what the numbers of another begin with: the code of an area or a country.
PHONE_BEGINNING = "phone_beginning"
WHOLE_NAMES = {FULL_NAME: "Full name", LAST_NAME_FIRST: "Full name, last name first"}
PROHIBITION = "prohibition"
CONSENT_TARGETS = (ACTIVE, PROHIBITION)


class Gender(TextChoices):
    FEMALE = "Female"
    MALE = "Male"
    OTHER = "Other"


@dataclass(frozen=True, kw_only=True)
class Field:
    name: str  # of its column, and in the gateway's types
    wire: str  # what SmartDialog calls it, and placeholders of messages do
    label: str
    headers: str  # of a file's column, without case, spaces and signs: "phone number" is "Phone-Number", too
    max_length: int
    max_typed: int = 0  # where more may be typed than is kept: the name of a country
    parser: Parser | None = None  # of what is not any text
    is_number: bool = False
    is_word: bool = False  # a name or a town: no date or number of a spreadsheet's becomes one
    choices: Sequence[tuple[str, str]] = ()
    input_attrs: Mapping[str, str] = field(default_factory=dict)
    help_text: str = ""  # for who types it
    kept_as: str = ""  # for who reads the column
    beside: bool = False  # in the form, on the line of the field before
    in_table: bool = True  # among the columns to choose, and the facts of the sheet
    exported: bool = True
    searched: bool = False
    placeholder: bool = False  # a message can say it
    personal: bool = True  # emptied at once when the person is erased

    @property
    def blank(self) -> str | None:
        """What a contact has where nothing is known."""
        return None if self.is_number else ""

    @property
    def emptied(self) -> str | int:
        """What a row of a file says that empties it: null there says nothing."""
        return 0 if self.is_number else ""

    @property
    def parse(self) -> Parser:
        return self.parser or values.text_up_to(self.max_length)


# In the order people read them. The number comes first: it is the key, and no row or contact is without.
FIELDS = (
    Field(
        name="phone",
        wire="phone",
        label="Phone number",
        headers=(
            "phone|phone no|phone nr|phone number|telephone|telephone no|telephone number|mobile|mobile no|"
            "mobile number|mobile phone|mobile phone number|contact number|number|cell|cell number|"
            "cell phone|cell phone number|msisdn|tel|tel no|gsm|sms|sms number|whatsapp|whatsapp number|"
            "puhelin|puhelin nro|puhelinnumero|puh|puh nro|puh numero|matkapuhelin|matkapuhelinnumero|"
            "matkapuhelin nro|gsm numero|gsm nro|kännykkä|kännykkänumero|kännykän numero|numero|telefon|"
            "telefon nr|telefonnummer|mobil|mobil nr|mobilnummer|mobiltelefon|mobiltelefonnummer|tfn|tfn nr|"
            "tel nr|nummer|telefono|telefono cellulare|telefono mobile|numero di telefono|numero telefono|"
            "numero telefonico|cellulare|cel|numero cellulare|numero di cellulare|n telefono|n di telefono|"
            "n cellulare|recapito telefonico"
        ),
        max_length=20,
        in_table=False,
    ),
    Field(
        name="first_name",
        wire="firstName",
        label="First name",
        headers=(
            "first name|given name|given names|forename|fname|etunimi|etunimet|kutsumanimi|förnamn|"
            "tilltalsnamn|nome|nome di battesimo"
            "|contact first name|customer first name|billing first name|givenname"
            "|vorname|vornamen|rufname|prénom|prénoms|prenom|nombre|nombres|nombre de pila|имя|eesnimi"
            "|imię|imie|fornavn|voornaam|roepnaam|vārds|vardas"
        ),
        max_length=100,
        is_word=True,
        searched=True,
        placeholder=True,
        in_table=False,
    ),
    Field(
        name="last_name",
        wire="lastName",
        label="Last name",
        headers=(
            "last name|surname|family name|lname|sukunimi|efternamn|släktnamn|cognome"
            "|contact last name|customer last name|billing last name"
            "|nachname|familienname|zuname|nom|nom de famille|apellido|apellidos|primer apellido|фамилия"
            "|perekonnanimi|perenimi|nazwisko|etternavn|efternavn|achternaam|sobrenome|apelido|uzvārds|pavardė"
        ),
        max_length=100,
        is_word=True,
        beside=True,
        searched=True,
        placeholder=True,
        in_table=False,
    ),
    Field(
        name="email",
        wire="email",
        label="Email",
        headers=(
            "email|email address|mail|mail address|sähköposti|sähköpostiosoite|sähköpostios|s posti|epost|"
            "e postadress|mejl|mejladress|mailadress|posta elettronica|indirizzo email|indirizzo mail|"
            "indirizzo di posta elettronica"
            "|email 1 value|email 1|primary email|email primary|email personal|personal email"
            "|work email|email work|email home|contact email|customer email|your email|sähköpostisi"
            "|user email|din e post|la tua email|indirizzo e mail|indirizzo posta elettronica"
        ),
        max_length=254,
        parser=values.parse_email,
        input_attrs={"type": "email"},
        searched=True,
        placeholder=True,
    ),
    Field(
        name="gender",
        wire="gender",
        label="Gender",
        headers="gender|sex|sukupuoli|kön|könstillhörighet|sesso|genere",
        max_length=6,
        parser=values.parse_gender,
        choices=Gender.choices,
        placeholder=True,
    ),
    Field(
        name="birth_year",
        wire="birthYear",
        label="Birth year",
        headers=(
            "birth year|year of birth|born|yob|birth date|date of birth|birthday|dob|syntymävuosi|synt vuosi|"
            "syntymäaika|syntymäpäivä|synt aika|födelseår|födelsedatum|födelsedag|född|anno di nascita|"
            "anno nascita|data di nascita|data nascita|nascita"
            "|birth day|birth date yyyy mm dd|syntymä aika|compleanno"
        ),
        max_length=4,
        is_number=True,
        parser=values.parse_birth_year,
        beside=True,
        input_attrs={"inputmode": "numeric"},
        placeholder=True,
    ),
    Field(
        name="street_address",
        wire="streetAddress",
        label="Street address",
        headers=(
            "street address|street|address|address 1|address line 1|home address|postal address|"
            "mailing address|katuosoite|osoite|lähiosoite|kotiosoite|postiosoite|gatuadress|adress|gata|"
            "postadress|hemadress|utdelningsadress|indirizzo|indirizzo di casa|via"
            "|home street|street line 1|address street|address 1 street|address 1 2|default address address1"
            "|address1|billing address1|billing address|street 1|home address street"
            "|business street|work street|mailing street|shipping street|other street|katu"
            "|gatuadress 1|indirizzo 1"
            "|katuosoite koti|katuosoite työ|gatuadress hem|gatuadress arbete|via ab|via uff"
        ),
        max_length=200,
        placeholder=True,
    ),
    Field(
        name="zip_code",
        wire="zipCode",
        label="Postal code",
        headers=(
            "zip|zip code|zip postal code|postcode|postal code|postinumero|posti nro|postnummer|post nr|cap|"
            "codice postale|codice di avviamento postale"
            "|home postal code|address 1 postal code|address zip|default address zip"
            "|business postal code|billing zip|mailing zip postal code|work postal code"
            "|other postal code|home zip|address 1 zip|postinro|zipcode|postal"
            "|postinumero koti|postinumero työ|postnummer hem|postnummer arbete|cap ab|cap uff"
        ),
        max_length=20,
        placeholder=True,
    ),
    Field(
        name="city",
        wire="city",
        label="City",
        headers=(
            "city|town|place|locality|kaupunki|postitoimipaikka|paikkakunta|kunta|asuinpaikka|kotikunta|stad|"
            "ort|postort|kommun|bostadsort|città|citta|comune|località|luogo"
            "|home city|address 1 city|address city|default address city|business city|billing city"
            "|mailing city|work city|other city"
            "|postitoimipaikka koti|postitoimipaikka työ|ort hem|ort arbete|città ab|città uff"
        ),
        max_length=100,
        is_word=True,
        beside=True,
        placeholder=True,
    ),
    Field(
        name="country_code",
        wire="countryCode",
        label="Country",
        headers=(
            "country|country code|maa|maakoodi|maatunnus|land|landskod|landkod|paese|codice paese|nazione|"
            "stato"
            "|country region|home country region|home country|address 1 country|address country"
            "|default address country code|default address country|country territory"
            "|business country region|billing country|mailing country|work country|other country"
            "|country iso|iso country|country iso code|iso country code|country name|country of residence"
            "|residence country|phone country|country of phone|mobile country|phone country code"
            "|asuinmaa|kotimaa|maan nimi|puhelimen maa|hemland|bosättningsland|bostadsland|landsnamn"
            "|paese di residenza|paese residenza|nome paese|nome del paese|stato di residenza"
            "|pays|pays de résidence|país|riik|elukohariik|kraj|kraj zamieszkania|страна|wohnsitzland"
            "|maa alue koti|maa alue työ|land region hem|land region arbete|paese ab|paese uff"
        ),
        max_length=3,
        max_typed=60,
        parser=values.parse_country,
        beside=True,
        help_text="A name or a code, such as Finland or FIN.",
        kept_as="Three letters, such as FIN.",
    ),
)
DETAILS = FIELDS[1:]  # all but the number

NAMES = tuple(each.name for each in FIELDS)
DETAIL_NAMES = NAMES[1:]
EXPORTED = tuple(each.name for each in FIELDS if each.exported)
SEARCHED = tuple(each.name for each in DETAILS if each.searched)
FACTS = tuple((each.name, each.label) for each in DETAILS if each.in_table)
PERSONAL = {each.name: each.blank for each in DETAILS if each.personal}
BLANKS = {each.name: each.blank for each in DETAILS}
EMPTIED = {each.name: each.emptied for each in DETAILS}

_LABELS = (
    {each.name: each.label for each in FIELDS}
    | WHOLE_NAMES
    | {
        ACTIVE: ACTIVE_HEADER,
        PROHIBITION: "Opted out",
        OTHER_PHONE: "Another phone number",
        PHONE_BEGINNING: "Beginning of the phone number",
        "": "Not imported",
    }
)
_PARSERS = {each.name: each.parse for each in DETAILS} | {
    ACTIVE: consent_words.parse_permission,
    PROHIBITION: consent_words.parse_prohibition,
}
# Of cells of a file: what a spreadsheet has made of a name is none.
_CELL_PARSERS = _PARSERS | {
    **{each.name: names.word_up_to(each.max_length) for each in DETAILS if each.is_word},
    **dict.fromkeys(WHOLE_NAMES, names.word_up_to(200)),
}
_PROPERTY_PARSER = values.text_up_to(MAX_PROPERTY_LENGTH)
_LIMITS = {each.name: each.max_typed or each.max_length for each in FIELDS}


def label(target: str) -> str:
    """What a person calls the target."""
    if target.startswith(PROPERTY_PREFIX):
        return target.removeprefix(PROPERTY_PREFIX)
    return _LABELS.get(target, target)


def parser_of(target: str) -> Parser:
    """Of filled, clean texts; it raises InvalidValue."""
    return _PARSERS.get(target, _PROPERTY_PARSER)


def cell_parser_of(target: str) -> Parser:
    """The same, of the cells of a file."""
    return _CELL_PARSERS.get(target, _PROPERTY_PARSER)


def limit_of(target: str) -> int:
    """Characters that may be written for it."""
    return _LIMITS.get(target, MAX_PROPERTY_LENGTH)
