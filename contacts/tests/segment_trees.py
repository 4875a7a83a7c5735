"""Segments made at random, and a plain evaluation of them in Python, for what the database says to equal."""

import re
import unicodedata
from datetime import date, datetime, time, timedelta
from functools import partial

from django.utils import timezone
from hypothesis import strategies as st

from contacts.models import Contact, Suppression
from contacts.segments import days, form_rows, subjects
from contacts.segments.form_rows import FormRow
from contacts.segments.syntax import (
    All,
    Any,
    Comparison,
    Deed,
    Node,
    Not,
    Relation,
    conjunction,
    disjunction,
)
from contacts.text.full_text_search import parse_search

TODAY = date(2026, 3, 31)
GROUPS, PROPERTIES = (
    ["Jäsenet", "Kanta-asiakkaat"],
    ["Level", "city", "is", "a b", "a within b", "within", 'say "so"', "property:x"],
)
TEXTS = [
    "Turku",
    "turku",
    "TURKU",
    "Åbo",
    "ÅBO",
    "new york",
    "gold",
    "100",
    "7,5",
    "-3",
    "2026-03-01",
    "a",
    "ß",
]
DAYS = ["today", "yesterday", "30 days ago", "1 month ago", "2 weeks ago", "2026-03-01", "1 year ago"]
DAYS += ["tomorrow", "in 14 days", "in 1 month", "in 2 weeks", "in 9999 years"]
STRETCHES = [
    "next 14 days",
    "last 30 days",
    "last 1 month",
    "next 1 year",
    "last 9999 years",
    "next 9999 years",
]

any_text = st.one_of(
    st.sampled_from(
        [*TEXTS, "and", 'a "b" c', "received x", "“x”", "a  b", "<=", "not empty", "within reach", "Within"]
    ),
    st.text(st.characters(exclude_categories=["Cs", "Cc"], codec="utf-8"), min_size=1, max_size=8),
).map(partial(unicodedata.normalize, "NFC"))


@st.composite
def comparisons(draw, texts=any_text) -> Comparison:
    """Any subject with any of its relations."""
    properties = st.sampled_from([f"property:{name}" for name in PROPERTIES])
    subject = subjects.subject_of(draw(st.one_of(st.sampled_from(sorted(subjects.SUBJECTS)), properties)))
    relation = draw(st.sampled_from(subject.relations))
    return subjects.compared(subject.key, relation, draw(values(subject, relation, texts)))


def values(subject, relation, texts) -> st.SearchStrategy[str]:
    if subject.choices:
        return st.sampled_from(sorted(subject.choices))
    if relation == Relation.WITHIN:
        return st.sampled_from(STRETCHES)
    if relation in subjects.DAYS:
        return st.sampled_from(DAYS)
    if subject.key in subjects.NUMBERS:
        return st.integers(0, 2026).map(str)
    if relation in subjects.ORDER:
        return st.sampled_from(["100", "7.5", "-3", "0", "99.999"])
    if subject.key == subjects.GROUP:
        return st.sampled_from(GROUPS)
    if subject.key == subjects.IMPORT:
        return st.just("jäsenet.csv")
    return st.just("Mikko") if subject.key == subjects.IMPORTED_BY else texts


def trees(leaves) -> st.SearchStrategy[Node]:
    return st.recursive(
        leaves,
        lambda parts: st.one_of(
            parts.map(Not),
            st.lists(parts, min_size=2, max_size=3).map(conjunction),
            st.lists(parts, min_size=2, max_size=3).map(disjunction),
        ),
        max_leaves=6,
    )


@st.composite
def rows(draw) -> list[FormRow]:
    """As a form may be filled in."""
    found = []
    for number in range(draw(st.integers(1, 4))):
        join = draw(st.sampled_from([form_rows.AND, form_rows.OR])) if number else form_rows.AND
        chosen = draw(comparisons())
        lacks = chosen.relation == Relation.CONTAINS and draw(st.booleans())
        relation = form_rows.LACKS if lacks else chosen.relation
        found.append(FormRow(join, chosen.subject, relation, chosen.value))
    return found


