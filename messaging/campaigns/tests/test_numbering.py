"""Whoever is listed is given the number of their call at once; what happens before it is written."""

from itertools import chain

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext

from gateway import clock
from gateway.models import Operation
from gateway.outbox import QueuedCall
from gateway.outbox.handlers import handler_of
from gateway.smartdialog import quirks
from gateway.smartdialog.errors import Refused
from messaging.campaigns import lifecycle
from messaging.campaigns.dispatch import numbering, sending
from messaging.campaigns.dispatch.numbering import Numbers
from messaging.campaigns.models import Campaign
from messaging.campaigns.tests.conftest import calls_of, make_scheduled, make_template
from tests.factories import make_contact, suppress


def list_all(campaign: Campaign) -> None:
    assert sending.begin(campaign)
    numbers = Numbers()
    while sending._snapshot_recipients(campaign.pk, numbers):
        pass
    campaign.refresh_from_db()


def numbers_of(campaign: Campaign) -> list[int | None]:
    return list(campaign.recipients.order_by("pk").values_list("batch", flat=True))


def called(campaign: Campaign) -> list[list[str]]:
    recipients = [call.payload["message"]["recipients"] for call in calls_of(campaign)]
    return [[each if isinstance(each, str) else each["address"] for each in some] for some in recipients]


@pytest.fixture(autouse=True)
def small(settings, monkeypatch) -> None:
    settings.SMARTDIALOG_BATCH_SIZE = 4
    monkeypatch.setattr(sending, "AT_ONCE", 3)


@pytest.fixture
def listed(group, ten, connected, mikko) -> Campaign:
    campaign = make_scheduled(group, mikko)
    list_all(campaign)
    return campaign


@pytest.fixture
def named(group, service, kahvila, connected, mikko) -> Campaign:
    """Ten with three names, by turns."""
    for number in range(10):
        make_contact(group, first_name=["Aino", "Onni", "Eeva"][number % 3])
    parameters = [{"field": "firstName", "fallback": ""}]
    template = make_template(kahvila, body="Hei {{1}}")
    return make_scheduled(group, mikko, channel="whatsapp", template=template, parameters=parameters)


def test_calls_are_full_however_many_are_listed_at_once(listed):
    assert numbers_of(listed) == [1, 1, 1, 1, 2, 2, 2, 2, 3, 3]
    assert (listed.batches, listed.calls_to_come, calls_of(listed)) == (0, 3, [])

    sending.enqueue_batches(listed.pk)

    assert [len(call) for call in called(listed)] == [4, 4, 2]
    listed.refresh_from_db()
    assert (listed.batches, listed.calls_to_come, listed.state) == (3, 0, "sending")


def test_nobodys_row_is_written_again_for_a_call(listed):
    with CaptureQueriesContext(database) as asked:
        sending.enqueue_batches(listed.pk)

    updated = [each["sql"] for each in asked if each["sql"].startswith("UPDATE")]
    assert updated
    assert not [sql for sql in updated if "campaigns_recipient" in sql]


def test_who_shares_parameters_shares_calls_though_they_are_listed_apart(named):
    list_all(named)

    sending.enqueue_batches(named.pk)

    by_number = dict(zip(numbers_of(named), named.recipients.order_by("pk"), strict=True))
    assert sorted(by_number) == [1, 2, 3]
    assert sorted(len(call) for call in called(named)) == [3, 3, 4]
    assert len({str(call.payload["message"]["body_parameters"]) for call in calls_of(named)}) == 3


def test_a_worker_that_takes_over_fills_the_call_that_was_begun(group, ten, connected, mikko):
    campaign = make_scheduled(group, mikko)
    assert sending.begin(campaign)

    while sending._snapshot_recipients(campaign.pk):  # each time as another worker
        pass

    assert numbers_of(campaign) == [1, 1, 1, 1, 2, 2, 2, 2, 3, 3]


def test_a_worker_that_was_overtaken_looks_again_who_has_which_number(group, ten, connected, mikko):
    campaign = make_scheduled(group, mikko)
    assert sending.begin(campaign)
    slow, quick = Numbers(), Numbers()
    sending._snapshot_recipients(campaign.pk, slow)
    sending._snapshot_recipients(campaign.pk, quick)

    while sending._snapshot_recipients(campaign.pk, slow):
        pass

    assert numbers_of(campaign) == [1, 1, 1, 1, 2, 2, 2, 2, 3, 3]


