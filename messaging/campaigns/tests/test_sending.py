"""From the schedule to calls, and from their outcomes and reports to what became of everybody."""

from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.utils import timezone

from gateway import clock
from gateway.errors import Refused
from gateway.hooks import NotYet, dlr_url, processing
from gateway.hooks.events import read_report
from gateway.models import ConnectionState, EventState, HookEvent, HookKind, HookSubscription, OperationState
from gateway.outbox.handling import handler_of
from messaging.campaigns import deciding, reports, sending
from messaging.campaigns.deciding import Changed
from messaging.campaigns.models import Campaign, CampaignState, RecipientState
from messaging.campaigns.receipts import receipt_of, standing
from messaging.campaigns.tests.conftest import answer, calls_of, make_campaign, make_scheduled, make_template
from tests.makers import make_contact

WORDS = "The sender is not yours"


@pytest.fixture
def sending_now(group, people, connected, mikko) -> Campaign:
    campaign = make_scheduled(group, mikko)
    sending.begin_and_start(campaign.pk)
    campaign.refresh_from_db()
    return campaign


def refuse(operation, words: str = WORDS) -> None:
    operation.state = OperationState.FAILED
    operation.save()
    handler_of(operation).refused(operation, Refused(words, status=400))


def report(campaign: Campaign, status: str, *, phone: str = "", remote_id: str = "") -> bool:
    dlr_url(campaign.customer)
    subscription = HookSubscription.objects.get(customer=campaign.customer, kind=HookKind.DELIVERY)
    query = urlencode({"c": campaign.pk, "status": status, "address": phone, "recipientId": remote_id})
    event = HookEvent.objects.create(subscription=subscription, query=query)
    return reports.take(event, read_report(query))


def states(campaign: Campaign) -> dict[str, str]:
    return dict(campaign.recipients.values_list("phone", "state"))


def test_everybody_is_listed_once_and_who_is_left_out_has_a_reason(sending_now):
    found = {each.phone: (each.state, each.reason) for each in sending_now.recipients.all()}

    assert found == {
        "+358400000001": ("planned", ""),
        "+358400000002": ("planned", ""),
        "+358400000003": ("skipped", "No first name"),
        "+358400000004": ("skipped", "Inactive"),
        "+358400000005": ("skipped", "Asked for no messages"),
    }
    assert sending_now.state == CampaignState.SENDING


def test_one_call_carries_each_persons_own_words_and_a_request_id_fixed_before_it(sending_now):
    [operation] = calls_of(sending_now)

    message = operation.payload["message"]
    assert operation.request_id == message["request_id"] == f"{sending_now.uuid}-1"
    assert [each["personalization"]["firstName"] for each in message["recipients"]] == ["Maija", "Антон"]
    assert f"c={sending_now.pk}" in message["dlr_url"]


def test_b4_values_that_look_like_placeholders_travel_as_values(group, people, connected, mikko):
    make_contact(group, first_name="$(lastName) {{ 7|add:7 }}")
    campaign = make_scheduled(group, mikko)

    sending.begin_and_start(campaign.pk)

    recipients = calls_of(campaign)[0].payload["message"]["recipients"]
    assert recipients[-1]["personalization"] == {"firstName": "$(lastName) {{ 7|add:7 }}"}


def test_begun_twice_it_has_the_same_people_and_calls(sending_now):
    sending.begin_and_start(sending_now.pk)
    sending.tick()

    assert (len(calls_of(sending_now)), sending_now.recipients.count()) == (1, 5)


def test_a_large_audience_is_cut_into_full_calls(group, connected, mikko, settings):
    settings.SMARTDIALOG_BATCH_SIZE = 4
    for _ in range(21):
        make_contact(group, first_name="Matti")
    campaign = make_scheduled(group, mikko)

    sending.begin_and_start(campaign.pk)

    sizes = [len(operation.payload["message"]["recipients"]) for operation in calls_of(campaign)]
    assert sizes == [4, 4, 4, 4, 4, 1]


