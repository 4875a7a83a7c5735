"""Rules: what they do with a message, and what they never do."""

from datetime import timedelta

import pytest
from django.db.models import F
from django.utils import timezone

from accounts.models import AuditEvent, Role
from contacts.consent import opt_outs
from contacts.consent.opt_outs import Evidence
from contacts.models import ConsentSource, Contact
from gateway.hooks.subscriptions import confirmed, subscribe
from gateway.models import Connection, ConnectionState, Operation, ServiceKind
from gateway.outbox.draining import drain
from gateway.types import Subscribed
from messaging.inbox import replying
from messaging.inbox.models import (
    AutomaticAnswer,
    Message,
    OfficeHours,
    OptOutSettings,
    Rule,
    RuleRun,
    Thread,
    When,
)
from messaging.inbox.rules import answers, running
from messaging.inbox.rules.matching import Heard, fits
from messaging.inbox.tests.conftest import ANNA, API, NUMBER, answer, receive
from tests.factories import make_connection, make_contact, make_service

pytestmark = pytest.mark.django_db

GOT_IT = "We got your message and answer tomorrow."


@pytest.fixture
def rule(kahvila, mikko, connected, answering, hook):
    return lambda **fields: Rule.objects.create(
        **{"customer": kahvila, "name": f"Rule {Rule.objects.count()}", "carrier": mikko} | fields
    )


def hear(hook, content="Hei", **fields):
    """A message that came just now."""
    return receive(hook, **{"content": content, "timestamp": timezone.now().isoformat()} | fields)


def pass_time(seconds):
    """What rules did is so much longer ago."""
    ago = timedelta(seconds=seconds)
    AutomaticAnswer.objects.update(at=F("at") - ago)
    RuleRun.objects.update(at=F("at") - ago)


def automatic():
    return list(Message.objects.filter(automatic=True).order_by("pk"))


def undone():
    return [why for run in RuleRun.objects.order_by("pk") for why in run.left_undone]


@pytest.mark.parametrize(
    ("words", "text", "expected"),
    [
        (["varaus"], "Haluan VARAUS perjantaille", True),
        (["varaus"], "Varaukseni on perjantaina", False),
        (["varau*"], "Varaukseni on perjantaina", True),
        (["pöytä"], "Poyta kahdelle?", True),
        (["poyta"], "PÖYTÄ!", True),
        (["table for two"], "A table for two, please", True),
        (["table for two"], "A table, for me and two friends", False),
        (["città"], "La citta'", True),
        (["art"], "Start", False),
        (["hi"], "", False),
        ([], "", True),
        (["varaus"], "Joo\n> varaus on tehty", False),
    ],
)
def test_words_are_whole_in_any_case_and_with_any_accents(words, text, expected):
    assert fits(Rule(words=words), Heard.of(text, is_open=True, service=1)) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("JOIN", True), ("Hello, join, thanks!", True), ("May I join the queue", False), ("", False)],
)
def test_a_phrase_alone_is_the_whole_message_but_for_courtesies(text, expected):
    rule = Rule(words=["join"], says_nothing_else=True)
    assert fits(rule, Heard.of(text, is_open=True, service=1)) is expected


@pytest.mark.parametrize(("when", "is_open"), [(When.OPEN, True), (When.CLOSED, False)])
def test_a_rule_of_hours_fits_in_those_hours_only(when, is_open):
    assert fits(Rule(when=when), Heard.of("Hei", is_open=is_open, service=1))
    assert not fits(Rule(when=when), Heard.of("Hei", is_open=not is_open, service=1))


def test_a_rule_labels_assigns_and_answers_and_says_so(rule, hook, mikko):
    made = rule(words=["varaus"], label="Booking", assignee=mikko, answer=GOT_IT)
    hear(hook, "Varaus kahdelle")

    thread, run = Thread.objects.get(), RuleRun.objects.get()
    assert (thread.assignee, [str(label) for label in thread.labels.all()]) == (mikko, ["Booking"])
    assert [each.content for each in automatic()] == [GOT_IT]
    assert run.did == ["labelled Booking", "assigned to Mikko", "answered"]
    assert run.left_undone == []
    assert Operation.objects.get(kind=replying.REPLY).connection.user == mikko
    assert AuditEvent.objects.get(verb="rule.ran").after["rule"] == made.name
    assert thread.is_waiting, "an automatic answer is no answer"