def holds(node: Node, contact: Contact) -> bool:
    match node:
        case All(parts):
            return all(holds(part, contact) for part in parts)
        case Any(parts):
            return any(holds(part, contact) for part in parts)
        case Not(part):
            return not holds(part, contact)
        case Deed():
            raise NotImplementedError
        case Comparison(subject, Relation.DIFFERS, value):
            return not holds(Comparison(subject, Relation.EQUALS, value), contact)
        case Comparison(subject, Relation.FILLED, _):
            return not holds(Comparison(subject, Relation.EMPTY), contact)
        case Comparison(subject, Relation.WITHIN, value):
            first, last = days.days_of(value, TODAY)
            after = (last + timedelta(days=1)).isoformat()
            is_before = _says(subject, Relation.BEFORE, after, contact)
            return is_before and _says(subject, Relation.SINCE, first.isoformat(), contact)
        case Comparison(subject, relation, value):
            return _says(subject, relation, value, contact)
    raise AssertionError(node)


def _says(subject: str, relation: Relation, value: str, contact: Contact) -> bool:
    name = subjects.property_of(subject)
    if name:
        return _text_says(str(contact.properties.get(name, "")), relation, value)
    if subject in subjects.TIMES:
        moment = getattr(contact, subjects.TIMES[subject])
        return moment is not None and _ordered(moment, relation, _midnight(value))
    if subject in subjects.NUMBERS:
        number = getattr(contact, subject)
        return number is None if relation == Relation.EMPTY else _number_says(number, relation, int(value))
    if subject in OWN:
        return OWN[subject](contact) == value
    if subject == subjects.GROUP:
        return Contact.objects.filter(phone=contact.phone, group__name=value).exists()
    if subject == subjects.IMPORT:
        return bool(contact.last_import and contact.last_import.original_name == value)
    if subject == subjects.IMPORTED_BY:
        return bool(contact.last_import and contact.last_import.created_by.name == value)
    if subject == subjects.ANYTHING:
        return _has_words(contact, value)
    return _text_says(getattr(contact, subject), relation, value)


def _text_says(said: str, relation: Relation, value: str) -> bool:
    written = {value, value.lower(), value.upper(), value.capitalize(), value.title()}
    match relation:
        case Relation.EMPTY:
            return said == ""
        case Relation.EQUALS:
            return said in written
        case Relation.CONTAINS:
            return any(each in said for each in written)
        case Relation.SINCE | Relation.BEFORE:
            day = days.day_of(value, TODAY).isoformat()
            return bool(re.match("[0-9]{4}-[0-9]{2}-[0-9]{2}", said)) and _ordered(said[:10], relation, day)
    is_number = re.fullmatch("-?[0-9]{1,12}([.,][0-9]{1,3})?", said)
    return bool(is_number) and _ordered(float(said.replace(",", ".")), relation, float(value))


def _number_says(said: int | None, relation: Relation, value: int) -> bool:
    if relation == Relation.EQUALS:
        return said == value
    return said is not None and _ordered(said, relation, value)


def _ordered(said, relation: Relation, value) -> bool:
    return {
        Relation.LESS: said < value,
        Relation.AT_MOST: said <= value,
        Relation.MORE: said > value,
        Relation.AT_LEAST: said >= value,
        Relation.SINCE: said >= value,
        Relation.BEFORE: said < value,
    }[relation]


def _midnight(value: str) -> datetime:
    return timezone.make_aware(datetime.combine(days.day_of(value, TODAY), time.min))


def _consent(contact: Contact) -> str:
    if Suppression.objects.stopping(contact.group.customer, contact.phone).exists():
        return "opted out"
    if contact.undecided:
        return "undecided"
    return "active" if contact.active else "inactive"


def _has_words(contact: Contact, value: str) -> bool:
    words, terms = contact.search_text.split(), parse_search(value)
    return bool(terms) and all(
        any(all(any(word.startswith(each) for word in words) for each in way) for way in term)
        for term in terms
    )


OWN = {
    "consent": _consent,
    "number type": lambda contact: contact.phone_type,
    "sync": lambda contact: "failed" if contact.sync_state == "unsent" else contact.sync_state,
}
