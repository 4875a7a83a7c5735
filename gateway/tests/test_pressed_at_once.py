"""Two people press the same at the same moment. SQLite has one writer."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection as database
from django.db import transaction

from accounts.models import AuditEvent
from gateway.hooks import dead_letters, processing
from gateway.hooks.subscriptions import confirmed, renew, subscribe, unsubscribe
from gateway.models import EventState, HookEvent, HookSubscription, Operation, ServiceKind, SubscriptionState
from gateway.smartdialog.types import Subscribed
from tests.factories import make_connection, make_service

pytestmark = [pytest.mark.only_on("postgresql"), pytest.mark.django_db(transaction=True)]
LOCATION = "https://api.arena.fi/pipelines/p/actions/a"


@pytest.fixture
def number(aino, mikko, kahvila):
    for each in (aino, mikko):
        make_connection(each)
    return make_service(kahvila, kind=ServiceKind.TWO_WAY)


@pytest.fixture
def hook(number, mikko) -> HookSubscription:
    return subscribe(number, by=mikko)


def at_once(*acts: Callable[[], object]) -> list[object]:
    together = threading.Barrier(len(acts))

    def press(act: Callable[[], object]) -> object:
        together.wait()
        try:
            return act()
        finally:
            database.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return [each.result() for each in [pool.submit(press, act) for act in acts]]


def calls(kind: str) -> int:
    return Operation.objects.filter(kind=kind).count()


@pytest.mark.parametrize("turn", range(2))
def test_a_service_is_asked_for_once(number, aino, mikko, turn):
    hooks = at_once(*(lambda by=by: subscribe(number, by=by).pk for by in (aino, mikko, aino, mikko)))

    assert len(set(hooks)) == 1
    assert calls("hooks.subscribe") == 1
    assert AuditEvent.objects.filter(verb="hook.asked_for").count() == 1


@pytest.mark.parametrize("turn", range(2))
def test_an_address_is_replaced_once(hook, aino, mikko, turn):
    confirmed(hook, Subscribed("a", LOCATION), connection=mikko.connection)

    replaced = at_once(*(lambda by=by: renew(hook, by=by) for by in (aino, mikko)))

    assert sorted(replaced) == [False, True]
    assert calls("hooks.subscribe") == 2


@pytest.mark.parametrize("turn", range(2))
def test_what_is_stopped_as_it_is_confirmed_is_ended_at_smartdialog_once(hook, aino, mikko, turn):
    fresh = HookSubscription.objects.get(pk=hook.pk)

    def confirm() -> None:
        with transaction.atomic():
            confirmed(hook, Subscribed("a", LOCATION), connection=mikko.connection)

    at_once(confirm, lambda: unsubscribe(fresh, by=aino))

    hook.refresh_from_db()
    assert hook.state == SubscriptionState.REVOKED
    assert calls("hooks.unsubscribe") == 1


@pytest.mark.parametrize("turn", range(2))
def test_of_one_who_reads_it_again_and_one_who_dismisses_it_one_does(hook, aino, mikko, turn):
    event = HookEvent.objects.create(subscription=hook, body=b"?", state=EventState.QUARANTINED)

    done = at_once(
        lambda: dead_letters.take_in_again(HookEvent.objects.get(pk=event.pk), by=aino),
        lambda: dead_letters.dismiss(HookEvent.objects.get(pk=event.pk), by=mikko),
        lambda: dead_letters.dismiss(HookEvent.objects.get(pk=event.pk), by=aino),
    )

    assert sorted(done) == [False, False, True]
    told = AuditEvent.objects.filter(verb__startswith="hook.event_").values_list("verb", flat=True)
    assert len(told) == 1
    event.refresh_from_db()
    assert (event.state == EventState.NEW) == ("hook.event_tried_again" in told)


@pytest.mark.parametrize("turn", range(2))
def test_an_event_that_two_workers_read_as_it_is_dismissed_ends_somewhere(hook, aino, turn):
    event = HookEvent.objects.create(subscription=hook, body=b"?", state=EventState.QUARANTINED)

    at_once(
        lambda: dead_letters.take_in_again(HookEvent.objects.get(pk=event.pk), by=aino),
        processing.process_due,
        processing.process_due,
        lambda: dead_letters.dismiss(HookEvent.objects.get(pk=event.pk), by=aino),
    )
    processing.process_due()

    event.refresh_from_db()
    assert event.state in {EventState.QUARANTINED, EventState.DONE}