def test_a_template_goes_in_one_call_to_all_with_equal_parameters(group, people, kahvila, connected, mikko):
    twin = make_contact(group, first_name="Maija")
    parameters = [{"field": "firstName", "fallback": "ystävä"}, {"field": "", "fallback": "tänään"}]
    campaign = make_scheduled(
        group, mikko, channel="whatsapp", template=make_template(kahvila), parameters=parameters
    )

    sending.begin_and_start(campaign.pk)

    messages = [operation.payload["message"] for operation in calls_of(campaign)]
    found = {tuple(each["body_parameters"]): each["recipients"] for each in messages}
    assert found == {
        ("Maija", "tänään"): [people[0].phone, twin.phone],
        ("Антон", "tänään"): [people[1].phone],
        ("ystävä", "tänään"): [people[2].phone],
    }


def test_accepted_is_not_delivered_until_a_report_says_so(sending_now, people):
    answer(calls_of(sending_now)[0])

    sending_now.refresh_from_db()
    assert sending_now.state == CampaignState.SENT
    assert states(sending_now)[people[0].phone] == RecipientState.ACCEPTED
    assert report(sending_now, "Delivered", remote_id=f"id-{people[0].phone}")
    assert states(sending_now)[people[0].phone] == RecipientState.DELIVERED
    assert states(sending_now)[people[1].phone] == RecipientState.ACCEPTED


@pytest.mark.parametrize("later", ["Buffered", "Failed", "Expired", "Delivered", "Odd"])
def test_f25_no_later_report_undoes_a_delivery(sending_now, people, later):
    answer(calls_of(sending_now)[0])
    report(sending_now, "Delivered", remote_id=f"id-{people[0].phone}")

    report(sending_now, later, remote_id=f"id-{people[0].phone}")

    assert states(sending_now)[people[0].phone] == RecipientState.DELIVERED


def test_f25_a_report_before_the_answer_is_stored_stands_after_it(sending_now, people):
    report(sending_now, "Delivered", phone=people[0].phone, remote_id="early")

    answer(calls_of(sending_now)[0])

    assert states(sending_now)[people[0].phone] == RecipientState.DELIVERED
    assert sending_now.recipients.get(phone=people[0].phone).remote_id == "early"


@pytest.mark.parametrize("written", ["+358400000001", " 358400000001", "358400000001"])
def test_f25_a_report_finds_its_recipient_however_the_number_is_written(sending_now, written):
    assert report(sending_now, "Delivered", phone=written)

    assert states(sending_now)["+358400000001"] == RecipientState.DELIVERED


def test_f25_a_report_of_a_campaign_whose_recipient_is_unknown_is_parked(sending_now):
    with pytest.raises(NotYet):
        report(sending_now, "Delivered", phone="+358409999999", remote_id="unknown")


def test_f25_a_thousand_copies_are_all_kept_and_deliver_once(sending_now, people):
    answer(calls_of(sending_now)[0])
    [hook] = HookSubscription.objects.filter(customer=sending_now.customer, kind=HookKind.DELIVERY)
    query = urlencode({"c": sending_now.pk, "status": "Delivered", "recipientId": f"id-{people[0].phone}"})
    HookEvent.objects.bulk_create(HookEvent(subscription=hook, query=query) for _ in range(1000))

    while processing.process_due():
        pass

    assert HookEvent.objects.filter(state=EventState.DONE).count() == 1000
    assert states(sending_now)[people[0].phone] == RecipientState.DELIVERED
    assert receipt_of(sending_now).delivered == 1


def test_f25_a_report_of_an_unknown_id_finds_its_place_when_that_is_known(sending_now, people):
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


