"""Asking SmartDialog to send a service's messages here, and to stop, over real HTTP."""

import pytest

from accounts.models import Membership, Role, User
from gateway import clock
from gateway.hook_urls import inbound_url
from gateway.hooks import processing, subscribe
from gateway.hooks.subscriptions import renew, unsubscribe
from gateway.models import HookEvent, HookSubscription, Operation, Service, SubscriptionState
from gateway.outbox.draining import drain
from tests.factories import make_connection
from tests.people import client_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def odd_ids(sandbox) -> None:
    sandbox.post("/_switches", {"id_form": "odd"}).raise_for_status()


@pytest.fixture
def mikko(mikko_signed_in: User) -> User:
    User.objects.filter(pk=mikko_signed_in.pk).update(role=Role.ADMIN)
    mikko_signed_in.refresh_from_db()
    return mikko_signed_in


@pytest.fixture
def service(mikko) -> Service:
    return Service.objects.two_way().get(customer__name="Kahvila Aalto")


def started(service: Service, mikko: User) -> HookSubscription:
    hook = subscribe(service, by=mikko)
    drain(mikko.connection.pk)
    hook.refresh_from_db()
    return hook


def at_the_platform(sandbox) -> list[str]:
    return [one["url"] for one in sandbox.state(only="subscriptions")["subscriptions"]]


def page_of(mikko: User) -> str:
    return client_of(mikko).get("/settings/services/").content.decode()


def test_receiving_is_begun_and_ended_at_smartdialog_too(service, mikko, sandbox):
    hook = started(service, mikko)
    assert at_the_platform(sandbox) == [inbound_url(hook)]
    assert "Receiving" in page_of(mikko)

    told = client_of(mikko).post(f"/settings/hooks/{hook.pk}/revocations/", follow=True).content.decode()
    drain(mikko.connection.pk)

    assert "SmartDialog is asked to end it there" in told
    assert at_the_platform(sandbox) == []
    assert "Start receiving" in page_of(mikko)


def test_ids_that_are_no_guids_are_kept_and_given_back_as_they_are(odd_ids, service, mikko, sandbox):
    hook = started(service, mikko)
    assert hook.pipeline_id.startswith("no/")

    unsubscribe(hook, by=mikko)
    drain(mikko.connection.pk)

    assert at_the_platform(sandbox) == []


def test_an_address_is_replaced_at_smartdialog_too(service, mikko, sandbox):
    old = started(service, mikko)
    renew(old, by=mikko)
    assert at_the_platform(sandbox) == [inbound_url(old)]

    drain(mikko.connection.pk)

    new = service.hook_subscriptions.get(state=SubscriptionState.ACTIVE)
    assert at_the_platform(sandbox) == [inbound_url(new)] != [inbound_url(old)]


def test_without_a_location_the_page_says_that_only_arena_can_end_it(service, mikko, sandbox):
    sandbox.post("/_switches", {"trigger_location": False}).raise_for_status()
    hook = started(service, mikko)
    assert (hook.state, hook.can_be_ended) == (SubscriptionState.ACTIVE, False)
    assert "only Arena can remove it there" in page_of(mikko)

    told = client_of(mikko).post(f"/settings/hooks/{hook.pk}/revocations/", follow=True).content.decode()

    assert "goes on sending there until Arena removes it" in told
    assert not Operation.objects.filter(kind="hooks.unsubscribe").exists()


def test_a_refusal_stands_on_the_page_with_the_way_to_try_again(service, mikko, sandbox):
    sandbox.post("/_faults", [{"op": "NewMessage", "do": "403"}]).raise_for_status()
    hook = started(service, mikko)

    assert hook.state == SubscriptionState.FAILED
    page = page_of(mikko)
    assert "Not set up" in page
    assert "Told to fail by a fault" in page
    assert "Start receiving" in page


def test_what_is_stopped_before_smartdialog_answered_stays_stopped(service, mikko, sandbox):
    hook = subscribe(service, by=mikko)
    unsubscribe(hook, by=mikko)

    drain(mikko.connection.pk)

    hook.refresh_from_db()
    assert hook.state == SubscriptionState.REVOKED
    assert at_the_platform(sandbox) == []


def test_a_message_proves_a_subscription_whose_answer_was_lost(service, mikko, sandbox):
    sandbox.post("/_faults", [{"op": "NewMessage", "do": "malformed"}]).raise_for_status()
    hook = started(service, mikko)
    assert hook.state == SubscriptionState.ASKED
    body = b'{"sender": "+358401111111", "content": "Hei", "messageId": "m"}'

    HookEvent.objects.create(subscription=hook, body=body)
    processing.process_due()

    hook.refresh_from_db()
    assert hook.state == SubscriptionState.ACTIVE


def test_another_customers_service_or_hook_is_not_found(service, mikko, sandbox, outsider_oy):
    stranger = User.objects.create(username="s", name="Stranger", role=Role.ADMIN, approved_at=clock.now())
    Membership.objects.create(user=stranger, customer=outsider_oy)
    make_connection(stranger)
    hook = started(service, mikko)

    browser = client_of(stranger)
    assert browser.post(f"/settings/services/{service.pk}/subscriptions/").status_code == 404
    assert browser.post(f"/settings/hooks/{hook.pk}/revocations/").status_code == 404
