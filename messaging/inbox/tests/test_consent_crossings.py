"""What people write while others decide, on several lines, and with what cannot be answered."""

import pytest

from contacts.consent import opt_outs
from contacts.consent.opt_outs import Evidence
from contacts.models import ConsentSource, Contact, OptOutDecision, OptOutRequest, Suppression
from gateway.hooks.subscriptions import confirmed, subscribe
from gateway.models import ConnectionState, EventState, HookSubscription, Operation, ServiceKind
from gateway.smartdialog.types import Subscribed
from messaging.inbox.models import Message, OptOutSettings
from messaging.inbox.tests.conftest import ANNA, receive
from tests.factories import make_contact, make_service

pytestmark = pytest.mark.django_db


@pytest.fixture
def other_line(kahvila, connected, mikko) -> HookSubscription:
    second = make_service(kahvila, kind=ServiceKind.TWO_WAY, name="Inbound 7654321")
    subscription = subscribe(second, by=mikko)
    confirmed(subscription, Subscribed(action_id="other", location=""), connection=connected)
    Operation.objects.all().delete()
    return subscription


def is_stopped(customer, phone: str = ANNA) -> bool:
    return bool(opt_outs.stopped_among(customer, [phone]))


def test_an_older_start_to_another_number_ends_no_later_stop(hook, other_line, anna, kahvila):
    receive(hook, content="STOP", timestamp="2026-11-24T11:00:00Z")
    receive(hook, content="STOP", timestamp="2026-11-24T12:00:05Z")
    receive(other_line, content="START", timestamp="2026-11-24T12:00:00Z")

    assert is_stopped(kahvila)


@pytest.mark.parametrize("state", [ConnectionState.PAUSED, ConnectionState.RECONNECT, ConnectionState.LOCKED])
def test_a_stop_holds_whatever_has_become_of_the_sign_in(hook, answering, connected, anna, kahvila, state):
    OptOutSettings.objects.create(customer=kahvila, confirmation="Selvä.")
    type(connected).objects.update(state=state)

    assert receive(hook, content="STOP").state == EventState.DONE
    assert is_stopped(kahvila)
    assert Message.objects.filter(automatic=True).count() == 1


def test_a_replayed_start_ends_no_later_stop(hook, anna, kahvila):
    for content, at, key in [
        ("STOP", "2026-11-24T12:00:00Z", "a"),
        ("START", "2026-11-24T12:01:00Z", "b"),
        ("STOP", "2026-11-24T12:02:00Z", "c"),
        ("START", "2026-11-24T12:01:00Z", "b"),
        ("START", "2026-11-24T12:01:00Z", None),
        ("STOP", "2026-11-24T12:00:00Z", "a"),
    ]:
        receive(hook, content=content, timestamp=at, messageId=key)

    assert is_stopped(kahvila)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("+5215512345678", "+525512345678"),
        ("+525512345678", "+5215512345678"),
        ("+551187654321", "+5511987654321"),
        ("+5511987654321", "+551187654321"),
        ("+541123456789", "+5491123456789"),
        ("+5491123456789", "+541123456789"),
        ("5215512345678", "+525512345678"),
    ],
)
@pytest.mark.parametrize("content", ["STOP", "please stop"])
def test_one_phone_has_one_consent_in_every_spelling(hook, kahvila, mikko, written, kept, content):
    contact = make_contact(make_service(kahvila, kind="Group"), phone=kept)

    receive(hook, sender=written, content=content)

    assert not Contact.objects.messageable().exists()
    if content != "STOP":
        assert opt_outs.decide(OptOutRequest.objects.as_said().get(), OptOutDecision.OPTED_OUT, by=mikko)
    contact.refresh_from_db()
    assert not contact.active
    assert is_stopped(kahvila, kept)
    receive(hook, sender=written, content="START")
    contact.refresh_from_db()
    assert contact.active
    assert not Suppression.objects.in_force().exists()


def test_words_that_wait_hold_for_a_contact_who_comes_in_another_spelling(hook, kahvila):
    receive(hook, sender="+5215512345678", content="please stop")

    for phone in ["+525512345678", "+5215512345678"]:
        make_contact(make_service(kahvila, kind="Group"), phone=phone)

    assert not Contact.objects.messageable().exists()


def test_a_start_during_the_decision_wins_over_a_page_that_is_old(hook, anna, mikko):
    receive(hook, content="please stop")
    request = OptOutRequest.objects.as_said().get()
    receive(hook, content="START")

    assert not opt_outs.decide(request, OptOutDecision.OPTED_OUT, by=mikko)
    assert not Suppression.objects.in_force().exists()


def test_staff_who_opt_out_what_stop_did_keep_both(hook, anna, kahvila, mikko):
    receive(hook, content="STOP")
    opt_outs.opt_out(kahvila, ANNA, Evidence(ConsentSource.STAFF, by=mikko))
    receive(hook, content="START")

    anna.refresh_from_db()
    assert not anna.active
    assert is_stopped(kahvila)


def test_the_no_of_one_customer_is_not_that_of_another(hook, anna, trattoria):
    other = make_contact(make_service(trattoria, kind="Group"), phone=ANNA)

    receive(hook, content="STOP")

    other.refresh_from_db()
    assert other.active
    assert not is_stopped(trattoria)


def test_a_stop_reaches_who_is_being_deleted_and_comes_back(hook, anna, kahvila):
    Contact.objects.update(sync_state="deleting")
    receive(hook, content="STOP")
    Contact.objects.update(sync_state="unsent")

    assert not Contact.objects.messageable().exists()


@pytest.mark.parametrize("missing", [{"messageId": None}, {"recipient": ""}, {"recipient": None}])
def test_a_stop_holds_in_a_thread_that_cannot_be_answered(hook, answering, anna, kahvila, missing):
    OptOutSettings.objects.create(customer=kahvila, confirmation="Selvä.")

    assert receive(hook, content="STOP", **missing).state == EventState.DONE
    assert is_stopped(kahvila)
    assert not Message.objects.filter(automatic=True).exists()


def test_a_stop_holds_when_everybody_who_could_confirm_it_has_left(hook, answering, anna, kahvila, mikko):
    OptOutSettings.objects.create(customer=kahvila, confirmation="Selvä.")
    type(mikko).objects.update(is_active=False)

    assert receive(hook, content="STOP").state == EventState.DONE
    assert is_stopped(kahvila)


def test_what_is_edited_of_an_own_vocabulary_counts_from_the_next_message(hook, anna, kahvila):
    settings = OptOutSettings.objects.create(
        customer=kahvila, words={"fi": {"stop": ["heippa"], "ask": [], "start": []}}
    )
    receive(hook, content="heippa")
    assert is_stopped(kahvila)
    settings.words = {"fi": {"stop": [], "ask": [], "start": ["heippa"]}}
    settings.save()
    receive(hook, content="heippa!")

    assert not is_stopped(kahvila)
