"""Delivery reports: late, doubled, out of order, of somebody else; accepted is not delivered."""

from urllib.parse import urlencode

import pytest
from django.db import connection, transaction
from django.db.models import Value
from django.db.models.functions import Concat
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway import clock
from gateway.hooks import dlr_url, processing
from gateway.hooks.events import read_report
from gateway.models import EventState, HookEvent, HookKind, HookSubscription, Operation, OperationState
from gateway.outbox import QueuedCall
from gateway.outbox.handlers import handler_of
from gateway.smartdialog.parsing import sent_pascal
from messaging.campaigns.dispatch import sending
from messaging.campaigns.models import Campaign, CampaignState, Recipient, RecipientState
from messaging.campaigns.outcome.delivery_stats import stats_of
from messaging.campaigns.reporting import delivery_reports, reported_people
from messaging.campaigns.tests.conftest import answer, calls_of, make_scheduled, refuse
from tests.factories import make_contact

TAKEN = {RecipientState.ACCEPTED, RecipientState.DELIVERED}


def report(campaign: Campaign, status: str, *, phone: str = "", remote_id: str = "") -> bool:
    dlr_url(campaign.customer)
    subscription = HookSubscription.objects.get(customer=campaign.customer, kind=HookKind.DELIVERY)
    query = urlencode({"c": campaign.pk, "status": status, "address": phone, "recipientId": remote_id})
    event = HookEvent.objects.create(subscription=subscription, query=query)
    with transaction.atomic():
        return delivery_reports.take_reports([(event, read_report(query))]) == [event]


def states(campaign: Campaign) -> dict[str, str]:
    return dict(campaign.recipients.values_list("phone", "state"))


def test_accepted_is_not_delivered_until_a_report_says_so(sending_now, people):
    answer(calls_of(sending_now)[0])

    sending_now.refresh_from_db()
    assert sending_now.state == CampaignState.SENT
    assert states(sending_now)[people[0].phone] == RecipientState.ACCEPTED
    assert report(sending_now, "Delivered", remote_id=f"id-{people[0].phone}")
    assert states(sending_now)[people[0].phone] == RecipientState.DELIVERED
    assert states(sending_now)[people[1].phone] == RecipientState.ACCEPTED


@pytest.mark.parametrize("later", ["Buffered", "Failed", "Expired", "Delivered", "Odd"])
def test_no_later_report_undoes_a_delivery(sending_now, people, later):
    answer(calls_of(sending_now)[0])
    report(sending_now, "Delivered", remote_id=f"id-{people[0].phone}")

    report(sending_now, later, remote_id=f"id-{people[0].phone}")

    assert states(sending_now)[people[0].phone] == RecipientState.DELIVERED


def test_where_all_people_of_a_call_have_one_id_each_report_finds_its_number(sending_now, people):
    answer(calls_of(sending_now)[0])
    sending_now.recipients.update(remote_id="of-the-call")

    for person, status in zip(people, ["Delivered", "Failed"], strict=False):
        assert report(sending_now, status, phone=person.phone, remote_id="of-the-call")

    assert states(sending_now)[people[0].phone] == RecipientState.DELIVERED
    assert states(sending_now)[people[1].phone] == RecipientState.FAILED


def test_an_id_of_any_length_is_found_again(sending_now, people):
    call, long = calls_of(sending_now)[0], "x" * 300
    phone = people[0].phone
    sent = sent_pascal({"MessageId": long, "Recipients": [{"Address": phone, "Id": long}]})
    handler_of(call).done(QueuedCall(call), sent)

    assert report(sending_now, "Delivered", remote_id=long)
    assert states(sending_now)[phone] == RecipientState.DELIVERED


def test_a_report_before_the_answer_is_stored_stands_after_it(sending_now, people):
    report(sending_now, "Delivered", phone=people[0].phone, remote_id="early")

    answer(calls_of(sending_now)[0])

    assert states(sending_now)[people[0].phone] == RecipientState.DELIVERED
    assert sending_now.recipients.get(phone=people[0].phone).remote_id == "early"


