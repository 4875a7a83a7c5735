"""Variables have names while one writes: kept with samples, numbered when sent, filled by real people."""

import json
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contacts.models import Contact
from gateway.models import ServiceKind
from messaging.whatsapp.authoring import variables
from messaging.whatsapp.models import Template
from messaging.whatsapp.tests.conftest import carry, make_template
from messaging.whatsapp.tests.test_editor import typed
from messaging.whatsapp.tests.test_pages import url, written
from tests.factories import make_service
from tests.people import client_of

pytestmark = pytest.mark.usefixtures("number")

NAMED = (
    "Hei {{etunimi}}, tilauksesi {{order_number}} on valmis. Nouda se ajoissa, {{etunimi}} hyvä. Lopeta: STOP"
)
PIECES = ["{{1}}", "{{3}}", "{{name}}", "{{päivä}}", "{{a_1}}", "{{ x }}", "{name}", "{{", "}}", " ", "Hei"]


@given(st.lists(st.sampled_from(PIECES), max_size=20).map("".join))
def test_names_become_numbers_and_come_back(text):
    body, names = variables.numbered(text)

    assert variables.named(body, names) == text
    assert not variables.NAME.search(body)
    assert len(set(names.values())) == len(names)
    assert not set(names) & set(variables.occurrences(text))


def test_more_names_than_there_are_numbers_stay_as_they_are():
    text = " ".join(f"{{{{n{number}}}}}" for number in range(1100))

    body, names = variables.numbered(text)

    assert variables.named(body, names) == text
    assert "{{999}}" in body
    assert "{{1000}}" not in body


def test_a_draft_keeps_names_and_samples_and_shows_them_again(kahvila, mikko):
    typed(mikko, None, body=NAMED, variable=["etunimi", "order_number"], sample=["Aino", "20514"])

    template = Template.objects.get()
    assert template.body.startswith("Hei {{1}}, tilauksesi {{2}} on")
    assert template.variable_names == {"1": "etunimi", "2": "order_number"}
    assert template.samples == {"1": "Aino", "2": "20514"}
    page = client_of(mikko).get(url("edit", template)).content.decode()
    assert NAMED in page
    assert 'value="20514"' in page


def test_what_is_sent_has_numbers(draft, mikko, connected, platform):
    form = written(body=NAMED.replace(", {{etunimi}} hyvä", ""), action="submit")

    client_of(mikko).post(url("edit", draft), form)
    carry(connected)

    sent = platform.created[0]["RawContent"]
    assert sent == "Hei {{1}}, tilauksesi {{2}} on valmis. Nouda se ajoissa. Lopeta: STOP"
    assert "etunimi" not in json.dumps(platform.created)


def test_the_preview_shows_samples_else_names(draft, mikko):
    page = typed(mikko, draft, body=NAMED, variable=["order_number"], sample=["20514"]).content.decode()

    assert '<span class="phone__variable" title="{{2}}">20514</span>' in page
    assert '<span class="phone__variable" title="{{1}}">etunimi</span>' in page


def test_samples_are_asked_anew_only_where_the_variables_are_others(draft, mikko):
    first = typed(mikko, draft, body=NAMED)
    same = typed(mikko, draft, body=NAMED, sample_rows="etunimi order_number ")

    assert b'id="id_sample_etunimi"' in first.content
    assert b'id="id_sample_etunimi"' not in same.content


def test_a_sample_of_a_variable_that_is_gone_for_now_is_still_on_the_page(draft, mikko):
    was = {"variable": ["etunimi"], "sample": ["Aino"], "sample_rows": "etunimi"}

    page = typed(mikko, draft, body="Hei kaikki", **was).content.decode()

    assert '<input type="hidden" name="variable" value="etunimi">' in page
    assert '<input type="hidden" name="sample" value="Aino">' in page


def test_findings_name_the_variable_and_their_place_is_that_of_the_text_on_the_page(draft, mikko):
    page = typed(mikko, draft, body="Hei {{etunimi}} {{aika}}     kaikki tänne").content.decode()

    assert "Put words between {{etunimi}} and {{aika}}." in page
    assert 'data-from="24"' in page


