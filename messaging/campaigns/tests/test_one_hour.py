"""Four campaigns for one minute, each of more calls than that minute holds: all are there in time."""

from datetime import datetime, timedelta
from unittest import mock

from django.utils import timezone

from gateway import clock
from gateway.models import Operation
from gateway.rate_limit import ledger
from messaging.campaigns.dispatch import planner, sending
from messaging.campaigns.models import Campaign, Recipient
from messaging.campaigns.tests.conftest import answer, make_scheduled, make_template
from messaging.campaigns.tests.test_last_look import claimed
from tests.factories import make_contact

CALLS, A_MINUTE = 26, 10  # of each; a tenth of what SmartDialog allows, so that it takes as long


def test_four_campaigns_for_one_minute_are_all_taken_before_it(group, connected, mikko, settings):
    """What is refused, or comes late, was promised to somebody."""
    settings.SMARTDIALOG_CALLS_PER_MINUTE = A_MINUTE
    for number in range(CALLS):
        make_contact(group, first_name=f"Matti{number}")
    at = (timezone.now() + timedelta(minutes=20)).replace(second=0, microsecond=0)
    words = {"template": make_template(group.customer, body="Hei {{1}}"), "content": ""}
    fields = {"channel": "whatsapp", "parameters": [{"field": "firstName"}], "send_at": at, **words}
    for _ in range(4):
        make_scheduled(group, mikko, **fields)

    now = timezone.now()
    while now < at + timedelta(minutes=5):
        with mock.patch.object(clock, "now", return_value=now):
            sending.advance_campaigns()
            take_one(claimed(connected), now)
        now += timedelta(seconds=60 / A_MINUTE)

    assert set(Recipient.objects.values_list("state", flat=True)) == {"accepted"}
    assert Recipient.objects.count() == 4 * CALLS == Operation.objects.filter(state="done").count()
    assert set(Campaign.objects.values_list("state", flat=True)) == {"sent"}
    assert Operation.objects.filter(tried_at__gte=at).count() == 0


def take_one(call: Operation | None, now: datetime) -> None:
    """By a SmartDialog that refuses a time nearer than a minute."""
    if call is None:
        return
    named = datetime.fromisoformat(call.payload["message"]["send_at"])
    assert planner.may_be_named(named, now=now)
    ledger.record_answer(call.calls.get(), status=200)
    answer(call)
