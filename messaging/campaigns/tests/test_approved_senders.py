"""Senders that admins list, and countries that block others."""

from collections import Counter
from datetime import time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import AuditEvent
from gateway import clock
from messaging.campaigns.audiences import audience
from messaging.campaigns.audiences.calling_codes import country_of
from messaging.campaigns.audiences.reach import Reach
from messaging.campaigns.dispatch import pausing, recurring, sending
from messaging.campaigns.models import ApprovedSender, Campaign, CampaignRules, CampaignState, Recurrence
from messaging.campaigns.models.recurrence import Rhythm
from messaging.campaigns.rules import approved_senders
from messaging.campaigns.tests.conftest import NEW, edit_url, make_campaign, make_scheduled, post
from messaging.campaigns.tests.test_last_look import claimed
from messaging.campaigns.wording.senders import NotASender
from tests.factories import make_contact
from tests.people import client_of

RULES, SENDERS = "/settings/campaigns/", "/settings/campaigns/senders/"


@pytest.fixture
def approved(kahvila, aino) -> ApprovedSender:
    return approved_senders.approve(kahvila, "Kahvila", ["FI"], by=aino)


def test_without_a_list_any_sender_may_be_used(filled, mikko):
    post(mikko, filled, action="save", sender="Muu")

    assert Campaign.objects.get().sender == "Muu"


def test_with_a_list_only_what_is_on_it(filled, approved, mikko):
    page = post(mikko, filled).content.decode()
    answered = post(mikko, filled, action="save", sender="Muu")

    assert '<select name="sender"' in page
    assert answered.status_code == 422
    assert "not among the approved ones" in answered.content.decode()
    assert '<option value="Muu" selected>' in answered.content.decode()
    assert not Campaign.objects.exists()


def test_a_draft_from_before_the_list_keeps_its_sender_until_it_is_sent(group, approved, mikko):
    draft = make_campaign(group, mikko, sender="Vanha")

    page = client_of(mikko).get(edit_url(draft)).content.decode()

    assert '<option value="Vanha" selected>' in page


def test_another_customers_list_is_its_own(filled, trattoria, aino, mikko):
    approved_senders.approve(trattoria, "Trattoria", [], by=aino)

    assert '<select name="sender"' not in post(mikko, filled).content.decode()


def test_people_abroad_where_it_is_not_approved_are_counted(filled, group, approved, mikko):
    make_contact(group, phone="+393331234567", first_name="Anna")

    page = post(mikko, filled).content.decode()

    assert "1 person is in Italy, where Kahvila is not approved" in page
    assert "in Finland, where" not in page


def test_without_a_list_countries_that_want_approval_are_named(filled, mikko):
    page = post(mikko, filled).content.decode()

    assert "2 people are in Finland, where names are approved beforehand" in page
    assert "names are approved beforehand" not in post(mikko, filled, sender="16010").content.decode()


@pytest.mark.parametrize(
    ("sender", "countries", "is_taken"),
    [
        ("AB", ["FI"], False),
        ("AB", ["IT", "SE"], False),
        ("AB", [], False),
        ("AB", ["SE"], True),
        ("ABC", [], True),
        ("16010", ["FI"], True),
        ("Liian pitkä nimi", ["SE"], False),
    ],
)
def test_what_a_country_would_block_is_not_listed(kahvila, aino, sender, countries, is_taken):
    if is_taken:
        assert approved_senders.approve(kahvila, sender, countries, by=aino).countries == sorted(countries)
        return
    with pytest.raises(NotASender):
        approved_senders.approve(kahvila, sender, countries, by=aino)


def test_listed_again_it_holds_elsewhere(kahvila, approved, aino):
    approved_senders.approve(kahvila, "Kahvila", ["SE", "FI"], by=aino)

    assert ApprovedSender.objects.get().countries == ["FI", "SE"]
    assert AuditEvent.objects.filter(verb="sender.approved").count() == 2


@pytest.mark.parametrize(
    ("phone", "country"),
    [
        ("+358401234567", "FI"),
        ("+393331234567", "IT"),
        ("+12025550123", "US"),
        ("+999", ""),
        ("erased 1", ""),
    ],
)
def test_the_country_of_a_number(phone, country):
    assert country_of(phone) == country


def test_the_audience_counts_those_who_get_it(group, people, mikko):
    make_contact(group, phone="+46701234567", first_name="Sven")
    campaign = make_campaign(group, mikko)

    found = audience.count_audience(Reach.of(campaign), campaign.wording)

    assert found.countries == Counter({"FI": 2, "SE": 1})


