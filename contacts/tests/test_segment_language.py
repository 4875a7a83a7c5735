"""The language of segments: text, tree, form and database say the same."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contacts.models import Contact, Import
from contacts.segments import days, form_rows, subjects
from contacts.segments.conditions import Scope, condition
from contacts.segments.form_rows import FormRow
from contacts.segments.parser import MAX_DEPTH, parse
from contacts.segments.serializer import written
from contacts.segments.syntax import MAX_TEXT_LENGTH, Comparison, Node, Relation, SegmentError
from contacts.tests.segment_trees import TEXTS, TODAY, comparisons, holds, rows, trees
from tests.factories import make_contact, suppress

NUMBER = "+35840100000"
MANY = settings(max_examples=120, suppress_health_check=list(HealthCheck), deadline=None)


def compared(subject: str, relation: str, value: str = "") -> Comparison:
    return Comparison(subject, Relation(relation), value)


@contextmanager
def refusals_of(text: str) -> Iterator[None]:
    """In words, and with a place that is in the text."""
    try:
        yield
    except SegmentError as error:
        place = error.place
        if not error.text or not 0 <= place.start <= place.end <= len(text):
            raise AssertionError(place) from error


def found(node: Node, customer) -> list[str]:
    asked = Contact.objects.filter(condition(node, Scope(customer, TODAY, timezone.get_current_timezone())))
    return sorted(asked.values_list("first_name", flat=True))


# Text and tree


@given(trees(comparisons()))
@MANY
def test_what_is_written_is_read_as_the_same(node):
    assert parse(written(node)) == node


@given(rows())
@MANY
def test_a_form_goes_to_text_and_back(filled):
    text = written(form_rows.node_of(filled))

    assert form_rows.rows_of(parse(text)) == filled


@given(st.text(max_size=60))
@MANY
def test_any_text_is_read_or_refused_in_words(text):
    with refusals_of(text):
        node = parse(text)
        assert parse(written(node)) == node


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("City is turku", "city = turku"),
        ("(city = Turku)", "city = Turku"),
        ('"first name" is not empty', "first name is not empty"),
        ("city = “New York”", "city = New York"),
        (
            "birth_year < 90 AND (city=Turku or city = Oulu)",
            "birth year < 90 and (city = Turku or city = Oulu)",
        ),
        ("not (city = Turku and level != gold)", "not (city = Turku and level != gold)"),
        ("changed since 30 Days Ago", "changed since 30 days ago"),
        ("added Within the last 30 Days", "added within last 30 days"),
        ("city = within reach", "city = within reach"),
        ("within = 5", '"within" = 5'),
        ('property:city = "x and y"', 'property:city = "x and y"'),
        ("level > 7,5", "level > 7.5"),
        ("consent is not opted out", "consent != opted out"),
    ],
)
def test_a_text_is_kept_in_one_spelling(text, canonical):
    assert written(parse(text)) == canonical


@pytest.mark.parametrize(
    ("text", "words", "marked"),
    [
        ("", "Write a condition, such as city = Turku.", ""),
        ("city", "Say what “city” is to be", "city"),
        ("city = ", "A value is missing here.", ""),
        ("city = Turku level = gold", "Put “and” or “or” between two conditions.", "="),
        ("city = Turku and", "Write a condition", ""),
        ("(city = Turku", "This bracket is never closed.", "("),
        ("city = Turku)", "This bracket closes none.", ")"),
        ('city = "Turku', "This quotation mark is never closed.", '"Turku'),
        ("city ! Turku", "“!” means nothing here. Did you mean “!=”?", "!"),
        ("city since today", "“city” does not go with “since”", "city since today"),
        ("birth year > old", "Write a whole number.", "birth year > old"),
        ("added since in 3 days ago", "Write a day as 2026-01-31", "added since in 3 days ago"),
        ("added since 3 days", "Write a day as 2026-01-31", "added since 3 days"),
        ("added within 3 days", "next 14 days or last 30 days", "added within 3 days"),
        ("city within last 3 days", "“city” does not go with “within”", "city within last 3 days"),
        ("added since soon", "Write a day as 2026-01-31", "added since soon"),
        ("added since 0001-01-01", "Write a day as 2026-01-31", "added since 0001-01-01"),
        ("changed before 9999-12-31", "Write a day as 2026-01-31", "changed before 9999-12-31"),
        ("consent = maybe", "It can be active, opted out, undecided, inactive.", "consent = maybe"),
        ("city = Turku and Levl = gold", "Did you mean “Level”?", "Levl"),
        ("ctiy = Turku", "Did you mean “city”?", "ctiy"),
        ("not " * (MAX_DEPTH + 1) + "city = a", "Too many brackets", "not"),
        ("city = " + "a" * MAX_TEXT_LENGTH, "This is too long", ""),
    ],
)
def test_what_is_wrong_is_said_with_its_place(text, words, marked):
    with pytest.raises(SegmentError) as refused:
        parse(text, ["Level"])

    assert words in refused.value.text
    assert text[refused.value.place.start : refused.value.place.end] == marked


def test_a_property_is_found_in_any_case_and_may_be_named_for_certain():
    assert parse("level = gold", ["Level"]) == compared("property:Level", "=", "gold")
    assert parse("property:level = gold", ["Level"]) == compared("property:level", "=", "gold")
    with pytest.raises(SegmentError, match="Did you mean “LEVEL” or “Level”"):
        parse("level = gold", ["LEVEL", "Level"])


def test_what_no_rows_can_say_has_no_form():
    assert form_rows.rows_of(parse("city = a and (city = b or city = c)")) is None
    assert form_rows.rows_of(parse("not birth year < 1990")) is None


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (FormRow(subject=""), "Choose what the segment asks for."),
        (
            FormRow(subject="city", relation="since", value="today"),
            "“city” goes with: is or is not",
        ),
        (FormRow(subject="city", relation="=", value=""), "Say “is empty”"),
    ],
)
def test_a_form_that_says_nothing_is_refused(row, words):
    with pytest.raises(SegmentError, match=words):
        form_rows.node_of([row])


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("today", date(2026, 3, 31)),
        ("yesterday", date(2026, 3, 30)),
        ("2 weeks ago", date(2026, 3, 17)),
        ("tomorrow", date(2026, 4, 1)),
        ("in 14 days", date(2026, 4, 14)),
        ("in 1 month", date(2026, 4, 30)),
        ("in 2 weeks", date(2026, 4, 14)),
        ("in 9999 years", date(2999, 12, 31)),
        ("9999 years ago", date(1900, 1, 1)),
        ("1 month ago", date(2026, 2, 28)),
        ("9999 years ago", days.EARLIEST),
        ("9999 weeks ago", days.EARLIEST),
    ],
)
def test_days_count_from_today(text, day):
    assert days.day_of(text, TODAY) == day


# The database


@pytest.fixture
def crowd(group, other, mikko):
    """People who differ in all that can be asked."""
    job = Import.objects.create(
        group=group, created_by=mikko, original_name="jäsenet.csv", confirmed_at=timezone.now()
    )
    make_contact(group, phone=NUMBER + "1", first_name="Anna", city="Turku", properties={"Level": "Gold"})
    make_contact(group, phone=NUMBER + "2", first_name="Ben", city="TURKU", birth_year=1990, last_import=job)
    make_contact(group, phone=NUMBER + "3", first_name="Cia", active=False, properties={"Level": "100"})
    make_contact(group, phone=NUMBER + "4", first_name="Dan", active=False, undecided=True, city="Åbo")
    make_contact(
        group, phone=NUMBER + "5", first_name="Eva", properties={"Level": "7,5", "a b": "2026-03-01"}
    )
    make_contact(other, phone=NUMBER + "1", first_name="Anna2", birth_year=1955, sync_state="unsent")
    make_contact(other, phone=NUMBER + "6", first_name="Finn", properties={"city": "gold", "is": "-3"})
    suppress(group.customer, phone=NUMBER + "6")
    for number, contact in enumerate(Contact.objects.order_by("pk")):
        moment = datetime(2026, 3, 31, 12, tzinfo=UTC) - timedelta(days=20 * number)
        Contact.objects.filter(pk=contact.pk).update(
            created_at=moment, updated_at=moment, verified_at=moment if number % 2 else None
        )
    return group.customer


@given(node=trees(comparisons(st.sampled_from(TEXTS))))
@MANY
@pytest.mark.django_db
def test_the_database_says_what_plain_python_says(crowd, node):
    expected = sorted(each.first_name for each in Contact.objects.all() if holds(node, each))

    assert found(node, crowd) == expected


@pytest.mark.parametrize(
    ("ends", "is_found"),
    [("2026-03-30", False), ("2026-03-31", True), ("2026-04-14", True), ("2026-04-15", False), ("", False)],
)
def test_who_is_asked_for_by_days_to_come(crowd, ends, is_found):
    """Of the 31st of March."""
    Contact.objects.filter(first_name="Ben").update(properties={"a b": ends})

    assert ("Ben" in found(parse("a b within next 14 days"), crowd)) is is_found
    assert ("Ben" in found(parse("not a b within next 14 days"), crowd)) is not is_found


def test_within_some_days_is_one_row_of_the_form():
    node = parse("a b within next 14 days and added within last 7 days")

    assert form_rows.rows_of(node) == [
        FormRow(subject="property:a b", relation="within", value="next 14 days"),
        FormRow(subject="added", relation="within", value="last 7 days"),
    ]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("city = turku", ["Anna", "Ben"]),
        ("Level != gold", ["Anna2", "Ben", "Cia", "Dan", "Eva", "Finn"]),
        ("Level is empty and consent = active", ["Anna2", "Ben"]),
        ("consent = opted out", ["Finn"]),
        ("consent = inactive", ["Cia"]),
        ("Level > 7", ["Cia", "Eva"]),
        ("a b since 1 month ago", ["Eva"]),
        ("group = Kanta-asiakkaat", ["Anna", "Anna2", "Finn"]),
        ("import = jäsenet.csv or imported by = Mikko", ["Ben"]),
        ("anything contains gol", ["Anna", "Finn"]),
        ("added before 100 days ago", ["Finn"]),
        ("added within last 45 days", ["Anna", "Ben", "Cia"]),
        ("a b within last 1 month", ["Eva"]),
        ("sync = failed", ["Anna2"]),
        ("not birth year < 1980", ["Anna", "Ben", "Cia", "Dan", "Eva", "Finn"]),
    ],
)
def test_conditions_find(crowd, text, names):
    assert found(parse(text), crowd) == names


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("group = Jasenet", "No group is called “Jasenet”. Did you mean “Jäsenet”?"),
        ("import = jasenet.csv", "No import is called “jasenet.csv”. Did you mean “jäsenet.csv”?"),
        ("imported by = Miko", "Nobody who imported is called “Miko”. Did you mean “Mikko”?"),
    ],
)
def test_what_is_not_there_is_named(crowd, text, words):
    with pytest.raises(SegmentError) as refused:
        found(parse(text), crowd)

    assert refused.value.text == words
    assert text[refused.value.place.start : refused.value.place.end] == text


def test_groups_and_imports_of_another_customer_are_not_there(crowd, trattoria, clienti):
    with pytest.raises(SegmentError, match="No group is called “Clienti”"):
        found(parse("group = Clienti"), crowd)


def test_every_field_of_the_catalogue_can_be_asked_for():
    assert {"city", "birth_year", "phone", "country_code"} <= set(subjects.SUBJECTS)
