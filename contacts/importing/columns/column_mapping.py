"""Which column of a file holds what, by its header, in the words of the catalogue of fields."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from contacts.fields import (
    ACTIVE,
    CONSENT_TARGETS,
    EXPORTED,
    FIELDS,
    FULL_NAME,
    LAST_NAME_FIRST,
    MAX_PROPERTY_NAME_LENGTH,
    OTHER_PHONE,
    PHONE_BEGINNING,
    PROPERTY_PREFIX,
    WHOLE_NAMES,
    label,
)
from contacts.importing.columns import phone_columns
from contacts.importing.columns.consent_columns import consent_targets
from contacts.text.full_text_search import case_folded
from contacts.text.normalization import nfc
from contacts.text.regions import region_of_country

# What our own list of rejects calls its reasons; left out when the mended file comes back.
REASON_HEADER = "Why it was not imported"

_SIGNS = re.compile(r"[\W_]+")
_OF_SEVERAL = {OTHER_PHONE, PHONE_BEGINNING, *CONSENT_TARGETS}  # columns may be one such thing
_ABOUT_ANOTHER = re.compile(
    r"(?:phone|email|address|im|website|relation|event|organization|customfield)\d*(?:type|label)"
)
_LABELS = {"groupmembership", "labels"}  # of Google, beside columns about others


def header_key(header: str) -> str:
    """A header as it is compared: no case, no spaces, no punctuation, one spelling a letter."""
    return _SIGNS.sub("", case_folded(header))


def _keys(words: str) -> set[str]:
    """Of words with signs between them."""
    return set(map(header_key, words.split("|")))


_FIELD_OF = {header_key(word): field.name for field in FIELDS for word in field.headers.split("|")}
_OWN_EXPORT = list(map(label, [*EXPORTED, ACTIVE]))
# A whole name, split into first and last.
_WHOLE_NAMES = _keys(
    "name|full name|display name|complete name|contact name|customer name|name and surname"
    "|first and last name|first name last name|your name|contact|nimi|koko nimi|kokonimesi"
    "|asiakkaan nimi|asiakas|henkilö|etu ja sukunimi|etunimi ja sukunimi|etunimi sukunimi|nimesi|namn"
    "|fullt namn|hela namnet|för och efternamn|förnamn och efternamn|förnamn efternamn|kundnamn"
    "|ditt namn|nome completo|nome e cognome|nome cognome|nominativo|nome cliente|vollständiger name"
    "|ganzer name|vor und nachname|vorname und nachname|vorname nachname|vorname name|kundenname"
    "|nom complet|prénom et nom|prénom nom|prenom nom|nombre completo|nombre y apellido"
    "|nombre y apellidos|nombre apellidos|имя фамилия|имя и фамилия|täisnimi|ees ja perekonnanimi"
    "|ees ja perenimi|imię i nazwisko|imię nazwisko|imie i nazwisko|navn|fulde navn|fuldt navn"
    "|fullt navn|for og etternavn|for og efternavn|naam|volledige naam|voor en achternaam|vārds uzvārds"
    "|vārds un uzvārds|vardas pavardė|vardas ir pavardė|nome e sobrenome"
)
_LAST_NAMES_FIRST = _keys(
    "last name first name|surname and name|surname name|file as|nimi suku etu|suku etu|sukunimi etunimi"
    "|sukunimi ja etunimi|suku ja etunimi|namn efter för|efternamn förnamn|efternamn och förnamn"
    "|cognome nome|cognome e nome|name vorname|nachname vorname|familienname vorname|nach und vorname"
    "|nachname und vorname|nom prénom|nom et prénom|nom prenom|nom et prenom|apellidos nombre"
    "|apellidos y nombre|apellido y nombre|фио|фамилия имя|фамилия и имя|фамилия имя отчество"
    "|perekonnanimi eesnimi|perenimi eesnimi|nazwisko imię|nazwisko i imię|nazwisko i imie"
    "|etternavn fornavn|efternavn fornavn|achternaam voornaam|uzvārds vārds|pavardė vardas"
)
# Languages that call a part so, and a whole name, too.
_PART_OR_WHOLE = _keys("nome|nombre|имя|vārds|vardas|nom")
_BARE = _PART_OR_WHOLE | _keys("name|nimi|namn|navn|naam")  # beside a first name, the last one
_COUNTRY_OR_STATE = {"stato"}  # Italian has one word for a country and for whether something is active
# Whose a field is, before or behind its name ("First Name (Billing)"), where no column is called by it alone.
_OWNER = re.compile(
    r"\b(billing|shipping|mailing|delivery|customer|client|contact|person|subscriber|attendee|participant|guest"
    r"|member|lead|primary|personal|default|asiakkaan|asiakas|jäsenen|osallistujan|ilmoittautujan|kundens|kund"
    r"|medlemmens|deltagarens|cliente|partecipante)\b"
)


def field_called(name: str) -> str | None:
    """The field that a word means, in any of the languages: etunimi -> first_name."""
    return _FIELD_OF.get(header_key(name))


def is_known(header: str) -> bool:
    """Whether a cell names a column, as far as we know words for one."""
    key = header_key(header)
    if key in _FIELD_OF or _full_name(key):
        return True
    return phone_columns.kind_of(header) is not None or phone_columns.is_identifier(header)


def is_own_export(headers: Sequence[str]) -> bool:
    return list(headers[: len(_OWN_EXPORT)]) == _OWN_EXPORT


def guess_mapping(
    headers: Sequence[str], samples: Sequence[Sequence[str]] = (), regions: Sequence[str] = ()
) -> list[str]:
    """A target for each column, "" for one that is left out.

    A field is given once, but what tells consent may be told twice: another such column becomes a custom
    property. `samples` are the first rows: of
    columns for one field a filled one is taken, and a column that is blank in all of them is no property.
    """
    if is_own_export(headers):
        chosen = dict(enumerate([*EXPORTED, ACTIVE]))  # properties after them may be called as fields are
    else:
        chosen = _chosen(headers, samples)
        numbers = phone_columns.find(headers, samples, regions)
        chosen |= {} if numbers.column is None else {numbers.column: "phone"}
        chosen |= dict.fromkeys(numbers.others, OTHER_PHONE)
        begin = phone_columns.beginnings(headers, samples)
        chosen |= {place: PHONE_BEGINNING for place in begin if place not in chosen}
        chosen |= consent_targets(headers, samples)
    return _with_properties(headers, samples, chosen)


def chosen_too_often(mapping: Sequence[str]) -> dict[str, int]:
    """Targets of which a contact has one, and several columns: with how many."""
    chosen = Counter(target for target in mapping if target and target not in _OF_SEVERAL)
    return {target: columns for target, columns in chosen.items() if columns > 1}


def _with_properties(
    headers: Sequence[str], samples: Sequence[Sequence[str]], chosen: dict[int, str]
) -> list[str]:
    targets: list[str] = []
    for place, header in enumerate(headers):
        target = chosen.get(place)
        if target is None:
            target = (
                _property(header, [*targets, *chosen.values()]) if _is_told(headers, samples, place) else ""
            )
        targets.append(target)
    return targets


def _chosen(headers: Sequence[str], samples: Sequence[Sequence[str]]) -> dict[int, str]:
    """A field by column, but for the number's; "" for a whole name whose parts are there, too."""
    keys = list(map(header_key, headers))
    places: dict[str, list[int]] = {}
    for place in range(len(keys)):
        field = _field_of(place, keys, samples)
        if field not in {None, "phone"}:
            places.setdefault(field, []).append(place)
    for place, field in _owned(headers, keys, places):
        places.setdefault(field, []).append(place)
    left_out = dict.fromkeys(places.pop("", []), "")
    best = {
        field: among[0] if field == ACTIVE else max(among, key=lambda place: _is_filled(samples, place))
        for field, among in places.items()
    }
    return left_out | {place: field for field, place in best.items()}


