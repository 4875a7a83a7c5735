"""Segments kept by a name: shared, counted, edited and deleted."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import AuditEvent
from contacts.erasure import erasing
from contacts.models import Segment
from contacts.segments import saved_segments
from contacts.segments.parser import parse
from contacts.segments.saved_segments import CannotKeep
from tests.factories import make_contact
from tests.markup import words_on
from tests.people import client_of

pytestmark = pytest.mark.django_db
LIST, NEW = reverse("contacts:segments"), reverse("contacts:segment_new")
ROW = {"mode": "form", "join": "and", "subject": "city", "relation": "=", "value": "Turku"}


@pytest.fixture
def people(group, other):
    make_contact(group, phone="+358401000001", city="Turku", properties={"Level": "gold"})
    make_contact(other, phone="+358401000001", city="Turku")
    make_contact(other, phone="+358401000002", city="Oulu")


@pytest.fixture
def segment(kahvila, mikko) -> Segment:
    return saved_segments.add(kahvila, name="Turku", text="city = Turku", by=mikko)


def page_of(segment: Segment) -> str:
    return reverse("contacts:segment", args=[segment.pk])


def test_a_segment_is_kept_from_the_form(people, kahvila, mikko):
    answer = client_of(mikko).post(NEW, {**ROW, "name": " Turku ", "action": "save"}, follow=True)

    kept = Segment.objects.get()
    assert (kept.customer, kept.name, kept.text, kept.created_by) == (kahvila, "Turku", "city = Turku", mikko)
    assert "1 person" in words_on(answer)
    assert AuditEvent.objects.get(verb="segment.added").after == {"name": "Turku"}


def test_a_segment_is_kept_from_a_text_in_one_spelling(people, mikko):
    text = "CITY = turku and level is not gold"
    client_of(mikko).post(NEW, {"mode": "text", "text": text, "name": "Not gold", "action": "save"})

    assert Segment.objects.get().text == "city = turku and Level != gold"


def test_what_cannot_be_read_is_not_kept_and_says_where(people, mikko):
    form = {"mode": "text", "text": "city = Turku and levl = gold", "name": "A", "action": "save"}
    answer = client_of(mikko).post(NEW, form)

    assert answer.status_code == 422
    assert "No field or property is called “levl”. Did you mean “Level”?" in words_on(answer)
    assert "<mark>levl</mark>" in answer.content.decode()
    assert not Segment.objects.exists()


def test_a_group_that_is_not_there_is_not_kept(people, mikko):
    form = {"mode": "text", "text": "group = Jasenet", "name": "A", "action": "save"}
    answer = client_of(mikko).post(NEW, form)

    assert answer.status_code == 422
    assert "No group is called “Jasenet”. Did you mean “Jäsenet”?" in words_on(answer)


def test_the_form_becomes_a_text_and_the_text_a_form(people, mikko):
    browser = client_of(mikko)

    as_text = browser.post(NEW, {**ROW, "action": "text"}).context["draft"]
    as_form = browser.post(NEW, {"mode": "text", "text": as_text.text, "action": "form"}).context["draft"]

    assert (as_text.mode, as_text.text) == ("text", "city = Turku")
    assert (as_form.mode, as_form.canonical) == ("form", "city = Turku")


def test_what_no_form_can_say_stays_a_text(mikko):
    text = "city = a and (city = b or city = c)"
    draft = client_of(mikko).get(NEW, {"text": text}).context["draft"]

    assert (draft.mode, draft.text) == ("text", text)


def test_each_number_is_counted_once_and_each_group_is_a_list(people, segment, vera, group):
    answer = client_of(vera).get(page_of(segment))

    assert "1 person" in words_on(answer)
    assert f"/contacts/{group.pk}/?where=city%20%3D%20Turku" in answer.content.decode()
    assert "1" in words_on(client_of(vera).get(reverse("contacts:segment_people", args=[segment.pk])))


def test_colleagues_share_it_and_nobody_else(segment, aino, vera, otto):
    for person in (aino, vera):
        assert "city = Turku" in words_on(client_of(person).get(LIST))
    assert "city = Turku" not in words_on(client_of(otto).get(LIST))
    for name in ("segment", "segment_people", "segment_removal"):
        assert client_of(otto).get(reverse(f"contacts:{name}", args=[segment.pk])).status_code == 404


def test_a_viewer_looks_and_changes_nothing(segment, vera):
    browser = client_of(vera)

    assert browser.get(page_of(segment)).status_code == 200
    assert browser.get(NEW).status_code == 403
    assert browser.post(page_of(segment), {**ROW, "name": "B", "action": "save"}).status_code == 403
    assert browser.post(reverse("contacts:segment_removal", args=[segment.pk])).status_code == 403


def test_of_two_who_edit_the_second_is_told(segment, mikko, aino):
    form = {**ROW, "name": "Oulu", "value": "Oulu", "revision": 1, "action": "save"}

    assert client_of(mikko).post(page_of(segment), form).status_code == 302
    second = client_of(aino).post(page_of(segment), {**form, "value": "Espoo"})

    assert second.status_code == 422
    assert "Somebody else changed this segment" in words_on(second)
    segment.refresh_from_db()
    assert (segment.name, segment.text, segment.revision) == ("Oulu", "city = Oulu", 2)


def test_a_name_is_needed_and_is_there_once(segment, kahvila, trattoria, mikko):
    with pytest.raises(CannotKeep, match="Give the segment a name"):
        saved_segments.add(kahvila, name=" ", text="city = a", by=mikko)
    with pytest.raises(CannotKeep, match="There is a segment called “Turku” already"):
        saved_segments.add(kahvila, name="Turku", text="city = a", by=mikko)
    assert saved_segments.add(trattoria, name="Turku", text="city = a", by=mikko)


def test_a_name_that_is_taken_stays_taken_on_editing(segment, kahvila, mikko):
    second = saved_segments.add(kahvila, name="Oulu", text="city = Oulu", by=mikko)

    with pytest.raises(CannotKeep, match="There is a segment called “Turku” already"):
        saved_segments.edit(second, revision=1, name="Turku", text="city = Oulu", by=mikko)


def test_a_segment_is_deleted_after_a_question(segment, mikko):
    address = reverse("contacts:segment_removal", args=[segment.pk])
    browser = client_of(mikko)

    assert "Your colleagues lose it, too" in words_on(browser.get(address))
    browser.post(address)

    assert not Segment.objects.exists()
    assert AuditEvent.objects.filter(verb="segment.deleted").count() == 1


def test_the_list_costs_the_same_for_many(segment, kahvila, mikko):
    browser = client_of(mikko)

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            browser.get(LIST)
        return len(seen)

    queries()
    few = queries()
    for number in range(10):
        saved_segments.add(kahvila, name=f"S{number}", text="city = a", by=mikko)
    assert queries() == few


def test_a_person_who_is_erased_leaves_the_segments_that_name_them(group, kahvila, mikko, connected):
    make_contact(group, phone="+358401234567", first_name="Zyxqvia", last_name="Testiviidakko")
    for name in ("Zyxqvia Testiviidakko", "zyxqvia testiviidakko"):
        saved_segments.add(kahvila, name=name, text="phone = +358401234567 or city = Turku", by=mikko)

    erasing.erase([kahvila], "+358401234567", by=mikko)

    for kept in Segment.objects.all():
        assert "yxqvia" not in kept.name
        assert "401234567" not in kept.text
        assert parse(kept.text)
