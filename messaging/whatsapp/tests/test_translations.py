"""Translations of one message side by side, and words to begin with."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext

from messaging.whatsapp.authoring import starters, translations
from messaging.whatsapp.lint import lint
from messaging.whatsapp.lint.validation import draft_of
from messaging.whatsapp.models import Template, TemplateState
from messaging.whatsapp.tests.conftest import NUMBER, make_template
from messaging.whatsapp.tests.test_pages import JUNK, url
from tests.people import client_of

pytestmark = pytest.mark.usefixtures("number")

BUTTONS = [{"type": "QuickReply", "label": "Tulen", "data": "Tulen"}]


@pytest.fixture
def first(kahvila, mikko):
    return make_template(
        kahvila,
        state=TemplateState.LISTED,
        remote_id="brunch",
        buttons=BUTTONS,
        variable_names={"1": "etunimi"},
        samples={"1": "Aino"},
    )


def begin(user, template, language, **options):
    return client_of(user).post(url("translations", template), {"language": language}, **options)


def test_a_translation_begins_as_a_copy_in_its_language_and_has_a_name_of_its_own(first, mikko):
    answer = begin(mikko, first, "sv")

    draft = Template.objects.get(state=TemplateState.DRAFT)
    assert answer.url == url("edit", draft)
    assert (draft.language, draft.body, draft.buttons) == ("sv", first.body, BUTTONS)
    assert (draft.named_body, draft.samples) == (first.named_body, {"1": "Aino"})
    assert draft.display_name == "Christmas brunch sv"
    assert draft.versions.count() == 1


def test_they_are_shown_side_by_side_with_what_is_missing(first, mikko):
    begin(mikko, first, "sv")
    swedish = Template.objects.get(language="sv")
    page = client_of(mikko).get(url("translations", swedish)).content.decode()
    assert "The text is not translated yet" in page

    Template.objects.filter(pk=swedish.pk).update(body="Hej kära du, välkommen", buttons=[])
    page = client_of(mikko).get(url("translations", first)).content.decode()

    assert "Without {{etunimi}}" in page
    assert "0 of 1 buttons" in page
    assert page.index("Finnish") < page.index("Swedish")


def test_one_goes_from_a_language_to_the_other(first, mikko):
    begin(mikko, first, "sv")
    swedish = Template.objects.get(language="sv")

    there = client_of(mikko).get(url("template", first)).content.decode()
    back = client_of(mikko).get(url("edit", swedish)).content.decode()

    assert url("template", swedish) in there
    assert url("template", first) in back
    assert first.named_body in back


def test_a_translation_of_a_translation_is_of_the_same_family(first, mikko):
    begin(mikko, first, "sv")
    begin(mikko, Template.objects.get(language="sv"), "it")

    first.refresh_from_db()
    assert [each.language for each in translations.family_of(first)] == ["fi", "sv", "it"]
    assert Template.objects.get(language="it").display_name == "Christmas brunch it"


def test_pressed_twice_it_is_begun_once(first, mikko, aino):
    begin(mikko, first, "sv")
    again = begin(aino, first, "sv")

    assert Template.objects.filter(language="sv").count() == 1
    assert again.status_code in (200, 302)


@pytest.mark.parametrize("junk", [*JUNK, "", "fi", "xx", "FI"])
def test_a_language_that_is_none_or_there_begins_nothing(first, mikko, junk):
    answer = begin(mikko, first, junk)

    assert answer.status_code == 200
    assert Template.objects.count() == 1


def test_a_stranger_finds_nothing_and_a_viewer_only_looks(first, otto, vera):
    assert client_of(otto).get(url("translations", first)).status_code == 404
    assert begin(otto, first, "sv").status_code == 404
    looked = client_of(vera).get(url("translations", first))
    assert looked.status_code == 200
    assert b"Begin a translation" not in looked.content
    assert begin(vera, first, "sv").status_code == 403


def test_as_many_queries_for_one_language_as_for_many(first, mikko):
    browser = client_of(mikko)
    browser.get(url("translations", first))
    with CaptureQueriesContext(
        database,
    ) as one:
        browser.get(url("translations", first))
    for language in ("sv", "en", "it", "de"):
        begin(mikko, first, language)
    with CaptureQueriesContext(database) as many:
        browser.get(url("translations", first))

    assert len(many) == len(one)


@pytest.mark.only_on("postgresql")  # SQLite has one writer
@pytest.mark.django_db(transaction=True)
def test_two_people_who_begin_it_at_once_get_one(first, mikko, aino):
    def press(user):
        try:
            return translations.begin(Template.objects.get(pk=first.pk), "sv", by=user).pk
        finally:
            database.close()

    with ThreadPoolExecutor(2) as pool:
        begun = set(pool.map(press, [mikko, aino]))

    assert len(begun) == 1
    assert Template.objects.filter(language="sv").count() == 1


STARTERS = [starter for _, languages in starters.offered() for starter in languages]


@pytest.mark.parametrize("starter", STARTERS, ids=lambda each: f"{each.kind} {each.language}")
def test_our_own_words_pass_our_own_rules(starter, kahvila):
    words = starters.words_of(starter, ["Marketing", "Utility", "Authentication"])

    template = Template(customer=kahvila, identity=NUMBER, **words)

    assert [finding.words for finding in lint(draft_of(template))] == []
    assert set(template.samples) == set(template.variable_names) == set(map(str, template.variables))


def test_the_empty_page_offers_words_and_begins_with_them(kahvila, mikko):
    page = client_of(mikko).get(url("new")).content.decode()
    assert "?starter=order&amp;language=fi" in page

    begun = client_of(mikko).get(url("new"), {"starter": "order", "language": "fi"}).content.decode()

    assert "Hei {{first_name}}, tilauksesi {{order_number}}" in begun
    assert "Ready to submit" in begun
    assert 'value="20514"' in begun
    assert not Template.objects.exists()


@pytest.mark.parametrize("junk", [*JUNK, "", "samples", "label", "category"])
def test_words_that_there_are_not_begin_an_empty_page(kahvila, mikko, junk):
    for asked in [{"starter": junk, "language": "fi"}, {"starter": "order", "language": junk}]:
        page = client_of(mikko).get(url("new"), asked)
        assert page.status_code == 200
        assert b"Begin with our words" in page.content