@pytest.mark.parametrize("written", ["+358400000001", " 358400000001", "358400000001"])
def test_a_report_finds_its_recipient_however_the_number_is_written(sending_now, written):
    assert report(sending_now, "Delivered", phone=written)

    assert states(sending_now)["+358400000001"] == RecipientState.DELIVERED


def test_a_report_of_a_campaign_whose_recipient_is_unknown_is_not_taken(sending_now):
    assert not report(sending_now, "Delivered", phone="+358409999999", remote_id="unknown")


def test_a_thousand_copies_are_all_kept_and_deliver_once(sending_now, people):
    answer(calls_of(sending_now)[0])
    [hook] = HookSubscription.objects.filter(customer=sending_now.customer, kind=HookKind.DELIVERY)
    query = urlencode({"c": sending_now.pk, "status": "Delivered", "recipientId": f"id-{people[0].phone}"})
    HookEvent.objects.bulk_create(HookEvent(subscription=hook, query=query) for _ in range(1000))

    while processing.process_due():
        pass

    assert HookEvent.objects.filter(state=EventState.DONE).count() == 1000
    assert states(sending_now)[people[0].phone] == RecipientState.DELIVERED
    assert stats_of(sending_now).delivered == 1


def test_a_report_of_an_unknown_id_finds_its_place_when_that_is_known(sending_now, people):
    [hook] = HookSubscription.objects.filter(customer=sending_now.customer, kind=HookKind.DELIVERY)
    query = urlencode({"c": sending_now.pk, "status": "Delivered", "recipientId": f"id-{people[0].phone}"})
    event = HookEvent.objects.create(subscription=hook, query=query)
    processing.process_due()
    event.refresh_from_db()
    assert event.state == EventState.PARKED

    answer(calls_of(sending_now)[0])
    HookEvent.objects.update(due_at=clock.now())
    processing.process_due()

    assert states(sending_now)[people[0].phone] == RecipientState.DELIVERED


def test_a_report_through_another_customers_address_changes_nothing_and_is_kept(
    sending_now, people, trattoria
):
    answer(calls_of(sending_now)[0])
    before = states(sending_now)
    dlr_url(trattoria)
    hook = HookSubscription.objects.get(customer=trattoria)
    query = urlencode({"c": sending_now.pk, "status": "Failed", "recipientId": f"id-{people[0].phone}"})
    event = HookEvent.objects.create(subscription=hook, query=query)

    processing.process_due()

    event.refresh_from_db()
    assert states(sending_now) == before
    assert event.state == EventState.PARKED


@pytest.mark.parametrize("reported", [1, 2])
@pytest.mark.parametrize("outcome", ["uncertain", "delayed"])
def test_a_call_that_a_report_tells_of_while_it_is_in_flight_is_in_no_doubt(
    sending_now, people, outcome, reported
):
    """The answer to the first try was lost; a repeat is then refused, or to be made once more."""
    [call] = calls_of(sending_now)
    Operation.objects.update(state=OperationState.INFLIGHT, possibly_accepted=True)
    for each in sending_now.recipients.filter(batch=1)[:reported]:
        report(sending_now, "Delivered", phone=each.phone, remote_id=f"id-{each.phone}")

    Operation.objects.update(state={"uncertain": "unknown", "delayed": "waiting"}[outcome])
    call.refresh_from_db()
    getattr(handler_of(call), outcome)(QueuedCall(call))

    call.refresh_from_db()
    assert call.state == OperationState.DONE
    assert set(sending_now.recipients.filter(batch=1).values_list("state", flat=True)) <= TAKEN
    sending_now.refresh_from_db()
    assert sending_now.state == CampaignState.SENT


def test_a_call_that_no_report_tells_of_stays_in_doubt(sending_now):
    [call] = calls_of(sending_now)
    Operation.objects.update(state=OperationState.UNKNOWN, possibly_accepted=True)
    call.refresh_from_db()

    handler_of(call).uncertain(QueuedCall(call))

    call.refresh_from_db()
    assert call.state == OperationState.UNKNOWN


