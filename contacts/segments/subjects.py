"""What a segment can compare: fields of the catalogue, properties, consent, groups, imports, times."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from contacts import fields
from contacts.fields import PROPERTY_PREFIX
from contacts.segments import days
from contacts.segments.syntax import (
    NOWHERE,
    WITHOUT_VALUE,
    Comparison,
    Relation,
    SegmentError,
    Span,
    quoted,
)

TEXT = (Relation.EQUALS, Relation.DIFFERS, Relation.CONTAINS, Relation.EMPTY, Relation.FILLED)
ORDER = (Relation.LESS, Relation.AT_MOST, Relation.MORE, Relation.AT_LEAST)
DAYS = (Relation.SINCE, Relation.BEFORE, Relation.WITHIN)
SAME = (Relation.EQUALS, Relation.DIFFERS)
MAX_DIGITS = 15  # of a number that every database compares alike

CONSENT = {
    "active": "Active",
    "opted out": "Opted out",
    "undecided": "Undecided",
    "inactive": "Not active in the group",
}
SYNC = {"waiting": "Syncing", "failed": "Not synced", "synced": "Synced"}
NUMBER_TYPES = {"mobile": "Mobile", "landline": "Land line", "other": "Other number"}


@dataclass(frozen=True)
class Subject:
    """`words`: as the text says it. `choices`: its only values, and what people call them."""

    key: str
    words: str
    relations: Sequence[Relation]
    choices: Mapping[str, str] | None = None


GROUP, IMPORT, IMPORTED_BY, ANYTHING = "group", "import", "imported by", "anything"
TIMES = {"added": "created_at", "changed": "updated_at", "verified": "verified_at"}
_OWN = (
    *(
        Subject(
            each.name,
            each.label.casefold(),
            (*SAME, *ORDER, Relation.EMPTY, Relation.FILLED) if each.is_number else TEXT,
        )
        for each in fields.FIELDS
    ),
    Subject("consent", "consent", SAME, CONSENT),
    Subject("number type", "number type", SAME, NUMBER_TYPES),
    Subject("sync", "sync", SAME, SYNC),
    *(Subject(each, each, DAYS) for each in TIMES),
    *(Subject(each, each, SAME) for each in (GROUP, IMPORT, IMPORTED_BY)),
    Subject(ANYTHING, ANYTHING, (Relation.CONTAINS,)),
)
SUBJECTS = {each.key: each for each in _OWN}
NUMBERS = {each.name for each in fields.FIELDS if each.is_number}
REFERENCES = (GROUP, IMPORT, IMPORTED_BY)
_BY_WORDS = {each.words: each.key for each in _OWN} | {each.key: each.key for each in _OWN}


def subject_of(key: str) -> Subject:
    """A custom property is compared as a text, a number or a day, as the relation asks."""
    known = SUBJECTS.get(key)
    return known or Subject(key, key.removeprefix(PROPERTY_PREFIX), (*TEXT, *ORDER, *DAYS))


def key_of(words: str) -> str:
    """Of what a text calls so; what is no field is a custom property of just this name."""
    if words.startswith(PROPERTY_PREFIX):
        return words
    return _BY_WORDS.get(" ".join(words.casefold().split())) or f"{PROPERTY_PREFIX}{words}"


def property_of(key: str) -> str:
    """The name of a custom property; "" for another subject."""
    return key.removeprefix(PROPERTY_PREFIX) if key.startswith(PROPERTY_PREFIX) else ""


def words_of(key: str, reserved: Sequence[str] = ()) -> str:
    """As the text says it, so that it is read as the same. `reserved`: words that begin something else."""
    words = subject_of(key).words
    return quoted(words if key_of(words) == key else key, reserved)


def compared(key: str, relation: Relation, value: str, place: Span = NOWHERE) -> Comparison:
    """Raises SegmentError where the subject has no such relation or value."""
    subject = subject_of(key)
    if relation not in subject.relations:
        allowed = ", ".join(subject.relations)
        raise SegmentError(f"“{subject.words}” does not go with “{relation}”, but with {allowed}.", place)
    if relation in WITHOUT_VALUE:
        return Comparison(key, relation, "", place)
    try:
        return Comparison(key, relation, _value_of(subject, relation, value), place)
    except ValueError as error:
        raise SegmentError(str(error), place) from error


def _value_of(subject: Subject, relation: Relation, text: str) -> str:
    """As it is kept. Raises ValueError with the reason why it cannot be compared so."""
    if subject.choices is not None:
        return _choice(subject.choices, text)
    if relation == Relation.WITHIN:
        return _stretch(text)
    if relation in DAYS:
        return _day(text)
    if relation in ORDER or subject.key in NUMBERS:
        return _number(text, whole=subject.key in NUMBERS)
    if not text:
        raise ValueError("Say “is empty” for those who have no value.")
    return text


def _choice(choices: Mapping[str, str], text: str) -> str:
    if (value := " ".join(text.casefold().split())) not in choices:
        raise ValueError(f"It can be {', '.join(choices)}.")
    return value


def _day(text: str) -> str:
    try:
        return days.as_written(text)
    except ValueError:
        raise ValueError("Write a day as 2026-01-31, today, tomorrow, 30 days ago or in 14 days.") from None


def _stretch(text: str) -> str:
    try:
        return days.stretch_as_written(text)
    except ValueError:
        raise ValueError("Write within which days: next 14 days or last 30 days.") from None


def _number(text: str, *, whole: bool) -> str:
    written = text.strip().replace(",", ".")
    digits = written.removeprefix("-").replace(".", "", 0 if whole else 1)
    if not (digits.isascii() and digits.isdigit() and len(digits) <= (4 if whole else MAX_DIGITS)):
        raise ValueError("Write a whole number." if whole else "Write a number, such as 100 or 7.5.")
    if written.endswith(".") or written.removeprefix("-").startswith("."):
        raise ValueError("Write a number, such as 100 or 7.5.")
    return written