def test_of_too_many_texts_some_are_put_into_calls_later(named, monkeypatch):
    monkeypatch.setattr(numbering, "MOST_KEYS", 2)
    list_all(named)
    assert numbers_of(named) == [1, 2, None, 1, 2, None, 1, 2, None, 1]

    sending.enqueue_batches(named.pk)

    assert sorted(len(call) for call in called(named)) == [3, 3, 4]
    assert set(numbers_of(named)) == {1, 2, 3}
    assert set(named.recipients.values_list("phone", flat=True)) == set(chain(*called(named)))


def test_who_leaves_before_their_call_is_written_is_in_none(kahvila, listed):
    phones = list(listed.recipients.order_by("pk").values_list("phone", flat=True))
    for phone in [phones[0], *phones[4:8]]:
        suppress(kahvila, phone=phone)

    sending.enqueue_batches(listed.pk)

    assert called(listed) == [phones[1:4], phones[8:]]
    assert [call.payload["number"] for call in calls_of(listed)] == [1, 3]
    assert listed.recipients.filter(state="skipped", reason="Opted out").count() == 5
    listed.refresh_from_db()
    assert (listed.batches, listed.state) == (3, "sending")


def test_numbers_of_which_nobody_is_left_are_passed_over(kahvila, listed):
    first = listed.recipients.filter(batch__lte=2)
    first.update(state="skipped")
    sending._enqueue_next_batches(listed.pk)

    sending.enqueue_batches(listed.pk)

    assert [call.payload["number"] for call in calls_of(listed)] == [3]


def test_cancelled_before_their_calls_are_written_nobody_gets_it(listed, mikko):
    lifecycle.cancel(listed, by=mikko)

    sending.enqueue_batches(listed.pk)

    assert set(listed.recipients.values_list("state", flat=True)) == {"skipped"}
    assert calls_of(listed) == []


def test_held_as_more_than_agreed_all_are_numbered_anew(group, listed, mikko):
    Campaign.objects.filter(pk=listed.pk).update(people=1)
    sending.enqueue_batches(listed.pk)
    listed.refresh_from_db()
    assert (listed.state, numbers_of(listed)) == ("held", [])

    lifecycle.release(listed, people=10, calls=3, by=mikko)
    sending.send_now(listed.pk)

    assert [len(call) for call in called(listed)] == [4, 4, 2]


def test_where_smaller_calls_were_found_to_be_the_largest_none_is_larger(kahvila, listed):
    quirks.learn(kahvila, recipients_limit=3)

    sending.enqueue_batches(listed.pk)

    assert [len(call) for call in called(listed)] == [3, 3, 3, 1]
    assert len(set(chain(*called(listed)))) == 10


@pytest.mark.parametrize("people", [1, 2])
def test_who_is_refused_with_a_time_takes_nobodys_number(group, connected, kahvila, mikko, settings, people):
    """Of many calls those of the next minutes are written, and the first one is refused."""
    settings.SMARTDIALOG_BATCH_SIZE = people
    phones = [make_contact(group, first_name=f"Matti{n}").phone for n in range(8)]
    campaign = make_scheduled(group, mikko)
    list_all(campaign)
    Campaign.objects.filter(pk=campaign.pk).update(send_at=clock.after(3600), carries_time=True)
    sending._enqueue_next_batches(campaign.pk)
    quirks.learn(kahvila, recipients_taken=people)

    refuse(calls_of(campaign)[0])
    sending.enqueue_batches(campaign.pk)

    assert set(chain(*called(campaign)[1:])) == set(phones)
    numbers = [call.payload["number"] for call in calls_of(campaign)]
    assert len(set(numbers)) == len(numbers)


def test_whose_call_was_refused_they_are_not_kept_for_the_end(group, connected, mikko, kahvila, settings):
    settings.SMARTDIALOG_BATCH_SIZE = 2
    phones = [make_contact(group, first_name=f"Matti{n}").phone for n in range(8)]
    campaign = make_scheduled(group, mikko)
    list_all(campaign)
    sending._enqueue_next_batches(campaign.pk)
    quirks.learn(kahvila, recipients_taken=2)

    refuse(calls_of(campaign)[0])

    assert sorted(called(campaign)[-2:]) == [phones[:1], phones[1:2]]
    sending.enqueue_batches(campaign.pk)
    assert sorted(chain(*called(campaign)[1:])) == sorted(phones)
    assert sorted(numbers_of(campaign)) == [2, 2, 3, 4, 5, 5, 6, 6]


def refuse(operation: Operation) -> None:
    """In words that may be about one of its people."""
    operation.state = "failed"
    operation.save()
    handler_of(operation).refused(QueuedCall(operation), Refused("A number is wrong", status=400))
