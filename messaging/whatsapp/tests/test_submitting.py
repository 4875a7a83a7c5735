"""A template's way through SmartDialog: taken, refused, unclear; found again, or made elsewhere."""

import pytest
import requests
from django.db import transaction

from accounts.models import AuditEvent, subject_key
from gateway.models import Operation
from gateway.sign_in.connections import NotConnected
from messaging.whatsapp.authoring import drafts
from messaging.whatsapp.catalogue import polling
from messaging.whatsapp.models import Approval, Template, TemplateList, TemplateState
from messaging.whatsapp.submission import approval, submitting
from messaging.whatsapp.submission.submitting import NotLookedUp
from messaging.whatsapp.submission.transitions import TemplateChanged
from messaging.whatsapp.tests.conftest import NUMBER, WORDS, calls_of, carry, make_template


def submitted(template: Template, by) -> Template:
    submitting.submit(template, revision=template.revision, by=by)
    return template


def look(connection, customer) -> None:
    polling.enqueue_lookup(customer, connection=connection)
    carry(connection)


def test_a_submission_is_one_call_with_what_was_written(draft, mikko, connected, platform):
    draft.buttons = [{"type": "QuickReply", "label": "Tulen", "data": "Tulen"}]
    draft.save()

    submitted(draft, mikko)
    carry(connected)

    draft.refresh_from_db()
    assert (draft.state, draft.submitted_by) == (TemplateState.SUBMITTED, mikko)
    assert platform.created == [
        {
            "DisplayName": WORDS["display_name"],
            "RawContent": WORDS["body"],
            "Category": "Marketing",
            "Language": "fi",
            "Buttons": [{"Type": "QuickReply", "Label": "Tulen", "Data": "Tulen"}],
        }
    ]


def test_it_is_queued_in_the_transaction_of_the_change(draft, mikko, connected):
    with transaction.atomic():
        submitted(draft, mikko)
        transaction.set_rollback(True)

    draft.refresh_from_db()
    assert (draft.state, Operation.objects.count()) == (TemplateState.DRAFT, 0)


def test_a_stale_page_submits_nothing(draft, mikko, connected):
    seen = draft.revision
    drafts.edit(draft, revision=seen, fields={**WORDS, "body": "Other words"}, by=mikko)

    with pytest.raises(TemplateChanged):
        submitting.submit(draft, revision=seen, by=mikko)
    assert not calls_of(draft)


def test_nobody_submits_twice(draft, mikko, connected):
    submitted(draft, mikko)

    with pytest.raises(TemplateChanged):
        submitted(draft, mikko)
    assert len(calls_of(draft)) == 1


def test_without_a_sign_in_nothing_is_submitted(draft, mikko):
    with pytest.raises(NotConnected):
        submitted(draft, mikko)


def test_a_refusal_keeps_the_platforms_words_and_can_be_mended(draft, mikko, connected, platform):
    platform.answer = (400, '{"message": "Category is not available"}')
    submitted(draft, mikko)
    carry(connected)

    draft.refresh_from_db()
    assert draft.state == TemplateState.FAILED
    assert "Category is not available" in draft.error_text
    drafts.edit(draft, revision=draft.revision, fields={**WORDS, "category": "Utility"}, by=mikko)
    assert (draft.state, draft.error_text) == (TemplateState.DRAFT, "")
    assert calls_of(draft) == [("whatsapp.create", "cancelled")]


@pytest.mark.parametrize("answer", [(500, ""), requests.ReadTimeout("no answer")])
def test_an_unclear_creation_is_looked_up_and_never_repeated_by_itself(
    answer, draft, mikko, connected, platform
):
    platform.answer = answer
    submitted(draft, mikko)
    carry(connected)
    Operation.objects.unsettled().update(due_at=draft.created_at)
    type(connected).objects.update(blocked_until=None)
    carry(connected)

    draft.refresh_from_db()
    assert (len(platform.created), platform.looks) == (1, 1)
    assert draft.state == TemplateState.UNKNOWN
    assert draft.looked_up_at is not None


def test_an_unclear_creation_that_is_listed_is_known_to_be_there(draft, mikko, connected, platform):
    platform.answer = (500, "")
    platform.lists(draft)
    submitted(draft, mikko)
    carry(connected)
    type(connected).objects.update(blocked_until=None)
    carry(connected)

    draft.refresh_from_db()
    assert (draft.state, draft.remote_id) == (TemplateState.LISTED, "christmas_brunch_1")
    assert calls_of(draft) == [("whatsapp.create", "cancelled")]


