"""WhatsApp's verdict: never told by a listing, said by a person, inferred from sends, corrected both ways."""

from datetime import timedelta

import pytest
from django.utils import timezone

from messaging.whatsapp.catalogue import polling
from messaging.whatsapp.models import Approval, Template, TemplateState
from messaging.whatsapp.submission import approval, failures
from messaging.whatsapp.submission.transitions import TemplateChanged
from messaging.whatsapp.tests.conftest import carry, make_template
from tests.people import client_of


@pytest.fixture
def listed(kahvila):
    return make_template(kahvila, state=TemplateState.LISTED, remote_id="brunch", listed_at=timezone.now())


def page(template: Template, user) -> str:
    return client_of(user).get(f"/templates/{template.pk}/").content.decode()


def test_a_listing_says_nothing_of_approval(kahvila, mikko, connected, platform):
    ours = make_template(kahvila, state=TemplateState.SUBMITTED)
    platform.lists(ours)

    polling.enqueue_lookup(kahvila, connection=connected)
    carry(connected)

    ours.refresh_from_db()
    assert (ours.state, ours.approval) == (TemplateState.LISTED, Approval.UNKNOWN)
    told = page(ours, mikko)
    assert "Seen in SmartDialog’s list" in told
    assert ">Approved<" not in told


def test_a_person_says_it_and_corrects_it_both_ways(listed, mikko, aino):
    approval.say(listed, Approval.APPROVED, by=mikko)
    assert "said" in page(listed, mikko)
    assert "by Mikko" in page(listed, mikko)

    approval.say(listed, Approval.REJECTED, reason="Told by Arena", by=aino)

    listed.refresh_from_db()
    assert (listed.approval, listed.approval_by, listed.approval_reason) == (
        Approval.REJECTED,
        aino,
        "Told by Arena",
    )
    assert not Template.objects.sendable().exists()
    approval.say(listed, Approval.UNKNOWN, by=mikko)
    assert Template.objects.sendable().exists()


def test_who_takes_back_what_they_said_lets_a_delivery_show_it(listed, mikko):
    approval.say(listed, Approval.REJECTED, by=mikko)
    approval.say(listed, Approval.UNKNOWN, by=mikko)

    approval.infer_from_delivery(listed.pk, timezone.now())

    listed.refresh_from_db()
    assert (listed.approval, listed.approval_inferred) == (Approval.APPROVED, True)


def test_of_two_people_who_say_it_at_once_the_second_is_told(listed, mikko, aino):
    second = Template.objects.get()
    approval.say(listed, Approval.APPROVED, by=mikko)

    with pytest.raises(TemplateChanged):
        approval.say(second, Approval.REJECTED, by=aino)


def test_a_delivery_shows_that_it_was_approved_and_is_shown_as_inferred(listed, mikko):
    approval.infer_from_delivery(listed.pk, timezone.now())

    listed.refresh_from_db()
    assert (listed.approval, listed.approval_inferred, listed.approval_by) == (Approval.APPROVED, True, None)
    assert "inferred: a message with it was delivered" in page(listed, mikko)


def test_a_late_delivery_does_not_overrule_a_person(listed, mikko):
    approval.say(listed, Approval.REJECTED, by=mikko)

    approval.infer_from_delivery(listed.pk, timezone.now())

    listed.refresh_from_db()
    assert listed.approval == Approval.REJECTED


def test_only_what_was_sent_after_a_refusal_shows_that_it_is_approved_again(listed):
    before = timezone.now()
    approval.infer_from_failure(listed.pk, "132015")

    approval.infer_from_delivery(listed.pk, before)
    listed.refresh_from_db()
    assert listed.approval == Approval.REJECTED

    approval.infer_from_delivery(listed.pk, timezone.now())
    listed.refresh_from_db()
    assert listed.approval == Approval.APPROVED


@pytest.mark.parametrize("code", ["132001", "132007", "132015", "132016"])
def test_a_code_about_the_template_takes_its_approval_with_the_code_named(code, listed, mikko):
    approval.say(listed, Approval.APPROVED, by=mikko)

    approval.infer_from_failure(listed.pk, code)

    listed.refresh_from_db()
    assert (listed.approval, listed.approval_inferred, listed.approval_reason) == (
        Approval.REJECTED,
        True,
        code,
    )
    assert failures.FAILURES[code].words in page(listed, mikko)
    assert not Template.objects.sendable().exists()


@pytest.mark.parametrize("code", ["131026", "131047", "131050", "AbsentSubscriber", ""])
def test_a_code_about_one_person_says_nothing_of_the_template(code, listed):
    approval.infer_from_failure(listed.pk, code)

    listed.refresh_from_db()
    assert listed.approval == Approval.UNKNOWN


def test_an_unclear_one_of_which_a_verdict_is_known_did_arrive(kahvila, mikko):
    unclear = make_template(kahvila, state=TemplateState.UNKNOWN)

    approval.say(unclear, Approval.REJECTED, by=mikko)

    assert unclear.state == TemplateState.SUBMITTED


@pytest.mark.parametrize("state", [TemplateState.DRAFT, TemplateState.FAILED, TemplateState.SUBMITTING])
def test_what_whatsapp_cannot_have_judged_is_not_marked(state, kahvila, mikko):
    template = make_template(kahvila, state=state)

    with pytest.raises(TemplateChanged):
        approval.say(template, Approval.APPROVED, by=mikko)
    assert client_of(mikko).get(f"/templates/{template.pk}/approval/").status_code == 302


def test_a_review_of_a_week_is_given_to_a_person_and_a_rejected_one_is_not(kahvila, mikko):
    old = timezone.now() - timedelta(days=8)
    forgotten = make_template(kahvila, state=TemplateState.SUBMITTED, submitted_at=old)
    make_template(
        kahvila, state=TemplateState.SUBMITTED, submitted_at=old, approval=Approval.REJECTED, body="Other"
    )

    assert Template.objects.needing_a_person().get() == forgotten
    assert not Template.objects.in_review().exists()
    assert "not listed for a week" in page(forgotten, mikko)


def test_the_list_tells_and_filters_approved_rejected_and_listed_ones(kahvila, mikko, listed):
    make_template(kahvila, state=TemplateState.LISTED, display_name="Yes", approval=Approval.APPROVED)
    make_template(kahvila, state=TemplateState.SUBMITTED, display_name="No", approval=Approval.REJECTED)
    browser = client_of(mikko)

    for state, name in [("approved", "Yes"), ("rejected", "No"), ("listed", "Christmas brunch")]:
        shown = browser.get("/templates/", {"state": state}).context["page"].rows
        assert [each.display_name for each in shown] == [name]
