"""What is changed between the agreement and the start, or as it starts: nobody gets what nobody agreed to."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from accounts.people import user_admin
from contacts.models import Contact
from contacts.segments import saved_segments
from gateway.models import Operation
from messaging.campaigns import approval, lifecycle
from messaging.campaigns.dispatch import sending
from messaging.campaigns.models import UNDER_WAY, Campaign, CampaignRules, CampaignState
from messaging.campaigns.tests.conftest import calls_of, make_campaign, make_scheduled, post, schedule
from messaging.campaigns.tests.stages import now_of
from messaging.campaigns.tests.test_last_look import numbers
from messaging.campaigns.tests.test_reach import for_segment
from messaging.campaigns.tests.test_two_at_once import both, seven, small, waiting
from messaging.campaigns.views.compose_page import ComposePage
from tests.factories import make_contact

__all__ = ["seven", "small"]
pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = range(2)


@pytest.fixture
def turku(group, connected, mikko, kahvila):
    for city in 3 * ["Turku", "Oulu"]:
        make_contact(group, city=city, first_name="Anna")
    return saved_segments.add(kahvila, name="Turku", text="city = Turku", by=mikko)


@pytest.mark.parametrize("_", ROUNDS)
def test_a_segment_that_a_colleague_changes_as_it_begins_gives_it_no_others(turku, group, mikko, aino, _):
    campaign = for_segment(group, mikko, turku)
    asks = partial(saved_segments.edit, turku, revision=turku.revision, name="Turku", text="city = Oulu")

    both(lambda: asks(by=aino), partial(sending.send_now, campaign.pk))

    called = {phone for call in calls_of(campaign) for phone in numbers(call)}
    in_turku = set(Contact.objects.filter(city="Turku").values_list("phone", flat=True))
    assert called in (set(), in_turku)
    assert (now_of(campaign).state == CampaignState.HELD) == (called == set())


def test_a_segment_that_asks_for_as_many_others_since_the_page_was_made_is_shown_again(
    turku, group, filled, mikko, aino
):
    for_it = filled | {"group": "", "segments": [turku.pk]}
    seen = post(mikko, for_it).context["summary"]
    saved_segments.edit(turku, revision=turku.revision, name="Turku", text="city = Oulu", by=aino)

    answered = post(mikko, for_it, action="send", expected=seen.expected)

    assert (seen.people, answered.status_code) == (3, 422)
    assert b"has changed since you looked" in answered.content


@pytest.mark.parametrize("_", ROUNDS)
@pytest.mark.parametrize("how", ["scheduled", "begun", "approved"])
def test_whoever_is_deactivated_as_theirs_goes_out_it_is_held_or_waits_for_their_connection(
    group, seven, connected, kahvila, mikko, aino, liisa, how, _
):
    campaign = make_campaign(group, mikko)
    verbs: dict[str, Callable[[], Any]] = {"scheduled": lambda: schedule(campaign, mikko)}
    if how == "approved":
        CampaignRules.objects.create(customer=kahvila, approved_above=1)
        revision = now_of(make_scheduled(group, mikko, name="Asked")).revision
        campaign = Campaign.objects.get(name="Asked")
        verbs["approved"] = lambda: approval.approve(now_of(campaign), revision=revision, by=liisa)
    elif how == "begun":
        schedule(campaign, mikko)
        verbs["begun"] = partial(sending.send_now, campaign.pk)

    both(verbs[how], lambda: user_admin.set_active(mikko, active=False, by=aino))
    sending.advance_campaigns()

    found = now_of(campaign)
    assert found.state in (CampaignState.HELD, CampaignState.DRAFT, *UNDER_WAY, CampaignState.SCHEDULED)
    if found.state in UNDER_WAY:
        connected.refresh_from_db()
        assert connected.state == "paused"
        assert sorted(numbers(call)[0] for call in waiting(campaign)) == sorted(seven)
    else:
        assert not Operation.objects.filter(batch=campaign.batch).exists()


@pytest.mark.parametrize("_", ROUNDS)
@pytest.mark.parametrize("how", ["cancelled", "edited", "released"])
def test_a_held_one_that_two_decide_on_at_once_goes_out_once_or_not(
    group, seven, connected, mikko, aino, how, _
):
    campaign = make_campaign(group, mikko, state=CampaignState.HELD, held_reason="Its time went by.")
    seen = now_of(campaign).revision
    verbs: dict[str, Callable[[], Any]] = {
        "cancelled": lambda: lifecycle.cancel(now_of(campaign), by=aino),
        "edited": lambda: lifecycle.edit(now_of(campaign), revision=seen, fields={"content": "Hei"}, by=aino),
        "released": lambda: lifecycle.release(now_of(campaign), people=7, calls=7, by=mikko),
    }

    both(verbs[how], verbs["released"])
    sending.advance_campaigns()

    found = now_of(campaign)
    if found.state in UNDER_WAY:
        assert sorted(numbers(call)[0] for call in waiting(campaign)) == sorted(seven)
    else:
        assert (found.state in (CampaignState.CANCELLED, CampaignState.DRAFT), waiting(campaign)) == (
            True,
            [],
        )


def test_who_is_deleted_and_added_again_while_people_are_listed_is_listed_once(
    group, seven, connected, mikko
):
    """Listed once more, they would end the list for all: nobody else would get it."""
    campaign = make_scheduled(group, mikko)
    sending.begin(campaign)
    assert sending._snapshot_recipients(campaign.pk)
    first = Contact.objects.get(phone=seven[0])
    first.delete()
    make_contact(group, phone=seven[0], first_name="Matti")

    sending.enqueue_batches(campaign.pk)

    assert sorted(numbers(call)[0] for call in waiting(campaign)) == sorted(seven)


def test_a_segment_that_changes_as_the_button_is_pressed_is_shown_again(
    turku, group, filled, mikko, aino, monkeypatch
):
    """Between what the page comes to and the transaction that keeps it."""
    for_it = filled | {"group": "", "segments": [turku.pk]}
    seen = post(mikko, for_it).context["summary"]
    keep = ComposePage.keep

    def after_a_change(page: ComposePage, **fields: Any) -> Campaign:
        saved_segments.edit(turku, revision=turku.revision, name="Turku", text="city = Oulu", by=aino)
        return keep(page, **fields)

    monkeypatch.setattr(ComposePage, "keep", after_a_change)
    answered = post(mikko, for_it, action="send", expected=seen.expected)

    assert answered.status_code == 409
    assert "A segment has just changed" in answered.content.decode()
    assert not Campaign.objects.exists()