def test_an_unclear_one_is_not_submitted_again_before_it_was_looked_up(draft, mikko, connected):
    draft = make_template(draft.customer, state=TemplateState.UNKNOWN)

    with pytest.raises(NotLookedUp):
        submitting.submit_again(draft, by=mikko)
    assert not calls_of(draft)


def test_a_person_submits_an_unclear_one_again(draft, mikko, connected, platform):
    unclear = make_template(draft.customer, state=TemplateState.UNKNOWN)
    look(connected, unclear.customer)
    unclear.refresh_from_db()

    submitting.submit_again(unclear, by=mikko)
    carry(connected)

    unclear.refresh_from_db()
    assert unclear.state == TemplateState.SUBMITTED
    assert len(platform.created) == 1


def test_a_person_who_knows_that_it_arrived_says_so(kahvila, mikko, connected):
    unclear = make_template(kahvila, state=TemplateState.UNKNOWN)

    submitting.confirm(unclear, by=mikko)

    assert unclear.state == TemplateState.SUBMITTED


def test_it_is_taken_back_while_its_call_waits(draft, mikko, connected, platform):
    submitted(draft, mikko)

    submitting.withdraw(draft, by=mikko)
    carry(connected)

    assert (draft.state, platform.created) == (TemplateState.DRAFT, [])


def test_what_has_left_is_not_taken_back(draft, mikko, connected, platform):
    submitted(draft, mikko)
    carry(connected)

    with pytest.raises(TemplateChanged):
        submitting.withdraw(draft, by=mikko)


def test_a_listed_template_is_known_to_be_there_with_its_id(kahvila, connected, platform):
    ours = make_template(kahvila, state=TemplateState.SUBMITTED)
    platform.lists(ours)

    look(connected, kahvila)

    ours.refresh_from_db()
    assert (ours.state, ours.remote_id) == (TemplateState.LISTED, "christmas_brunch_1")
    assert ours.listed_at is not None
    assert Template.objects.count() == 1


def test_one_that_is_not_listed_stays_in_review(kahvila, connected, platform):
    ours = make_template(kahvila, state=TemplateState.SUBMITTED)

    look(connected, kahvila)

    ours.refresh_from_db()
    assert ours.state == TemplateState.SUBMITTED
    assert ours.looked_up_at is not None


def test_a_name_that_smartdialog_changed_is_found_by_its_text(kahvila, connected, platform):
    ours = make_template(kahvila, state=TemplateState.SUBMITTED)
    platform.lists(ours, name="christmas brunch 1", text=ours.body + "\r\n")

    look(connected, kahvila)

    ours.refresh_from_db()
    assert ours.state == TemplateState.LISTED


def test_two_with_the_same_text_are_told_apart_by_their_names(kahvila, connected, platform):
    first = make_template(kahvila, state=TemplateState.SUBMITTED, display_name="First")
    second = make_template(kahvila, state=TemplateState.SUBMITTED, display_name="Second")
    platform.lists(second)

    look(connected, kahvila)

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == (TemplateState.SUBMITTED, TemplateState.LISTED)


def test_a_listing_wins_over_an_answer(kahvila, connected, platform):
    ours = make_template(kahvila, state=TemplateState.SUBMITTING)
    platform.lists(ours)

    look(connected, kahvila)
    submitting.mark_accepted(ours)

    ours.refresh_from_db()
    assert ours.state == TemplateState.LISTED


def test_a_draft_is_not_taken_for_a_listed_one(draft, connected, platform):
    platform.lists(draft)

    look(connected, draft.customer)

    draft.refresh_from_db()
    assert draft.state == TemplateState.DRAFT
    assert Template.objects.listed().get().made_elsewhere


def test_what_was_made_elsewhere_is_adopted_once(kahvila, trattoria, connected, platform):
    platform.lists(Template(display_name="Elsewhere", body="Welcome, {{1}}, to us"), "elsewhere_1")

    look(connected, kahvila)
    look(connected, kahvila)

    adopted = Template.objects.get()
    assert (adopted.customer, adopted.display_name, adopted.state) == (kahvila, "Elsewhere", "listed")
    assert (adopted.category, adopted.language, adopted.variables) == ("", "", [1])


