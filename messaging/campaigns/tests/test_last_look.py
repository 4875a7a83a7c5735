"""What has changed while a call waited is seen as its turn comes, before it leaves for the first time."""

from datetime import timedelta
from typing import Any

import pytest

from contacts.consent import opt_out_requests
from contacts.consent.opt_outs import Evidence, opt_out
from contacts.models import ConsentSource, Contact
from gateway import clock, outbox
from gateway.models import Connection, Lane, Operation, OperationState
from gateway.outbox import QueuedCall
from gateway.outbox.claiming import Claim, claim_next
from gateway.workers import leases
from messaging.campaigns import lifecycle
from messaging.campaigns.dispatch import pausing, sending
from messaging.campaigns.models import Campaign, CampaignState
from messaging.campaigns.tests.conftest import calls_of, make_scheduled, make_template, refuse
from tests.factories import suppress

BY_MESSAGE = Evidence(ConsentSource.MESSAGE)
NO = {"words": "en halua", "place": ""}
ASKED, GONE = "May have opted out", "Not active in the group"
MAIJA, ANTON = "+358400000001", "+358400000002"


def claimed(connection: Connection) -> Operation | None:
    """The next call of a campaign as it leaves; None when none may."""
    lease = leases.take_connection(connection.pk)
    assert lease
    claim = claim_next(connection, lease, lanes=[Lane.CAMPAIGN])
    lease.release()
    return claim.operation if isinstance(claim, Claim) else None


def numbers(operation: Operation | None) -> list[str]:
    recipients = operation.payload["message"]["recipients"] if operation else []
    return [each if isinstance(each, str) else each["address"] for each in recipients]


MAYBE_TAKEN = {"possibly_accepted": True, "repeats": 1, "status": 500}
NOT_TAKEN = {
    "no connection": {},
    "throttled": {"status": 429},
    "unavailable": {"possibly_accepted": True, "status": 503},
}


def tried(operation: Operation, **came_to: Any) -> None:
    """It left, and is to be tried again."""
    fields = {"state": OperationState.WAITING, "attempts": 1, **came_to}
    Operation.objects.filter(pk=operation.pk).update(**fields)


LEAVING = {
    "opted out": (lambda maija, by: opt_out(maija.group.customer, MAIJA, BY_MESSAGE), "Opted out"),
    "in the record": (lambda maija, by: suppress(maija.group.customer, phone=MAIJA), "Opted out"),
    "near miss": (
        lambda maija, by: opt_out_requests.keep(maija.group.customer, MAIJA, **NO),
        "May have opted out",
    ),
    "inactive": (lambda maija, by: Contact.objects.filter(pk=maija.pk).update(active=False), GONE),
    "deleted": (lambda maija, by: maija.delete(), GONE),
}


@pytest.mark.parametrize("how", LEAVING)
def test_who_left_while_the_call_waited_is_taken_out_of_it(sending_now, connected, people, mikko, how):
    leave, reason = LEAVING[how]
    leave(people[0], mikko)

    call = claimed(connected)

    assert numbers(call) == [ANTON]
    assert call.request_id == call.payload["message"]["request_id"] == f"{sending_now.uuid}-1"
    maija = sending_now.recipients.get(phone=MAIJA)
    assert (maija.state, maija.reason) == ("skipped", reason)
    assert sending_now.recipients.get(phone=ANTON).state == "planned"


def test_a_call_that_was_tried_keeps_its_bytes(sending_now, connected, kahvila):
    first = claimed(connected)
    tried(first, **MAYBE_TAKEN)
    suppress(kahvila, phone=MAIJA)

    again = claimed(connected)

    assert again.payload == first.payload
    assert sending_now.recipients.get(phone=MAIJA).state == "planned"


@pytest.mark.parametrize("how", NOT_TAKEN)
def test_a_call_that_was_tried_and_not_taken_is_looked_at_again(sending_now, connected, kahvila, how):
    first = claimed(connected)
    tried(first, **NOT_TAKEN[how])
    suppress(kahvila, phone=MAIJA)

    again = claimed(connected)

    assert (numbers(again), again.request_id) == ([ANTON], first.request_id)