def _owned(
    headers: Sequence[str], keys: Sequence[str], exact: Mapping[str, Sequence[int]]
) -> list[tuple[int, str]]:
    """Columns that name a field and whose it is, for fields that no column names alone."""
    found = []
    for place, header in enumerate(headers):
        alone = header_key(_OWNER.sub("", _SIGNS.sub(" ", case_folded(header))))
        field = _FIELD_OF.get(alone) or _full_name(alone)
        if alone != keys[place] and field and field != "phone" and field not in exact:
            found.append((place, field))
    parts = {field for _, field in found} & {"first_name", "last_name"} or exact.keys() & {"last_name"}
    return [(place, field) for place, field in found if field not in WHOLE_NAMES or not parts]


def _field_of(place: int, keys: Sequence[str], samples: Sequence[Sequence[str]]) -> str | None:
    """A whole name beside a part of it alone is the other part."""
    key = keys[place]
    part, whole = _FIELD_OF.get(key), _full_name(key)
    if not whole and key in _COUNTRY_OR_STATE and not _tells_country(samples, place):
        return None
    if not whole and key not in _PART_OR_WHOLE:
        return part
    beside = {_FIELD_OF.get(each) for at, each in enumerate(keys) if at != place}
    others = [name for name in ("first_name", "last_name") if name in beside]
    if others == ["last_name"] or (others == ["first_name"] and key in _BARE):
        return _beside(others[0], place, keys, samples)
    if whole:
        return "" if "last_name" in others else whole
    is_whole = not others and any(" " in cell.strip() for cell in _cells(samples, place))
    return FULL_NAME if is_whole else part


def _beside(part: str, place: int, keys: Sequence[str], samples: Sequence[Sequence[str]]) -> str:
    """What a column is that is called a name: the other part, unless most of its cells hold this, too."""
    of_part = next(at for at, key in enumerate(keys) if at != place and _FIELD_OF.get(key) == part)
    both = [
        (case_folded(row[place]).split(), case_folded(row[of_part]).split())
        for row in samples
        if max(place, of_part) < len(row) and row[place].strip() and row[of_part].strip()
    ]
    whole = [(name, known) for name, known in both if set(known) < set(name)]
    if len(whole) * 2 <= len(both):
        return "last_name" if part == "first_name" else "first_name"
    begin = sum(1 for name, known in whole if name[: len(known)] == known)
    is_last_first = (begin * 2 > len(whole)) == (part == "last_name")
    return LAST_NAME_FIRST if is_last_first else FULL_NAME


def _tells_country(samples: Sequence[Sequence[str]], place: int) -> bool:
    filled = [cell for cell in _cells(samples, place) if cell.strip()]
    return not filled or any(map(region_of_country, filled))


def _full_name(key: str) -> str:
    if key in _LAST_NAMES_FIRST:
        return LAST_NAME_FIRST
    return FULL_NAME if key in _WHOLE_NAMES else ""


def _is_told(headers: Sequence[str], samples: Sequence[Sequence[str]], place: int) -> bool:
    """Whether a column that is no field is worth a property: it is filled, and no label of another."""
    key = header_key(headers[place])
    if _ABOUT_ANOTHER.fullmatch(key):
        return False
    if key in _LABELS and any(map(_ABOUT_ANOTHER.fullmatch, map(header_key, headers))):
        return False
    return not samples or _is_filled(samples, place)


def _is_filled(samples: Sequence[Sequence[str]], place: int) -> bool:
    return any(cell.strip() for cell in _cells(samples, place))


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
