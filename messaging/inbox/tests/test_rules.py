"""Rules: what they do with a message, and what they never do."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import AuditEvent
from contacts.consent import opt_outs
from contacts.consent.opt_outs import Evidence
from contacts.models import ConsentSource, Contact
from gateway.models import Operation, ServiceKind
from messaging.inbox.models import OfficeHours, Rule, RuleRun, Thread, When
from messaging.inbox.replies import replying
from messaging.inbox.rules import running
from messaging.inbox.rules.matching import Heard, fits
from messaging.inbox.tests.conftest import ANNA
from messaging.inbox.tests.rules import GOT_IT, automatic, hear, undone
from tests.factories import make_service

pytestmark = pytest.mark.django_db


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
