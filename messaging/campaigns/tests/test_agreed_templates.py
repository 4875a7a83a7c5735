"""A template that SmartDialog changed or dropped, or that lost its approval: nobody gets it unasked."""

from datetime import time, timedelta

import pytest

from gateway import clock
from gateway.smartdialog.types import RemoteTemplate
from messaging.campaigns import lifecycle
from messaging.campaigns.composing.summary import CampaignSummary
from messaging.campaigns.dispatch import pausing, recurring, resending, sending
from messaging.campaigns.dispatch.resending import Missed
from messaging.campaigns.models import Campaign, CampaignState, Recurrence
from messaging.campaigns.outcome import person_messages
from messaging.campaigns.outcome import reached_people as recipients
from messaging.campaigns.tests.conftest import answer, calls_of, make_campaign, make_scheduled, make_template
from messaging.campaigns.tests.conftest import text as further
from messaging.campaigns.tests.stages import now_of
from messaging.campaigns.tests.test_last_look import MAIJA, claimed, numbers
from messaging.whatsapp.catalogue import list_sync
from messaging.whatsapp.models import Approval, Template, TemplateState
from tests.people import client_of

FORMER, NEW = "Hei {{1}}, kahvi 1 e", "Hei {{1}}, kahvi 9 e"
OF_NAME = [{"field": "firstName", "fallback": "ystävä"}]


@pytest.fixture
def template(kahvila) -> Template:
    return make_template(kahvila, body=FORMER, approval=Approval.APPROVED)


@pytest.fixture
def fields(template):
    return {"channel": "whatsapp", "template": template, "parameters": OF_NAME, "content": ""}


@pytest.fixture
def agreed(group, people, connected, mikko, fields) -> Campaign:
    return make_scheduled(group, mikko, **fields)


def listed_as(template: Template, body: str) -> None:
    remote = RemoteTemplate(id=template.remote_id, display_name=template.display_name, raw_content=body)
    list_sync.reconcile(template.customer, [remote])


def begin(campaign: Campaign) -> Campaign:
    Campaign.objects.filter(pk=campaign.pk).update(begins_at=clock.now())
    sending.advance_campaigns()
    return now_of(campaign)


def judged_as(approval: Approval) -> None:
    Template.objects.update(approval=approval)


CHANGES = {
    "says something else": (lambda each: listed_as(each, NEW), "has changed at SmartDialog"),
    "is not listed": (lambda each: list_sync.reconcile(each.customer, []), "no longer lists"),
    "was rejected": (lambda each: judged_as(Approval.REJECTED), "has rejected"),
    "lost its approval": (lambda each: judged_as(Approval.UNKNOWN), "not known any more"),
}


@pytest.mark.parametrize("how", CHANGES)
def test_a_campaign_whose_template_is_not_as_agreed_is_held(agreed, template, how):
    change, words = CHANGES[how]
    change(template)

    held = begin(agreed)

    assert (held.state, held.recipients.count()) == (CampaignState.HELD, 0)
    assert words in held.held_reason


def test_a_further_text_counts_as_well(group, people, connected, mikko, kahvila, template, fields):
    other = make_template(kahvila, body=FORMER + "!")
    texts = [further(template=other.pk, parameters=OF_NAME)]
    tried = make_scheduled(group, mikko, **fields, more_texts=texts, first_share=50)
    Template.objects.filter(pk=other.pk).update(body=NEW)

    assert begin(tried).state == CampaignState.HELD


def test_white_space_and_a_template_nobody_was_told_of_hold_nothing(agreed, template):
    Template.objects.update(body=f" {FORMER.replace(' ', '  ')}")
    Campaign.objects.update(agreed_templates=[])

    assert begin(agreed).state == CampaignState.SENDING


def test_let_go_by_a_person_it_says_what_they_saw_then(agreed, template, mikko):
    listed_as(template, NEW)
    held = begin(agreed)

    lifecycle.release(held, people=3, calls=3, by=mikko)

    assert begin(held).state == CampaignState.SENDING
    assert now_of(held).text == NEW


def test_what_the_button_sends_is_what_it_stood_beside(group, people, connected, mikko, template, fields):
    campaign = make_campaign(group, mikko, **fields)
    seen = CampaignSummary(campaign, connection=connected).expected
    Template.objects.update(body=NEW)

    assert CampaignSummary(now_of(campaign), connection=connected).expected != seen


def test_a_text_that_changes_in_mid_send_stops_it_before_the_next_call(agreed, template, connected, mikko):
    begin(agreed)
    first = claimed(connected)
    answer(first)
    listed_as(template, NEW)

    assert claimed(connected) is None

    stopped = now_of(agreed)
    assert stopped.is_paused
    assert "has changed at SmartDialog since this began" in stopped.pause_reason
    pausing.resume(stopped, by=mikko)
    assert claimed(connected) is None
    listed_as(template, FORMER)
    pausing.resume(now_of(agreed), by=mikko)
    assert claimed(connected) is not None


def test_whoever_it_is_sent_again_to_gets_the_same_text_or_none(agreed, template, connected, mikko):
    begin(agreed)
    lifecycle.cancel(now_of(agreed), by=mikko)
    listed_as(template, NEW)

    resending.resend(now_of(agreed), [Missed.REST], by=mikko)
    sending.advance_campaigns()

    assert claimed(connected) is None
    assert now_of(agreed).is_paused


def test_what_was_sent_reads_as_it_was_for_ever(agreed, template, kahvila, mikko):
    begin(agreed)
    for call in calls_of(agreed):
        answer(call)
    listed_as(template, NEW)
    campaign = now_of(agreed)

    page = client_of(mikko).get(f"/campaigns/{campaign.pk}/").content.decode()
    assert "kahvi 1 e" in page
    assert "kahvi 9 e" not in page
    _, *rows = recipients.rows(campaign, campaign.recipients.filter(phone=MAIJA), clock.now().tzinfo)
    assert rows[0][-1] == "Hei Maija, kahvi 1 e"
    assert [each.text for each in person_messages.for_them(kahvila, [MAIJA], 10)] == ["Hei Maija, kahvi 1 e"]


def test_a_repeat_whose_template_changed_since_it_was_agreed_to_is_held(
    group, people, connected, mikko, template, fields
):
    source = make_scheduled(group, mikko, send_at=clock.now() + timedelta(days=1), **fields)
    again = Recurrence(customer=source.customer, campaign=source, rhythm="birthday", time=time(9), zone="UTC")
    recurring.repeat(again, by=mikko)
    listed_as(template, NEW)

    recurring.make_due()

    made = Campaign.objects.get(occurrence_of=source)
    assert (made.state, "has changed at SmartDialog" in made.held_reason) == (CampaignState.HELD, True)
    lifecycle.release(made, people=3, calls=3, by=mikko)
    assert now_of(made).state == CampaignState.SCHEDULED


def test_an_unlisted_template_in_mid_send_is_left_to_smartdialog(agreed, template, connected):
    begin(agreed)
    Template.objects.update(state=TemplateState.UNLISTED)

    assert numbers(claimed(connected))
