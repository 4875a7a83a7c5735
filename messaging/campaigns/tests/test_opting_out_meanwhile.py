"""Somebody opts out, on another connection, while a campaign is being put into calls."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from django.db import connection as database

from contacts.consent import opt_out_requests
from contacts.models import Contact
from messaging.campaigns.dispatch import last_look, sending
from messaging.campaigns.models import Campaign, CampaignState
from messaging.campaigns.tests.conftest import calls_of, make_scheduled, make_template
from tests.factories import make_contact, suppress

pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE = 20  # seconds
LEAVES = "+358400000102"


@pytest.fixture
def many(group) -> list[Contact]:
    return [make_contact(group, phone=f"+3584000001{number:02}", first_name="Aino") for number in range(9)]


@pytest.fixture
def elsewhere():
    """Run something on a connection of its own, and wait for it."""
    with ThreadPoolExecutor(1) as pool:

        def run(what: Callable[[], object]) -> None:
            pool.submit(_closing, what).result(PATIENCE)

        yield run


def _closing(what: Callable[[], object]) -> None:
    try:
        what()
    finally:
        database.close()


def called(campaign: Campaign) -> list[str]:
    recipients = [each for call in calls_of(campaign) for each in call.payload["message"]["recipients"]]
    return [each if isinstance(each, str) else each["address"] for each in recipients]


def skipped(campaign: Campaign) -> list[tuple[str, str]]:
    return list(campaign.recipients.filter(state="skipped").values_list("phone", "reason"))


def before_each(monkeypatch, name: str, what: Callable[[int], object]) -> None:
    """Do something as each step begins; it is told which."""
    real, made = getattr(sending, name), []

    def step(campaign_id: int, **fields: bool) -> bool:
        made.append(1)
        what(len(made))
        return real(campaign_id, **fields)

    monkeypatch.setattr(sending, name, step)


def test_who_opts_out_between_the_list_and_the_calls_is_in_none(
    kahvila, group, many, connected, mikko, monkeypatch, elsewhere
):
    campaign = make_scheduled(group, mikko)
    leave = lambda step: step == 1 and elsewhere(lambda: suppress(kahvila, phone=LEAVES))  # noqa: E731
    before_each(monkeypatch, "_enqueue_next_batches", leave)

    sending.send_now(campaign.pk)

    assert sorted(called(campaign)) == sorted({each.phone for each in many} - {LEAVES})
    assert skipped(campaign) == [(LEAVES, "Opted out")]
    assert Campaign.objects.get().state == CampaignState.SENDING


def test_who_opts_out_between_two_calls_is_not_in_the_later_one(
    kahvila, group, many, connected, mikko, monkeypatch, elsewhere, settings
):
    settings.SMARTDIALOG_BATCH_SIZE = 2
    monkeypatch.setattr(sending, "AT_ONCE", 4)
    last = many[-1].phone
    campaign = make_scheduled(group, mikko)
    leave = lambda step: step == 2 and elsewhere(lambda: suppress(kahvila, phone=last))  # noqa: E731
    before_each(monkeypatch, "_enqueue_next_batches", leave)

    sending.send_now(campaign.pk)

    assert sorted(called(campaign)) == sorted({each.phone for each in many} - {last})


def test_when_all_opt_out_nothing_is_called_and_the_campaign_ends(
    kahvila, group, many, connected, mikko, monkeypatch, elsewhere, settings
):
    settings.SMARTDIALOG_BATCH_SIZE = 2
    campaign = make_scheduled(group, mikko)
    stop = lambda: [suppress(kahvila, phone=each.phone) for each in many]  # noqa: E731
    before_each(monkeypatch, "_enqueue_next_batches", lambda step: step == 1 and elsewhere(stop))

    sending.send_now(campaign.pk)
    sending.advance_campaigns()

    assert calls_of(campaign) == []
    assert len(skipped(campaign)) == len(many)
    assert Campaign.objects.get().state == CampaignState.SENT


def test_who_may_have_opted_out_meanwhile_is_in_no_call_either(
    kahvila, group, many, connected, mikko, monkeypatch, elsewhere
):
    campaign = make_scheduled(group, mikko)
    ask = partial(opt_out_requests.keep, kahvila, LEAVES, words="riittää jo", place="Inbound")
    before_each(monkeypatch, "_enqueue_next_batches", lambda step: step == 1 and elsewhere(ask))

    sending.send_now(campaign.pk)

    assert LEAVES not in called(campaign)
    assert skipped(campaign) == [(LEAVES, "May have opted out")]


def test_of_a_template_it_is_the_same(kahvila, group, many, connected, mikko, monkeypatch, elsewhere):
    template = make_template(kahvila, body="Hei")
    campaign = make_scheduled(group, mikko, channel="WhatsApp", template=template, content="")
    leave = lambda step: step == 1 and elsewhere(lambda: suppress(kahvila, phone=LEAVES))  # noqa: E731
    before_each(monkeypatch, "_enqueue_next_batches", leave)

    sending.send_now(campaign.pk)

    assert LEAVES not in called(campaign)
    assert len(called(campaign)) == len(many) - 1


def watch_for_late(monkeypatch, left: set[str]) -> list[str]:
    """Fills with who had left when a call began to be built, and is in it all the same."""
    late: list[str] = []
    asks, skips, at_first = last_look.judged, last_look.skip_unwilling, threading.local()

    def judged(campaign, recipients):
        at_first.left = set(left)
        return asks(campaign, recipients)

    def skip(campaign, recipients):
        stopped = skips(campaign, recipients)
        late.extend(at_first.left & {each.phone for each in recipients} - stopped)
        return stopped

    monkeypatch.setattr(last_look, "judged", judged)
    monkeypatch.setattr(last_look, "skip_unwilling", skip)
    return late


def at_once(*works: Callable[[], object]) -> None:
    """Each on a connection of its own, from the same moment on."""
    begin = threading.Barrier(len(works))

    def run(work: Callable[[], object]) -> None:
        begin.wait(PATIENCE)
        _closing(work)

    with ThreadPoolExecutor(len(works)) as pool:
        for each in [pool.submit(run, work) for work in works]:
            each.result(PATIENCE)


def test_with_two_workers_and_people_leaving_all_the_while_nobody_is_called_after_they_left(
    kahvila, group, many, connected, mikko, monkeypatch, settings
):
    """Each opt-out that was committed when a call began to be built is left out of it."""
    settings.SMARTDIALOG_BATCH_SIZE = 1
    campaign = make_scheduled(group, mikko)
    left: set[str] = set()
    late = watch_for_late(monkeypatch, left)

    def leave() -> None:
        for each in reversed(many):
            suppress(kahvila, phone=each.phone)
            left.add(each.phone)

    work = partial(sending.send_now, campaign.pk)
    at_once(leave, work, work)
    work()

    everybody = called(campaign)
    assert late == []
    assert len(everybody) == len(set(everybody))
    assert {*everybody, *dict(skipped(campaign))} == {each.phone for each in many}
