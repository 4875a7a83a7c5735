"""What was agreed to is what is sent: people, SMS parts and calls are compared before the first call."""

import pytest
from django.test import override_settings

from contacts.models import Contact
from gateway import clock
from messaging.campaigns import lifecycle
from messaging.campaigns.dispatch import recurring, sending
from messaging.campaigns.models import Campaign, CampaignState
from messaging.campaigns.tests.conftest import calls_of, make_campaign, make_template, post, press
from messaging.campaigns.tests.test_sending_hours import keep
from tests.factories import make_contact, suppress
from tests.people import client_of

LONG = "a" * 140


@pytest.fixture
def members(group, connected) -> list[Contact]:
    return [make_contact(group, first_name="Aino") for _ in range(20)]


def started(campaign: Campaign, by, **agreed) -> Campaign:
    lifecycle.schedule(campaign, revision=campaign.revision, by=by, **agreed)
    return sent(campaign)


def sent(campaign: Campaign) -> Campaign:
    sending.send_now(campaign.pk)
    campaign.refresh_from_db()
    return campaign


@pytest.mark.parametrize(
    ("longer", "state"), [(0, CampaignState.SENDING), (2, CampaignState.SENDING), (3, CampaignState.HELD)]
)
def test_texts_that_have_become_longer_are_asked_about(group, members, mikko, longer, state):
    campaign = make_campaign(group, mikko)
    Contact.objects.filter(pk__in=[each.pk for each in members[:longer]]).update(first_name="Я" * 80)

    started(campaign, mikko, people=20, calls=1, parts=20)

    assert campaign.state == state
    if state == CampaignState.HELD:
        assert campaign.held_reason == (
            "It was scheduled as 20 SMS parts, and would be 23 now: 3 more, 15 %. Nothing was sent."
        )
        assert (calls_of(campaign), campaign.recipients.count()) == ([], 0)


@pytest.mark.parametrize(("names", "state"), [(2, CampaignState.SENDING), (3, CampaignState.HELD)])
def test_parameters_that_need_more_calls_are_asked_about(group, kahvila, members, mikko, names, state):
    template = make_template(kahvila, body="Hei {{1}}")
    fields = {"channel": "whatsapp", "template": template, "parameters": [{"field": "firstName"}]}
    campaign = make_campaign(group, mikko, **fields)
    for number, each in enumerate(members[: names - 1]):
        Contact.objects.filter(pk=each.pk).update(first_name=f"Nimi {number}")

    started(campaign, mikko, people=20, calls=1)

    assert campaign.state == state
    if state == CampaignState.HELD:
        assert "as 1 call, and would be 3 now: 2 more, 200 %." in campaign.held_reason


def test_smaller_calls_than_agreed_to_are_asked_about(group, members, mikko):
    campaign = make_campaign(group, mikko)

    with override_settings(SMARTDIALOG_BATCH_SIZE=5):
        started(campaign, mikko, people=20, calls=1, parts=20)

    assert "as 1 call, and would be 4 now" in campaign.held_reason


def test_sending_hours_of_countries_are_no_growth(group, kahvila, connected, mikko):
    campaign = make_campaign(group, mikko, content="Hei")
    for country, phone in (("FI", "+358400000001"), ("SE", "+46700000001"), ("NO", "+4740000001")):
        make_contact(group, phone=phone)
        keep(kahvila, country=country, days=[["00:00", "24:00"]] * 7)
    lifecycle.schedule(campaign, revision=1, people=3, calls=1, parts=3, by=mikko)

    sent(campaign)

    assert campaign.state == CampaignState.SENDING


def test_the_button_agrees_to_the_parts_that_stood_beside_it(filled, mikko):
    text = filled | {"content": LONG + " $(firstName)" * 2}
    seen = post(mikko, text).context["summary"].parts.total

    press(mikko, text)

    assert Campaign.objects.get().agreed_parts == seen > 2


def test_a_held_one_that_is_let_go_is_held_to_what_was_seen_then(group, members, mikko):
    held = make_campaign(group, mikko, state=CampaignState.HELD)
    lifecycle.release(held, people=20, calls=1, parts=10, by=mikko)

    sent(held)

    assert "as 10 SMS parts, and would be 20 now" in held.held_reason


def test_a_copy_that_comes_again_is_held_to_what_was_agreed_to_of_the_first(group, members, mikko):
    agreed = make_campaign(group, mikko)
    lifecycle.schedule(agreed, revision=1, people=20, calls=1, parts=12, by=mikko)
    copy = make_campaign(group, mikko)

    recurring._schedule(copy, agreed, recurring.Recurrence(campaign=agreed, by=mikko))

    copy.refresh_from_db()
    assert (copy.people, copy.calls, copy.agreed_parts) == (20, 1, 12)
    assert sent(copy).state == CampaignState.HELD


@pytest.mark.parametrize(("agreed", "words"), [(20, None), (21, "1 fewer"), (18, "2 more")])
def test_the_receipt_compares_with_what_was_agreed_to(group, members, mikko, agreed, words):
    campaign = started(make_campaign(group, mikko), mikko, people=20, calls=1, parts=20)
    Campaign.objects.filter(pk=campaign.pk).update(people=agreed)

    page = client_of(mikko).get(f"/campaigns/{campaign.pk}/").content.decode()

    assert ('data-testid="agreed"' in page) == (words is not None)
    assert words is None or words in " ".join(page.split())


def test_the_receipt_fails_where_somebody_is_in_no_row(group, members, mikko):
    campaign = started(make_campaign(group, mikko), mikko, people=20, calls=1, parts=20)
    campaign.recipients.first().delete()

    page = " ".join(client_of(mikko).get(f"/campaigns/{campaign.pk}/").content.decode().split())

    assert "Of 20 people it was scheduled for, 1 is neither" in page


def test_the_receipt_fails_too_where_others_were_to_get_nothing(filled, mikko, kahvila):
    """Who was never among those agreed to hides nobody who was."""
    press(mikko, filled)
    campaign = Campaign.objects.get()
    assert (campaign.people, campaign.agreed_left_out) == (2, 3)
    Campaign.objects.update(begins_at=clock.now())
    sending.advance_campaigns()
    page = client_of(mikko).get(f"/campaigns/{campaign.pk}/")
    assert page.context["agreed"].unaccounted == 0

    campaign.recipients.filter(state="planned").first().delete()
    page = client_of(mikko).get(f"/campaigns/{campaign.pk}/")
    assert page.context["agreed"].unaccounted == 1


def test_the_receipt_knows_who_was_skipped_since(filled, mikko, kahvila):
    press(mikko, filled)
    suppress(kahvila, phone="+358400000001")
    Campaign.objects.update(begins_at=clock.now())
    sending.advance_campaigns()

    page = client_of(mikko).get(f"/campaigns/{Campaign.objects.get().pk}/")

    assert (page.context["agreed"].difference, page.context["agreed"].unaccounted) == ("1 fewer", 0)
