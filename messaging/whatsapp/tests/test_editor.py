"""Writing: drafts save themselves, a press mends, a habit may be overruled, nothing is cut in silence."""

from uuid import uuid4

import pytest

from accounts.models import AuditEvent
from messaging.whatsapp.models import Template, TemplateState
from messaging.whatsapp.tests.conftest import carry, make_template
from messaging.whatsapp.tests.test_pages import HTMX, url, written
from tests.people import client_of

pytestmark = pytest.mark.usefixtures("number")


def typed(user, template: Template | None, **changes):
    """What a page sends while somebody writes."""
    where = url("edit", template) if template else url("new")
    return client_of(user).post(where, written(**changes), **HTMX)


def test_a_draft_saves_itself_from_its_first_word_and_the_page_moves_to_it(kahvila, mikko):
    answer = typed(mikko, None, body="Hei")

    template = Template.objects.get()
    assert (template.body, template.state) == ("Hei", TemplateState.DRAFT)
    assert answer["HX-Replace-Url"] == url("edit", template)
    assert b"Saved" in answer.content
    assert url("deletion", template).encode() in answer.content


def test_an_empty_page_saves_nothing(kahvila, mikko):
    typed(mikko, None, body="", display_name="")

    assert not Template.objects.exists()


def test_a_page_shows_what_is_written_without_nul_and_does_not_save_it(draft, mikko):
    for template in (None, draft):
        answer = typed(mikko, template, body="Moi\0kka")

        assert "\0" not in answer.context["written"].body
    draft.refresh_from_db()
    assert "Moi" not in draft.body


def test_a_name_is_saved_as_a_reader_sees_it(draft, mikko):
    typed(mikko, draft, display_name="Uusi\0 ni\u200bmi")

    draft.refresh_from_db()
    assert draft.display_name == "Uusi nimi"


def test_a_page_saves_over_its_own_changes_even_if_an_answer_was_lost(draft, mikko):
    page = str(uuid4())
    for body in ["Yksi", "Yksi kaksi", "Yksi kaksi kolme"]:
        typed(mikko, draft, page=page, body=body, revision="1")

    draft.refresh_from_db()
    assert draft.body == "Yksi kaksi kolme"
    assert draft.versions.count() == 1
    assert AuditEvent.objects.about(draft).filter(verb="template.edited").count() == 1


def test_of_two_pages_that_write_at_once_none_saves_over_the_other(draft, mikko, aino):
    mine, theirs = str(uuid4()), str(uuid4())
    typed(mikko, draft, page=mine, body="Mikko", revision="1")

    answer = typed(aino, draft, page=theirs, body="Aino", revision="1")

    draft.refresh_from_db()
    assert draft.body == "Mikko"
    assert b"Saved " not in answer.content
    assert b"Not saved." in answer.content
    refused = client_of(aino).post(url("edit", draft), written(page=theirs, body="Aino", action="save"))
    assert (refused.status_code, b"Aino" in refused.content) == (409, True)


def test_what_was_submitted_meanwhile_is_not_saved_over(draft, mikko, connected):
    page = str(uuid4())
    typed(mikko, draft, page=page, body="Yksi", revision="1")
    Template.objects.update(state=TemplateState.SUBMITTED)

    answer = typed(mikko, draft, page=page, body="Kaksi", revision="1")

    assert b"Not saved." in answer.content
    assert Template.objects.get().body == "Yksi"


def test_a_fix_changes_the_text_and_says_what_it_changed(draft, mikko):
    answer = typed(
        mikko, draft, fix="variables.gap", body="Hei {{2}}, aikasi on {{3}} meillä"
    ).content.decode()

    assert "Hei {{1}}, aikasi on {{2}} meillä</textarea>" in answer
    assert 'id="mended"' in answer
    draft.refresh_from_db()
    assert draft.body == "Hei {{1}}, aikasi on {{2}} meillä"


def test_a_fix_works_without_scripts(draft, mikko):
    form = written(fix="buttons.number", button_type="Call", label=["Soita"], data=["+358 40 1234567"])

    page = client_of(mikko).post(url("edit", draft), form).content.decode()

    assert 'value="+358401234567"' in page


@pytest.mark.parametrize("junk", ["", "no.such", "body.empty", "\0", "a" * 5000])
def test_a_fix_that_is_none_changes_nothing(draft, mikko, junk):
    answer = typed(mikko, draft, fix=junk, body="Hei {{2}}, aika")

    assert answer.status_code == 200
    draft.refresh_from_db()
    assert draft.body == "Hei {{2}}, aika"