def test_a_report_by_a_known_id_of_a_call_in_doubt_says_that_it_was_taken(sending_now, people):
    [call] = calls_of(sending_now)
    Operation.objects.update(state=OperationState.UNKNOWN, possibly_accepted=True)
    doubted = sending_now.recipients.filter(phone=people[0].phone)
    doubted.update(state=RecipientState.UNCERTAIN, remote_id="known")

    assert report(sending_now, "Failed", remote_id="known")

    call.refresh_from_db()
    assert call.state == OperationState.DONE
    assert states(sending_now)[people[0].phone] == RecipientState.FAILED
    assert states(sending_now)[people[1].phone] == RecipientState.ACCEPTED


@pytest.mark.parametrize("unknown", [[], ["unknown"]], ids=["all are known", "one is not"])
def test_of_two_messages_with_one_id_a_report_is_of_the_newer(sending_now, people, unknown):
    answer(calls_of(sending_now)[0])
    older, newer = sending_now.recipients.order_by("pk")[:2]
    sending_now.recipients.filter(pk__in=[older.pk, newer.pk]).update(remote_id="same")
    dlr_url(sending_now.customer)
    hook = HookSubscription.objects.get(customer=sending_now.customer, kind=HookKind.DELIVERY)
    queries = [urlencode({"status": "Delivered", "recipientId": each}) for each in ["same", *unknown]]
    events = [HookEvent.objects.create(subscription=hook, query=query) for query in queries]

    processing.process(*[event.pk for event in events])

    assert states(sending_now)[newer.phone] == RecipientState.DELIVERED
    assert states(sending_now)[older.phone] == RecipientState.ACCEPTED


def test_a_failed_delivery_says_why(sending_now, people):
    answer(calls_of(sending_now)[0])

    report(sending_now, "Expired", remote_id=f"id-{people[0].phone}")

    recipient = sending_now.recipients.get(phone=people[0].phone)
    assert (recipient.state, recipient.reason) == ("failed", "The phone was not reached in time.")


def test_the_receipt_adds_up_at_every_step(group, connected, mikko, settings):
    settings.SMARTDIALOG_BATCH_SIZE = 2
    people = [make_contact(group, first_name="Matti") for _ in range(6)] + [make_contact(group)]
    campaign = make_scheduled(group, mikko)
    sending.send_now(campaign.pk)
    first, second, third = calls_of(campaign)

    steps = [
        lambda: answer(first),
        lambda: refuse(second),
        lambda: report(campaign, "Delivered", remote_id=f"id-{people[0].phone}"),
        lambda: handler_of(third).uncertain(QueuedCall(third)),
    ]
    for step in steps:
        step()
        assert stats_of(campaign).total == 7

    stats = stats_of(campaign)
    assert (stats.delivered, stats.accepted, stats.failed, stats.uncertain) == (1, 1, 2, 2)
    assert (stats.waiting, stats.skipped) == (0, 1)


WORDS = ["Delivered", "Buffered", "Failed", "Expired", "Odd"]
WAYS_TO_FAIL = [f"{words}." for words in delivery_reports.FAILURE_TEXTS.values()]
REPORTS = st.lists(
    st.tuples(st.sampled_from(WORDS), st.integers(1, 3), st.sampled_from(["id", "number", "both", "second"])),
    max_size=12,
)


def query_of(campaign: Campaign, word: str, number: int, named_by: str) -> str:
    phone = f"+35840000000{number}"
    said = {"c": campaign.pk, "b": 1, "status": word}
    if named_by != "id":
        said["address"] = phone
    if named_by != "number":
        said["recipientId"] = f"second-{phone}" if named_by == "second" else f"id-{phone}"
    return urlencode(said)


def outcomes(campaign: Campaign) -> list[tuple[str, str, str, str]]:
    """Of two ways to fail, the one stands of which it was known first whom it is about."""
    rows = campaign.recipients.values_list("phone", "state", "reason", "remote_id")
    return sorted(
        (phone, state, "failed" if reason in WAYS_TO_FAIL else reason, remote_id)
        for phone, state, reason, remote_id in rows
    )