def test_a12_a_report_through_another_customers_address_changes_nothing_and_is_kept(
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


def test_a_failed_delivery_says_why(sending_now, people):
    answer(calls_of(sending_now)[0])

    report(sending_now, "Expired", remote_id=f"id-{people[0].phone}")

    recipient = sending_now.recipients.get(phone=people[0].phone)
    assert (recipient.state, recipient.reason) == ("failed", "The phone was not reached in time.")


def test_i4_the_receipt_adds_up_at_every_step(group, connected, mikko, settings):
    settings.SMARTDIALOG_BATCH_SIZE = 2
    people = [make_contact(group, first_name="Matti") for _ in range(6)] + [make_contact(group)]
    campaign = make_scheduled(group, mikko)
    sending.begin_and_start(campaign.pk)
    first, second, third = calls_of(campaign)

    steps = [
        lambda: answer(first),
        lambda: refuse(second),
        lambda: report(campaign, "Delivered", remote_id=f"id-{people[0].phone}"),
        lambda: handler_of(third).uncertain(third),
    ]
    for step in steps:
        step()
        assert receipt_of(campaign).total == 7

    receipt = receipt_of(campaign)
    assert (receipt.delivered, receipt.accepted, receipt.failed, receipt.uncertain) == (1, 1, 2, 2)
    assert (receipt.waiting, receipt.skipped) == (0, 1)


def test_i8_a_campaign_whose_calls_were_all_refused_is_not_called_sent(sending_now):
    refuse(calls_of(sending_now)[0])

    sending_now.refresh_from_db()
    assert sending_now.state == CampaignState.SENT
    assert standing(sending_now, receipt_of(sending_now)).label == "Failed"


def test_a_refused_call_is_tried_again_with_the_same_bytes(sending_now, mikko):
    [operation] = calls_of(sending_now)
    payload, request_id = operation.payload, operation.request_id
    refuse(operation)
    sending_now.refresh_from_db()

    assert deciding.retry_failed(sending_now, by=mikko) == 1

    [operation] = calls_of(sending_now)
    assert (operation.state, operation.payload, operation.request_id) == ("waiting", payload, request_id)
    sending_now.refresh_from_db()
    assert (sending_now.state, receipt_of(sending_now).waiting) == (CampaignState.SENDING, 2)


def test_a_cancelled_campaigns_refused_calls_are_not_tried_again(sending_now, mikko):
    refuse(calls_of(sending_now)[0])
    Campaign.objects.filter(pk=sending_now.pk).update(state=CampaignState.CANCELLED)
    sending_now.refresh_from_db()

    assert deciding.retry_failed(sending_now, by=mikko) == 0
    assert calls_of(sending_now)[0].state == OperationState.FAILED


def test_a_repeat_that_smartdialog_knows_already_was_accepted_before(sending_now):
    refuse(calls_of(sending_now)[0], "Duplicate request")

    assert receipt_of(sending_now).accepted == 2
    assert calls_of(sending_now)[0].state == OperationState.DONE


def test_cancelled_midway_what_left_stands_and_the_rest_never_leaves(group, connected, mikko, settings):
    settings.SMARTDIALOG_BATCH_SIZE = 2
    for _ in range(6):
        make_contact(group, first_name="Matti")
    campaign = make_scheduled(group, mikko)
    sending.begin_and_start(campaign.pk)
    first, second, third = calls_of(campaign)
    answer(first)
    type(second).objects.filter(pk=second.pk).update(state=OperationState.INFLIGHT)
    campaign.refresh_from_db()

    assert deciding.cancel(campaign, by=mikko) == 1

    second.refresh_from_db()
    answer(second)
    receipt = receipt_of(campaign)
    assert (receipt.accepted, receipt.skipped, receipt.waiting, receipt.total) == (4, 2, 0, 6)
    third.refresh_from_db()
    campaign.refresh_from_db()
    assert (third.state, campaign.state) == (OperationState.CANCELLED, CampaignState.CANCELLED)


def test_cancelled_before_it_began_nothing_is_ever_listed(group, people, connected, mikko):
    campaign = make_scheduled(group, mikko)
    deciding.cancel(campaign, by=mikko)

    sending.tick()
    sending.begin_and_start(campaign.pk)

    assert (calls_of(campaign), campaign.recipients.count()) == ([], 0)


@pytest.mark.parametrize(
    ("late", "state"),
    [
        (5, CampaignState.SENDING),
        (29, CampaignState.SENDING),
        (31, CampaignState.HELD),
        (60 * 26, CampaignState.HELD),
    ],
)
def test_f28_what_is_overdue_by_half_an_hour_is_held_and_asked_about(
    group, people, connected, mikko, late, state
):
    campaign = scheduled_for(group, mikko, timezone.now() - timedelta(minutes=late))

    sending.tick()

    campaign.refresh_from_db()
    assert campaign.state == state
    assert bool(calls_of(campaign)) == (state == CampaignState.SENDING)


def test_f28_a_lost_connection_keeps_a_campaign_waiting_and_then_holds_it(group, people, connected, mikko):
    campaign = scheduled_for(group, mikko, timezone.now() - timedelta(minutes=5))
    type(connected).objects.update(state=ConnectionState.RECONNECT)

    sending.tick()
    campaign.refresh_from_db()
    assert (campaign.state, calls_of(campaign)) == (CampaignState.SCHEDULED, [])

    Campaign.objects.update(send_at=timezone.now() - timedelta(minutes=31))
    type(connected).objects.update(state=ConnectionState.ACTIVE)
    sending.tick()
    campaign.refresh_from_db()
    assert (campaign.state, calls_of(campaign)) == (CampaignState.HELD, [])


def test_f28_a_late_start_waits_for_the_time_rather_than_name_one_gone_by(group, people, connected, mikko):
    soon = timezone.now() + timedelta(seconds=30)
    campaign = scheduled_for(group, mikko, soon, begins_at=timezone.now(), carries_time=True)

    sending.tick()

    campaign.refresh_from_db()
    assert (campaign.state, campaign.carries_time, campaign.begins_at) == (
        CampaignState.SCHEDULED,
        False,
        soon,
    )


@pytest.mark.parametrize("change", ["role", "approval", "customer"])
def test_a5_a_campaign_of_somebody_who_may_no_longer_send_is_held(group, people, connected, mikko, change):
    campaign = make_scheduled(group, mikko)
    if change == "role":
        type(mikko).objects.update(role="viewer")
    elif change == "approval":
        type(mikko).objects.update(is_active=False)
    else:
        mikko.customers.clear()

    sending.begin_and_start(campaign.pk)

    campaign.refresh_from_db()
    assert (campaign.state, calls_of(campaign)) == (CampaignState.HELD, [])
    assert campaign.held_reason


def test_a_held_campaign_is_sent_by_who_releases_it(group, people, connected, mikko, aino):
    held = make_campaign(group, mikko, state=CampaignState.HELD, send_at=timezone.now() - timedelta(days=1))

    deciding.release(held, people=2, calls=1, by=mikko)
    sending.begin_and_start(held.pk)

    held.refresh_from_db()
    assert (held.state, len(calls_of(held))) == (CampaignState.SENDING, 1)


@pytest.mark.parametrize("state", set(CampaignState) - {CampaignState.HELD})
def test_only_a_held_campaign_is_released(group, connected, mikko, state):
    campaign = make_campaign(group, mikko, state=state)

    with pytest.raises(Changed):
        deciding.release(campaign, people=2, calls=1, by=mikko)


def test_a_deleted_contact_keeps_its_result(sending_now, people):
    answer(calls_of(sending_now)[0])
    people[0].delete()

    assert receipt_of(sending_now).accepted == 2


def scheduled_for(group, by, send_at, **fields) -> Campaign:
    campaign = make_scheduled(group, by)
    Campaign.objects.filter(pk=campaign.pk).update(**({"send_at": send_at, "begins_at": send_at} | fields))
    campaign.refresh_from_db()
    return campaign