def test_an_admin_keeps_the_list_on_its_page(kahvila, aino):
    browser = client_of(aino)

    browser.post(SENDERS, {"sender": "Kahvila", "countries": ["FI"]})
    shown = browser.get(RULES).content.decode()
    refused = browser.post(SENDERS, {"sender": "Ääkköset"})
    browser.post(reverse("campaign_rules:sender_removal", args=[ApprovedSender.objects.get().pk]))

    assert ("Kahvila" in shown, "Finland" in shown) == (True, True)
    assert (refused.status_code, "without å, ä or ö" in refused.content.decode()) == (422, True)
    assert not ApprovedSender.objects.exists()
    trail = AuditEvent.objects.order_by("pk").values_list("verb", flat=True)
    assert list(trail) == ["sender.approved", "sender.withdrawn"]


def test_an_admin_sets_the_reference(kahvila, aino):
    client_of(aino).post(RULES, {"customer_data": "4711"})

    assert CampaignRules.of(kahvila).customer_data == "4711"
    event = AuditEvent.objects.get()
    assert (event.verb, event.after) == ("campaign_rules.changed", {"customer_data": "4711"})


def test_only_admins_of_the_customer_change_it(approved, mikko, vera, otto):
    removal = reverse("campaign_rules:sender_removal", args=[approved.pk])

    for person in (mikko, vera):
        assert client_of(person).get(RULES).status_code == 403
        assert client_of(person).post(SENDERS, {"sender": "Muu"}).status_code == 403
        assert client_of(person).post(removal).status_code == 403
    otto.role = "admin"
    otto.save()
    assert client_of(otto).post(removal).status_code == 404
    assert ApprovedSender.objects.get() == approved


def test_the_page_takes_the_same_queries_for_many(kahvila, approved, aino, django_assert_num_queries):
    browser = client_of(aino)
    browser.get(RULES)
    with CaptureQueriesContext(connection) as few:
        browser.get(RULES)
    for number in range(20):
        approved_senders.approve(kahvila, f"Kahvila {number}", [], by=aino)
    with django_assert_num_queries(len(few)):
        browser.get(RULES)


def test_a_new_campaign_begins_with_the_persons_own_last_sender_and_service(filled, group, mikko, aino):
    make_campaign(group, mikko, sender="Mikon")
    make_campaign(group, aino, sender="Ainon")

    assert client_of(mikko).get(NEW).context["summary"].campaign.sender == "Mikon"


@pytest.fixture
def withdrawn(group, people, connected, mikko, kahvila, aino) -> Campaign:
    """Scheduled from Kahvila; then the list has another sender alone."""
    campaign = make_scheduled(group, mikko)
    approved_senders.approve(kahvila, "Muu", [], by=aino)
    return campaign


def test_a_scheduled_campaign_of_a_withdrawn_sender_is_held(withdrawn):
    sending.advance_campaigns()

    withdrawn.refresh_from_db()
    assert withdrawn.state == CampaignState.HELD
    assert "Kahvila is no approved sender any more" in withdrawn.held_reason


def test_one_under_way_stops_before_its_next_call_until_the_sender_is_approved(
    sending_now, connected, kahvila, aino, mikko
):
    approved_senders.approve(kahvila, "Muu", [], by=aino)

    assert claimed(connected) is None

    paused = Campaign.objects.get(pk=sending_now.pk)
    assert paused.is_paused
    assert "Kahvila is no approved sender any more" in paused.pause_reason
    approved_senders.approve(kahvila, "Kahvila", [], by=aino)
    pausing.resume(paused, by=mikko)
    sending.advance_campaigns()
    assert claimed(connected) is not None


def test_the_next_of_a_repeated_campaign_is_held_as_it_is_made(
    group, people, connected, mikko, kahvila, aino
):
    campaign = make_scheduled(group, mikko)
    recurring.repeat(
        Recurrence(
            customer=kahvila,
            campaign=campaign,
            rhythm=Rhythm.WEEK,
            weekday=0,
            time=time(9),
            zone="Europe/Helsinki",
            agreed_revision=campaign.revision,
        ),
        by=mikko,
    )
    Recurrence.objects.update(next_at=clock.after(24 * 3600))
    approved_senders.approve(kahvila, "Muu", [], by=aino)

    recurring.make_due()

    made = Campaign.objects.exclude(pk=campaign.pk).get()
    assert made.state == CampaignState.HELD
    assert "Kahvila is no approved sender any more" in made.held_reason