@pytest.mark.parametrize("how", [MAYBE_TAKEN, *NOT_TAKEN.values()])
@pytest.mark.parametrize("decided", ["paused", "cancelled"])
def test_a_call_that_is_to_be_tried_again_does_not_leave_any_more(
    sending_now, connected, mikko, how, decided
):
    """Whether its answer came before the person decided, or after."""
    call = claimed(connected)
    tried(call, **how)
    {"paused": pausing.pause, "cancelled": lifecycle.cancel}[decided](Campaign.objects.get(), by=mikko)
    assert claimed(connected) is None

    tried(call, **how)
    assert claimed(connected) is None

    ends = {"paused": {"held"}, "cancelled": {"cancelled", "unknown"}}[decided]
    assert calls_of(sending_now)[0].state in ends
    states = set(sending_now.recipients.filter(batch=1).values_list("state", flat=True))
    maybe = how.get("possibly_accepted")
    assert states == {{"paused": "planned", "cancelled": "uncertain" if maybe else "skipped"}[decided]}


def test_what_an_admin_tries_again_of_a_cancelled_campaign_does_not_leave(sending_now, connected, mikko):
    call = claimed(connected)
    refuse(call)
    Campaign.objects.update(state=CampaignState.CANCELLED)

    with pytest.raises(outbox.CannotRetry):
        outbox.retry(QueuedCall(call), by=mikko)

    assert claimed(connected) is None
    assert sending_now.recipients.filter(state="failed").count() == 2


@pytest.mark.parametrize("minutes", [0, 60])
def test_what_an_admin_tries_again_does_not_reach_who_opted_out_since(
    sending_now, connected, kahvila, mikko, later, minutes
):
    """However long ago its campaign ended."""
    call = claimed(connected)
    refuse(call)
    assert Campaign.objects.get().state == CampaignState.SENT
    suppress(kahvila, phone=MAIJA)
    later(minutes * 60)

    outbox.retry(QueuedCall(call), by=mikko)

    assert numbers(claimed(connected)) == [ANTON]
    maija = sending_now.recipients.get(phone=MAIJA)
    assert (maija.state, maija.reason) == ("skipped", "Opted out")


def test_when_all_of_a_call_have_left_it_is_not_made_and_the_campaign_ends(sending_now, connected, kahvila):
    for phone in (MAIJA, ANTON):
        suppress(kahvila, phone=phone)

    assert claimed(connected) is None

    sending.advance_campaigns()
    assert Campaign.objects.get().state == CampaignState.SENT
    assert [call.state for call in calls_of(sending_now)] == ["cancelled"]
    assert not sending_now.recipients.exclude(state="skipped").exists()


def test_of_a_template_it_is_the_same(kahvila, group, people, connected, mikko):
    campaign = make_scheduled(group, mikko, channel="whatsapp", template=make_template(kahvila, body="Hei"))
    sending.send_now(campaign.pk)
    suppress(kahvila, phone=ANTON)

    assert ANTON not in numbers(claimed(connected))


@pytest.fixture
def early(group, people, connected, mikko) -> Campaign:
    """Its calls are made an hour before the time that they name."""
    campaign = make_scheduled(group, mikko, send_at=clock.now() + timedelta(hours=1))
    Campaign.objects.update(begins_at=clock.now(), carries_time=True)
    sending.advance_campaigns()
    campaign.refresh_from_db()
    return campaign


@pytest.mark.parametrize(
    ("minutes", "named", "leaves"),
    [(0, True, True), (58, True, True), (59.5, False, False), (70, False, True)],
)
def test_no_call_leaves_with_a_time_that_is_nearer_than_its_margin_nor_before_it(
    early, connected, later, minutes, named, leaves
):
    later(minutes * 60)

    call = claimed(connected)

    [waiting] = calls_of(early)
    assert bool(waiting.payload["message"]["send_at"]) is named
    assert (call is not None) is leaves
    later(3601)
    assert claimed(connected) is not None or leaves


def test_paused_and_gone_on_a_call_without_its_time_waits_for_it_still(early, connected, mikko, later):
    later(59.5 * 60)
    assert claimed(connected) is None
    pausing.pause(early, by=mikko)
    pausing.resume(early, by=mikko)

    assert claimed(connected) is None
    assert [call.due_at for call in calls_of(early)] == [early.send_at]
    later(3601)
    assert claimed(connected) is not None