@pytest.mark.parametrize("is_answered", [True, False])
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(reports=REPORTS)
def test_a_set_of_reports_comes_to_what_each_alone_would(sending_now, reports, is_answered):
    found = []
    for together in (True, False):
        with transaction.atomic():
            if is_answered:
                answer(calls_of(sending_now)[0])
            dlr_url(sending_now.customer)
            hook = HookSubscription.objects.get(customer=sending_now.customer, kind=HookKind.DELIVERY)
            queries = [query_of(sending_now, *each) for each in reports]
            keys = [HookEvent.objects.create(subscription=hook, query=query).pk for query in queries]
            for some in [keys] if together else [[key] for key in keys]:
                processing.process(*some)
            parked = HookEvent.objects.filter(pk__in=keys, state=EventState.PARKED)
            for key in parked.order_by("pk").values_list("pk", flat=True):
                processing.process(key)
            states_of_events = (
                HookEvent.objects.filter(pk__in=keys).order_by("pk").values_list("state", flat=True)
            )
            found.append((outcomes(sending_now), list(states_of_events)))
            transaction.set_rollback(True)
    assert found[0] == found[1]


def test_of_a_set_in_which_one_is_at_fault_all_others_are_taken_in(sending_now, people, monkeypatch):
    answer(calls_of(sending_now)[0])
    [hook] = HookSubscription.objects.filter(customer=sending_now.customer, kind=HookKind.DELIVERY)
    queries = [query_of(sending_now, "Delivered", 1, "id"), query_of(sending_now, "Failed", 2, "id")]
    well, ill = [HookEvent.objects.create(subscription=hook, query=query) for query in queries]

    def promote(recipient, report):
        assert report.status != "failed"
        recipient.settle(RecipientState.DELIVERED, "")

    monkeypatch.setattr(delivery_reports, "_promote", promote)
    processing.process_due()

    for event in (well, ill):
        event.refresh_from_db()
    assert (well.state, ill.state) == (EventState.DONE, EventState.FAILED)
    assert states(sending_now)["+358400000001"] == RecipientState.DELIVERED
    assert states(sending_now)["+358400000002"] == RecipientState.ACCEPTED


def test_a_thousand_reports_cost_as_many_statements_as_one(
    sending_now, people, django_assert_max_num_queries
):
    answer(calls_of(sending_now)[0])
    [hook] = HookSubscription.objects.filter(customer=sending_now.customer, kind=HookKind.DELIVERY)
    query = query_of(sending_now, "Delivered", 1, "both")
    HookEvent.objects.bulk_create(HookEvent(subscription=hook, query=query) for _ in range(1000))

    with django_assert_max_num_queries(25):
        assert processing.process_due() == 1000


def test_people_are_looked_for_by_their_ids_though_nobody_had_one_when_the_database_last_looked(
    sending_now,
):
    batch = [
        Recipient(campaign=sending_now, phone=f"+35850{number:07}", state=RecipientState.PLANNED)
        for number in range(3000)
    ]
    Recipient.objects.bulk_create(batch)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    sending_now.recipients.update(remote_id=Concat(Value("id-"), "phone"))

    plan = reported_people.with_ids(sending_now.customer, ["id-+358500000007"]).explain()

    looked_up = "remote_id)::text = told.id" if connection.vendor == "postgresql" else "(remote_id=?"
    assert looked_up in plan, plan


def test_of_an_id_that_many_have_the_newest_two_tell_that_it_tells_nobody_apart(sending_now, outsider_oy):
    answer(calls_of(sending_now)[0])
    sending_now.recipients.update(remote_id="of-all")

    found = reported_people.with_ids(sending_now.customer, ["of-all", "of-nobody"])

    newest = sending_now.recipients.order_by("-pk").values_list("pk", flat=True)[:2]
    assert {each.pk for each in found} >= set(newest)
    assert not reported_people.with_ids(outsider_oy, ["of-all"]).exists()
