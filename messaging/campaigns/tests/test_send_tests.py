"""A test of a campaign, to a number of one’s own."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress as suppress_errors
from datetime import timedelta
from threading import Barrier, BrokenBarrierError

import pytest
from django.db import connection as database
from django.utils import timezone

from gateway import outbox
from gateway.models import Operation
from messaging.campaigns.composing import send_tests
from messaging.campaigns.composing.send_tests import CannotTest
from messaging.campaigns.models import Campaign, CampaignState
from messaging.campaigns.tests.conftest import NEW, edit_url, make_campaign, make_scheduled, post
from tests.factories import suppress
from tests.people import client_of


def test_a_test_goes_to_one_number_as_the_person_shown_and_keeps_the_draft(filled, mikko):
    answered = post(mikko, filled, action="test", test_phone="040 123 4567", go="1")

    draft, operation = Campaign.objects.get(), Operation.objects.get()
    assert answered.headers["Location"] == edit_url(draft)
    message = operation.payload["message"]
    assert message["recipients"] == [{"address": "+358401234567", "personalization": {"firstName": "Антон"}}]
    assert draft.state == CampaignState.DRAFT
    assert b"Last test" in client_of(mikko).get(edit_url(draft)).content


def test_a_test_to_who_asked_for_no_messages_is_not_sent(filled, kahvila, mikko):
    suppress(kahvila, phone="+358401234567", reason="STOP")

    post(mikko, filled, action="test", test_phone="+358401234567")

    assert not Operation.objects.exists()


@pytest.mark.parametrize("phone", ["+358401234567", "", "12"])
def test_a_test_of_a_scheduled_campaign_leaves_it_as_it_was(filled, group, mikko, phone):
    campaign = make_scheduled(group, mikko, send_at=timezone.now() + timedelta(days=1))
    before = Campaign.objects.values().get()

    changed = {"content": "Moi, uusi teksti", "revision": campaign.revision}
    answered = post(mikko, filled, to=edit_url(campaign), action="test", test_phone=phone, **changed)

    assert Campaign.objects.values().get() == before
    assert answered.status_code == 200
    page = answered.content.decode()
    assert "The campaign stays as it was; what you changed here is not saved yet." in page
    assert "Moi, uusi teksti" in page
    sent = Operation.objects.filter(kind="campaign.test_sms")
    assert [call.payload["message"]["content"] for call in sent] == ["Moi, uusi teksti"] * (len(phone) > 2)


def test_the_number_of_ones_own_tests_is_remembered_and_the_last_tests_are_listed(filled, group, mikko, aino):
    draft = make_campaign(group, mikko)
    form = filled | {"revision": draft.revision, "test_phone": "+358401112223"}
    post(mikko, form, to=edit_url(draft), action="test")

    shown = client_of(mikko).get(edit_url(draft))
    other = client_of(aino).get(edit_url(draft))

    assert shown.context["test_phone"] == client_of(mikko).get(NEW).context["test_phone"] == "+358401112223"
    assert other.context["test_phone"] == ""
    assert [phone for _, phone in other.context["tests"]] == ["+358401112223"]
    assert b"+358 40 1112223" in other.content


@pytest.mark.django_db(transaction=True)
def test_of_two_presses_at_once_one_is_a_test(group, connected, mikko, monkeypatch):
    campaign, is_underway, both = make_campaign(group, mikko), outbox.is_underway, Barrier(2)

    def asked(**about: str) -> bool:
        found = is_underway(**about)
        with suppress_errors(BrokenBarrierError):
            both.wait(1)
        return found

    def press() -> str:
        try:
            send_tests.send(campaign, phone="+358401234567", values=("",), by=mikko)
        except CannotTest as error:
            return error.text
        finally:
            database.close()
        return ""

    monkeypatch.setattr(outbox, "is_underway", asked)
    with ThreadPoolExecutor(2) as pool:
        said = {each.result(20) for each in [pool.submit(press) for _ in range(2)]}

    assert Operation.objects.count() == 1
    assert said == {"", "Your last test is still on its way. Wait until it has left."}