def test_ours_in_two_languages_under_one_id_are_both_listed(kahvila, connected, platform):
    finnish = make_template(kahvila, state=TemplateState.SUBMITTED, language="fi")
    swedish = make_template(kahvila, state=TemplateState.SUBMITTED, language="sv", body="Hej, välkommen nu")
    platform.lists(finnish, "kutsu")
    platform.lists(swedish, "kutsu")

    look(connected, kahvila)
    look(connected, kahvila)

    listed = Template.objects.listed().order_by("pk")
    assert [(each.pk, each.remote_id) for each in listed] == [(finnish.pk, "kutsu"), (swedish.pk, "kutsu")]


def test_each_language_of_one_made_elsewhere_is_adopted_and_unlisted_for_itself(kahvila, connected, platform):
    for text in ("Tervetuloa meille", "Välkommen till oss", "Benvenuti da noi"):
        platform.lists(Template(display_name="Kutsu", body=text), "kutsu")

    look(connected, kahvila)
    look(connected, kahvila)
    assert Template.objects.listed().count() == 3
    platform.listed.pop()
    look(connected, kahvila)

    assert set(Template.objects.listed().values_list("body", flat=True)) == {
        "Tervetuloa meille",
        "Välkommen till oss",
    }


def test_a_text_that_was_changed_at_smartdialog_is_the_same_template_not_judged_yet(
    kahvila, connected, platform, mikko
):
    platform.lists(Template(display_name="Kutsu", body="Tervetuloa meille"), "kutsu")
    look(connected, kahvila)
    approval.say(Template.objects.get(), Approval.APPROVED, by=mikko)
    platform.listed.clear()
    platform.lists(Template(display_name="Kutsu", body="Tervetuloa meille kaikki"), "kutsu")

    look(connected, kahvila)
    look(connected, kahvila)

    template = Template.objects.get()
    assert (template.state, template.body) == (TemplateState.LISTED, "Tervetuloa meille kaikki")
    assert (template.approval, template.approval_by) == (Approval.UNKNOWN, None)
    changed = AuditEvent.objects.get(verb="template.text_changed")
    assert (changed.before["body"], changed.after["body"]) == (
        "Tervetuloa meille",
        "Tervetuloa meille kaikki",
    )


def test_one_that_is_listed_no_more_cannot_be_sent_until_it_is_again(kahvila, connected, platform):
    ours = make_template(kahvila, state=TemplateState.LISTED, remote_id="christmas_brunch_1")

    look(connected, kahvila)
    assert not Template.objects.listed().exists()
    platform.lists(ours)
    look(connected, kahvila)

    assert Template.objects.listed().exists()


def test_another_customers_templates_are_left_alone(kahvila, trattoria, connected, platform):
    theirs = make_template(trattoria, state=TemplateState.SUBMITTED)
    platform.lists(theirs)

    look(connected, kahvila)

    theirs.refresh_from_db()
    assert theirs.state == TemplateState.SUBMITTED


def test_the_trail_says_who_and_what(draft, mikko, connected, platform):
    platform.lists(draft)
    submitted(draft, mikko)
    carry(connected)
    look(connected, draft.customer)

    events = AuditEvent.objects.about(draft).order_by("pk").values_list("verb", "actor_name")
    assert list(events) == [
        ("template.submitted", "Mikko"),
        ("template.taken", "SmartDialog Admin"),
        ("template.listed", "SmartDialog Admin"),
    ]


def test_the_categories_are_kept_as_smartdialog_names_them(kahvila, connected, platform):
    look(connected, kahvila)

    assert TemplateList.objects.get().categories == ["Marketing", "Utility"]


def test_a_deleted_draft_leaves_no_call(draft, mikko, connected, platform):
    platform.answer = (400, "")
    submitted(draft, mikko)
    carry(connected)
    draft.refresh_from_db()
    subject = subject_key(draft)

    drafts.delete(draft, by=mikko)

    assert not Template.objects.exists()
    assert not Operation.objects.needing_a_person().filter(subject=subject).exists()


def test_what_smartdialog_has_is_not_deleted(kahvila, mikko):
    ours = make_template(kahvila, state=TemplateState.SUBMITTED, identity=NUMBER)

    with pytest.raises(TemplateChanged):
        drafts.delete(ours, by=mikko)
