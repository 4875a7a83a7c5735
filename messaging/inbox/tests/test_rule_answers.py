"""Answers that a rule sends: once, to whom, and while it may."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Role
from contacts.consent import opt_outs
from contacts.consent.opt_outs import Evidence
from contacts.models import ConsentSource
from gateway.hooks.subscriptions import confirmed, subscribe
from gateway.models import Connection, ConnectionState, ServiceKind
from gateway.outbox.draining import drain
from gateway.smartdialog.types import Subscribed
from messaging.inbox.models import AutomaticAnswer, Message, OptOutSettings, Rule, Thread
from messaging.inbox.rules import answers
from messaging.inbox.tests.conftest import ANNA, API, NUMBER, answer
from messaging.inbox.tests.rules import GOT_IT, automatic, hear, pass_time, undone
from tests.factories import make_connection, make_contact, make_service

pytestmark = pytest.mark.django_db


def test_one_answer_an_hour_whatever_the_rules(rule, hook):
    rule(words=["a"], answer="One")
    rule(words=["b"], answer="Two")
    hear(hook, "a")
    hear(hook, "b")
    assert [each.content for each in automatic()] == ["One"]
    assert undone() == ["Not answered. They had an automatic answer less than an hour ago."]

    pass_time(3601)
    hear(hook, "b")
    assert [each.content for each in automatic()] == ["One", "Two"]


def test_a_machine_that_answers_each_answer_gets_one_an_hour(rule, hook):
    rule(words=["auto*"], answer="We got your message.")
    rule(answer=GOT_IT)
    for number in range(4 * 6):  # every quarter of an hour
        hear(hook, f"Automaattinen vastaus {number}")
        pass_time(15 * 60 + 1)

    assert len(automatic()) == 6


def test_two_rules_that_say_each_others_words_answer_nothing_of_ours(rule, hook):
    rule(words=["ping"], answer="pong")
    rule(words=["pong"], answer="ping")
    for number in range(8):
        hear(hook, ["ping", "pong"][number % 2])
        pass_time(3601)

    assert {each.content for each in automatic()} == {"pong"}, "what repeats our words is not answered"


def test_the_hour_is_of_the_person_not_of_the_thread(rule, hook, kahvila, mikko):
    other = subscribe(make_service(kahvila, kind=ServiceKind.TWO_WAY, name="Other"), by=mikko)
    confirmed(other, Subscribed(action_id="b", location=""), connection=Connection.objects.get())
    rule(words=["a"], answer="One")
    hear(hook, "a")
    hear(other, "a")

    assert Thread.objects.count() == 2
    assert len(automatic()) == 1


def test_a_rule_that_asks_for_no_words_answers_once_a_day(rule, hook):
    rule(answer=GOT_IT)
    hear(hook)
    pass_time(2 * 3600)
    hear(hook)
    assert len(automatic()) == 1

    pass_time(23 * 3600)
    hear(hook)
    assert len(automatic()) == 2


def test_nobody_is_told_to_wait_in_the_middle_of_a_conversation(rule, hook, thread, mikko):
    rule(answer=GOT_IT)
    answer(thread, mikko)
    hear(hook, "Kiitos, entä huomenna?")

    assert not automatic()
    assert undone() == ["Not answered. They are in a conversation already."]


@pytest.mark.parametrize("sender", ["12345", "INFO", "hidden"])
def test_a_short_code_or_a_name_is_never_answered(rule, hook, sender):
    rule(answer=GOT_IT, label="Other")
    hear(hook, sender=sender)

    assert not automatic()
    assert Thread.objects.get().labels.exists()


@pytest.mark.parametrize("text", ["STOP", "Lopeta", "please do not stop", "unsubscribe me from this now"])
def test_stop_and_what_comes_near_it_are_never_answered_by_a_rule(rule, hook, text):
    rule(answer=GOT_IT)
    hear(hook, text)

    assert Message.objects.received().get().intent
    assert not automatic()


def test_who_opted_out_is_not_answered(rule, hook, kahvila, aino):
    opt_outs.opt_out(kahvila, ANNA, Evidence(ConsentSource.STAFF, by=aino))
    rule(answer=GOT_IT)
    hear(hook)

    assert not automatic()


def test_a_message_that_arrives_a_day_later_is_not_answered(rule, hook):
    rule(answer=GOT_IT, label="Late")
    hear(hook, timestamp=(timezone.now() - timedelta(days=1)).isoformat())

    assert not automatic()
    assert Thread.objects.get().labels.exists()


def test_our_own_number_and_our_own_words_are_not_answered(rule, hook):
    rule(words=["we"], answer=GOT_IT)
    hear(hook, "we", sender=NUMBER)
    assert not automatic()

    hear(hook, "we")
    pass_time(3601)
    hear(hook, GOT_IT)
    assert len(automatic()) == 1


@pytest.mark.parametrize("state", [ConnectionState.RECONNECT, ConnectionState.PAUSED])
def test_a_sign_in_that_would_keep_it_waiting_sends_nothing(rule, hook, connected, state):
    type(connected).objects.update(state=state)
    rule(answer=GOT_IT)
    hear(hook)

    assert not automatic()
    assert undone() == [f"Not answered. {answers.NO_CARRIER}"]
    assert Message.objects.received().count() == 1, "the message is here"


@pytest.mark.parametrize("change", [{"is_active": False}, {"role": Role.VIEWER}])
def test_somebody_who_may_send_no_more_sends_nothing(rule, hook, mikko, change):
    rule(answer=GOT_IT)
    type(mikko).objects.filter(pk=mikko.pk).update(**change)
    hear(hook)

    assert not automatic()
    assert Thread.objects.get().is_waiting


def test_a_stranger_to_the_customer_carries_nothing(rule, hook, otto):
    make_connection(otto)
    rule(answer=GOT_IT, carrier=otto)
    hear(hook)

    assert not automatic()


def test_values_are_filled_in_and_never_evaluated(rule, hook, kahvila):
    group = make_service(kahvila, kind=ServiceKind.GROUP)
    make_contact(group, phone=ANNA, first_name="$(lastName){{ 7 }}", last_name="Virta")
    rule(answer="Hei $(firstName)!")
    hear(hook)

    assert automatic()[0].content == "Hei $(lastName){{ 7 }}!"


def test_a_missing_value_takes_the_plain_answer_or_none(rule, hook):
    made = rule(answer="Hei $(firstName)!")
    hear(hook)
    assert not automatic()

    Rule.objects.filter(pk=made.pk).update(plain_answer="Hei!")
    hear(hook, "Uudelleen")
    assert automatic()[0].content == "Hei!"


def test_an_answer_that_failed_to_begin_leaves_the_turn(rule, hook, answering):
    answering.delete()
    rule(answer=GOT_IT)
    hear(hook)

    assert not automatic()
    assert not AutomaticAnswer.objects.exists()
    assert "no service that may answer" in undone()[0]


def test_an_answer_that_waited_too_long_is_dropped(rule, hook, later):
    rule(answer=GOT_IT)
    hear(hook)
    [message] = automatic()
    assert answers.outdated(message) == ""

    later(3700)
    assert answers.outdated(message) == "It would have come too late."


@pytest.mark.parametrize(
    ("change", "state"), [(None, "sent"), ("late", "cancelled"), ("opted out", "cancelled")]
)
def test_an_answer_leaves_only_while_it_may(rule, hook, kahvila, aino, connected, smartdialog, change, state):
    smartdialog.post(
        f"{API}/messages/reply/m1", json={"MessageId": "a", "MessagePartCount": 1, "Recipients": []}
    )
    rule(answer=GOT_IT)
    hear(hook, messageId="m1")
    if change == "late":
        Message.objects.filter(automatic=True).update(received_at=timezone.now() - timedelta(hours=2))
    elif change:
        opt_outs.opt_out(kahvila, ANNA, Evidence(ConsentSource.STAFF, by=aino))
    drain(connected.pk)

    assert automatic()[0].state == state
    assert len(smartdialog.calls) == (change is None)
    assert Thread.objects.get().is_waiting


def test_an_automatic_answer_takes_no_confirmation_from_who_opts_out_after_it(rule, hook, kahvila):
    OptOutSettings.objects.create(customer=kahvila, confirmation="You get no more messages.")
    rule(answer=GOT_IT)
    hear(hook)
    hear(hook, "STOP")

    assert [each.content for each in automatic()] == [GOT_IT, "You get no more messages."]