def test_what_does_not_fit_has_nothing_done(rule, hook):
    rule(words=["varaus"], answer=GOT_IT, label="Booking")
    rule(is_on=False, answer=GOT_IT)
    hear(hook, "Milloin avaatte?")

    assert not RuleRun.objects.exists()
    assert not automatic()


def test_of_several_rules_that_answer_the_first_does(rule, hook):
    rule(name="Second", place=2, answer="Second", label="B")
    rule(name="First", place=1, answer="First", label="A")
    hear(hook)

    assert [each.content for each in automatic()] == ["First"]
    assert sorted(str(each) for each in Thread.objects.get().labels.all()) == ["A", "B"]


def test_a_thread_that_is_somebodys_stays_theirs(rule, hook, mikko, aino, thread):
    Thread.objects.update(assignee=aino)
    rule(assignee=mikko)
    hear(hook)

    assert Thread.objects.get().assignee == aino


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


def test_join_adds_to_the_group_with_what_they_wrote(rule, hook, kahvila):
    group = make_service(kahvila, kind=ServiceKind.GROUP, name="Klubi")
    rule(words=["klubi"], says_nothing_else=True, group=group)
    hear(hook, "Klubi, kiitos")
    hear(hook, "Klubi")

    contact = Contact.objects.get(group=group)
    assert (contact.phone, contact.active) == (ANNA, True)
    why = AuditEvent.objects.get(verb="contact.joined").after["why"]
    assert why.startswith("Wrote “Klubi, kiitos” to Inbound 1234567")


def test_join_never_lifts_an_opt_out(rule, hook, kahvila, aino):
    group = make_service(kahvila, kind=ServiceKind.GROUP, name="Klubi")
    opt_outs.opt_out(kahvila, ANNA, Evidence(ConsentSource.STAFF, by=aino))
    rule(words=["join"], says_nothing_else=True, group=group)
    hear(hook, "JOIN")

    assert not Contact.objects.exists()
    assert opt_outs.stopped_among(kahvila, [ANNA])
    assert undone() == ["Not added to Klubi. They have opted out."]


def test_office_hours_close_at_night_and_on_holidays(rule, hook, kahvila):
    OfficeHours.objects.create(
        customer=kahvila, zone="Europe/Helsinki", days=[["00:00", "00:00"]] * 7, closed_dates=[]
    )
    rule(when=When.CLOSED, answer=GOT_IT)
    hear(hook)
    assert not automatic()

    today = timezone.localdate(timezone=timezone.get_current_timezone())
    around = [(today + timedelta(days=day)).isoformat() for day in (-1, 0, 1)]
    OfficeHours.objects.update(closed_dates=around)
    hear(hook)
    assert len(automatic()) == 1


def test_the_same_message_twice_runs_a_rule_once(rule, hook):
    rule(answer=GOT_IT)
    hear(hook, messageId="a")
    hear(hook, messageId="a")

    assert RuleRun.objects.count() == 1
    assert len(automatic()) == 1


def test_another_customers_rules_do_nothing(rule, hook, trattoria):
    rule(customer=trattoria, answer=GOT_IT, label="Theirs")
    hear(hook)

    assert not RuleRun.objects.exists()
    assert not automatic()


def test_undoing_takes_the_label_and_the_person_off_once(rule, hook, mikko, aino):
    rule(label="Booking", assignee=mikko)
    hear(hook)
    run = RuleRun.objects.get()

    assert running.undo(run, by=aino)
    assert not running.undo(run, by=aino)
    thread = Thread.objects.get()
    assert thread.assignee is None
    assert not thread.labels.exists()


def test_undoing_leaves_what_a_colleague_did_since(rule, hook, mikko, aino):
    rule(assignee=mikko)
    hear(hook)
    Thread.objects.update(assignee=aino)
    running.undo(RuleRun.objects.get(), by=aino)

    assert Thread.objects.get().assignee == aino