def test_each_finding_says_why_and_what_is_found_is_marked(draft, mikko):
    page = typed(mikko, draft, body="Hei {{ 1 }}, aikasi on varattu").content.decode()

    assert "<mark>{{ 1 }}</mark>" in page
    assert "Variables are numbers in double braces" in page
    assert "Meta: template components" in page


def test_a_habit_is_overruled_by_a_person_whose_name_is_kept(draft, mikko, connected, platform):
    form = written(body="Juhla " + "🎉" * 11 + " alkaa. Lopeta: STOP")
    stopped = client_of(mikko).post(url("edit", draft), {**form, "action": "submit"})
    assert (stopped.status_code, b"Submit anyway" in stopped.content) == (422, True)

    client_of(mikko).post(url("edit", draft), {**form, "action": "submit_anyway"})
    carry(connected)

    draft.refresh_from_db()
    assert draft.state == TemplateState.SUBMITTED
    event = AuditEvent.objects.about(draft).get(verb="template.submitted")
    assert (event.actor, event.after["why"]) == (mikko, "In spite of: Use at most 10 emoji: there are 11.")


def test_what_whatsapp_itself_refuses_is_never_overruled(draft, mikko, connected):
    form = written(body="{{1}} " + "🎉" * 11, action="submit_anyway")

    answer = client_of(mikko).post(url("edit", draft), form)

    assert answer.status_code == 422
    assert b"Not submitted yet" in answer.content
    assert b"Submit anyway" not in answer.content


def test_five_thousand_characters_are_kept_and_said_to_be_too_many(draft, mikko):
    answer = client_of(mikko).post(url("edit", draft), written(body="a" * 5000, action="save"), follow=True)

    draft.refresh_from_db()
    assert len(draft.body) == 5000
    assert b"Shorten the message by 3,976 characters" in answer.content


def test_more_than_can_be_kept_comes_back_whole_with_one_clear_word(draft, mikko):
    answer = client_of(mikko).post(url("edit", draft), written(body="a" * 100_001, action="save"))

    assert answer.status_code == 422
    assert b"a" * 100_001 in answer.content
    assert b"Write the message" not in answer.content


def test_forty_buttons_are_kept_and_said_to_be_too_many(draft, mikko):
    labels = [f"Answer {number}" for number in range(40)]
    form = written(action="save", button_type="QuickReply", label=labels, data=[""] * 40)

    answer = client_of(mikko).post(url("edit", draft), form, follow=True)

    draft.refresh_from_db()
    assert len(draft.buttons) == 40
    assert "Use at most 10 quick replies: there are 40" in answer.content.decode()


def test_the_platforms_own_spelling_of_a_category_counts(draft, mikko):
    draft.category = "UTILITY"
    draft.save()

    page = typed(mikko, draft, category="UTILITY", body="Tarjous: -20 % tänään").content.decode()

    assert "sounds like an offer" in page


def test_an_attachment_says_its_kind_by_its_ending(draft, mikko):
    typed(mikko, draft, attachment_url="https://example.com/menu.pdf?x=1")
    draft.refresh_from_db()
    assert draft.header_kind == "document"

    page = typed(mikko, make_template(draft.customer), attachment_url="https://example.com/virus.exe")
    assert b"WhatsApp takes no .exe" in page.content


def test_an_earlier_version_is_compared_and_restored_and_what_was_there_is_kept(draft, mikko, aino):
    typed(mikko, draft, page=str(uuid4()), body="Ensin näin", revision="1")
    draft.refresh_from_db()
    typed(aino, draft, page=str(uuid4()), body="Sitten toisin", revision=str(draft.revision))
    draft.refresh_from_db()
    first = draft.versions.last()

    page = client_of(mikko).get(url("versions", draft)).content.decode()
    assert "Ensin näin" in page
    assert "by Aino" in page
    client_of(mikko).post(url("versions", draft), {"version": first.pk, "revision": draft.revision})

    draft.refresh_from_db()
    assert draft.body == "Ensin näin"
    assert {each.fields["body"] for each in draft.versions.all()} == {"Ensin näin", "Sitten toisin"}


def test_a_version_of_another_template_or_of_an_old_page_is_not_restored(draft, mikko):
    other = make_template(draft.customer, body="Other")
    typed(mikko, other, page=str(uuid4()), body="Other words", revision="1")
    theirs = other.versions.get()

    wrong = client_of(mikko).post(url("versions", draft), {"version": theirs.pk, "revision": 1})
    stale = client_of(mikko).post(url("versions", other), {"version": theirs.pk, "revision": 1}, follow=True)

    assert wrong.status_code == 404
    assert b"has changed since you opened it" in stale.content