@pytest.mark.parametrize(
    ("fix", "body", "mended"),
    [
        ("variables.trailing", "Hei sinä, tervetuloa {{aika}}", "Hei sinä, tervetuloa {{aika}}. Kiitos!"),
        ("body.braces", "Hei {{ order no }}, aika on {{aika}} nyt", "Hei {{order_no}}, aika on {{aika}} nyt"),
        ("variables.order", "Hei {{nimi}}, aika {{1}} on", "Hei {{nimi}}, aika {{2}} on"),
    ],
)
def test_a_fix_leaves_names_and_samples(draft, mikko, fix, body, mended):
    page = typed(mikko, draft, body=body, fix=fix, variable=["aika"], sample=["14:30"]).content.decode()

    assert f"{mended}</textarea>" in page
    if "aika}}" in body:
        assert "14:30" in page


def test_an_earlier_version_comes_back_with_its_names(draft, mikko):
    typed(mikko, draft, page=str(uuid4()), body=NAMED, revision="1")
    draft.refresh_from_db()
    typed(mikko, draft, page=str(uuid4()), body="Hei {{kaikki}}, tervetuloa", revision=str(draft.revision))
    draft.refresh_from_db()

    assert "{{order_number}}" in client_of(mikko).get(url("versions", draft)).content.decode()
    first = draft.versions.last()
    client_of(mikko).post(url("versions", draft), {"version": first.pk, "revision": draft.revision})

    draft.refresh_from_db()
    assert draft.named_body == NAMED


def test_a_copy_of_one_made_elsewhere_with_names_gets_numbers(kahvila, mikko):
    theirs = make_template(kahvila, state="listed", body="Hi {{first_name}}, welcome", remote_id="hi")

    page = client_of(mikko).get(url("new"), {"copy": theirs.pk}).content.decode()

    assert "Hi {{first_name}}, welcome</textarea>" in page
    assert "is none" not in page


@pytest.fixture
def guests(kahvila):
    group = make_service(kahvila, kind=ServiceKind.GROUP, name="Guests")
    for number, name in enumerate(["Aino", "Bertta", ""]):
        Contact.objects.create(
            group=group,
            phone=f"+35840111000{number}",
            first_name=name,
            email=f"secret{number}@example.com",
            properties={"Order number": "777", "Shoe size": "forty-eight"},
        )
    return group


def test_a_real_person_fills_the_preview_with_no_more_than_it_asks_for(draft, mikko, guests):
    found = typed(mikko, draft, body=NAMED, group=guests.pk, who="Aino").content.decode()
    person = Contact.objects.get(first_name="Aino")
    page = typed(mikko, draft, body=NAMED, group=guests.pk, person=person.pk).content.decode()

    assert "secret" not in found + page
    assert '<span class="phone__variable" title="{{1}}">Aino</span>' in page
    assert '<span class="phone__variable" title="{{2}}">777</span>' in page
    assert "forty-eight" not in found + page


def test_who_has_no_value_is_seen_without_one(draft, mikko, guests):
    nameless = Contact.objects.get(first_name="")

    page = typed(mikko, draft, body=NAMED, group=guests.pk, person=nameless.pk).content.decode()

    assert "(no etunimi)" in page


def test_people_are_found_by_name_in_the_group_only(draft, mikko, guests):
    page = client_of(mikko).post(url("edit", draft), written(body=NAMED, group=guests.pk, who="Bertta"))

    assert b"Bertta" in page.content
    assert b"Aino" not in page.content


@pytest.mark.parametrize("junk", ["", "0", "-1", "9" * 40, "x", "\0"])
def test_nobody_of_another_customer_or_group_is_shown(draft, mikko, guests, trattoria, junk):
    theirs = make_service(trattoria, kind=ServiceKind.GROUP, name="Theirs")
    stranger = Contact.objects.create(group=theirs, phone="+358401110009", first_name="Sofia")

    for form in [
        {"group": theirs.pk, "who": "Sofia", "person": stranger.pk},
        {"group": guests.pk, "who": "Sofia", "person": stranger.pk},
        {"group": junk, "who": junk, "person": junk},
    ]:
        page = typed(mikko, draft, body=NAMED, **form)
        assert page.status_code == 200
        assert b"Sofia" not in page.content
