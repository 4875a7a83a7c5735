"""Rules where two things happen at once. On SQLite there is one writer, so that one simply comes second."""

from threading import Barrier
from threading import Thread as Worker

import pytest
from django.db import connection as database
from django.utils import timezone

from gateway.hooks import processing
from gateway.hooks.subscriptions import confirmed, subscribe
from gateway.models import Connection, HookEvent, Operation, ServiceKind
from gateway.smartdialog.types import Subscribed
from messaging.inbox.models import Message, Rule, RuleRun
from messaging.inbox.replies import replying
from messaging.inbox.rules import keeping
from messaging.inbox.tests.conftest import body_of
from messaging.inbox.tests.rules import GOT_IT
from tests.factories import make_service

pytestmark = pytest.mark.django_db(transaction=True)


def event(hook, content="Hei"):
    body = body_of(content=content, timestamp=timezone.now().isoformat())
    return HookEvent.objects.create(subscription=hook, body=body).pk


def at_once(*jobs):
    """Each in a thread of its own, all begun at the same moment; what they raised is raised."""
    start, faults = Barrier(len(jobs)), []

    def run(job):
        try:
            start.wait()
            job()
        except Exception as error:
            faults.append(error)
        finally:
            database.close()

    workers = [Worker(target=run, args=[job]) for job in jobs]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert faults == []


def settle(*events):
    """What a worker left to the next sweep, as the database was busy."""
    for pk in events:
        processing.process(pk)


def test_two_workers_with_the_same_batch_answer_once(rule, hook):
    rule(answer=GOT_IT, label="Late")
    events = [event(hook) for _ in range(3)]
    at_once(*[lambda: [processing.process(pk) for pk in events]] * 2)
    settle(*events)

    assert Message.objects.received().count() == 3
    assert RuleRun.objects.count() == 3
    assert Message.objects.filter(automatic=True).count() == 1
    assert Operation.objects.filter(kind=replying.REPLY).count() == 1


def test_messages_to_two_numbers_at_once_get_one_answer(rule, hook, kahvila, mikko):
    other = subscribe(make_service(kahvila, kind=ServiceKind.TWO_WAY, name="Other"), by=mikko)
    confirmed(other, Subscribed(action_id="b", location=""), connection=Connection.objects.get())
    rule(words=["hei"], answer=GOT_IT)
    events = [event(hook), event(other)]
    at_once(*[lambda pk=pk: processing.process(pk) for pk in events])
    settle(*events)

    assert RuleRun.objects.count() == 2
    assert Message.objects.filter(automatic=True).count() == 1


def test_a_rule_that_is_removed_or_edited_while_it_runs_loses_no_message(rule, hook, aino):
    edited, removed = rule(name="Edited", label="A"), rule(name="Removed", label="B")
    events = [event(hook, f"Hei {number}") for number in range(4)]

    def change():
        before, edited.label = keeping.facts(edited), "C"
        keeping.save(edited, before=before, by=aino)
        keeping.remove(removed, by=aino)

    at_once(lambda: [processing.process(pk) for pk in events], change)
    settle(*events)

    assert Message.objects.received().count() == 4
    assert RuleRun.objects.filter(rule_name="Edited").count() == 4
    assert Message.objects.received().filter(event__state="done").count() == 4


def test_two_admins_who_move_rules_at_once_leave_an_order(rule, aino):
    rules = [rule(name=str(number), place=number, label="x") for number in range(4)]
    at_once(
        lambda: keeping.move(rules[0], up=False, by=aino), lambda: keeping.move(rules[3], up=True, by=aino)
    )

    assert sorted(Rule.objects.values_list("place", flat=True)) == [1, 2, 3, 4]
