"""Whom a segment asks for since it was changed, nobody has agreed to, however few they are."""

import pytest
from django.urls import reverse

from contacts.models import Segment
from contacts.segments import saved_segments
from messaging.campaigns.dispatch import sending
from messaging.campaigns.models import Campaign, CampaignState
from messaging.campaigns.tests.test_reach import for_segment, person, sent
from tests.people import client_of


@pytest.fixture
def for_turku(group, connected, mikko, kahvila):
    """Scheduled for whoever is in Turku; and somebody in Oulu."""
    segment = saved_segments.add(kahvila, name="Turku", text="city = Turku", by=mikko)
    person(group, 1, city="Turku")
    person(group, 2, city="Oulu")
    return for_segment(group, mikko, segment)


def change(campaign: Campaign, by, text: str = "city = Oulu", name: str = "Turku") -> None:
    segment = Segment.objects.get(pk=campaign.segments[0])
    saved_segments.edit(segment, revision=segment.revision, name=name, text=text, by=by)


def test_whom_a_changed_segment_asks_for_nobody_has_agreed_to(for_turku, mikko, aino):
    """A colleague may change it, who knows nothing of the campaign."""
    change(for_turku, aino)
    page = client_of(mikko).get(reverse("campaigns:campaign", args=[for_turku.pk])).content.decode()
    assert "The segment Turku has changed since a person agreed to whom it goes." in page

    assert sent(for_turku) == {}
    for_turku.refresh_from_db()
    assert for_turku.state == CampaignState.HELD
    assert "The segment Turku has changed since" in for_turku.held_reason


def test_a_segment_that_changes_while_people_are_listed_holds_it(for_turku, group, mikko, monkeypatch):
    monkeypatch.setattr(sending, "AT_ONCE", 1)
    person(group, 3, city="Turku")
    Campaign.objects.filter(pk=for_turku.pk).update(people=2)
    sending.begin(for_turku)
    assert sending._snapshot_recipients(for_turku.pk)
    change(for_turku, mikko)

    assert sent(for_turku) == {}
    for_turku.refresh_from_db()
    assert "The segment Turku has changed since" in for_turku.held_reason


def test_a_segment_that_changes_after_all_are_listed_or_its_name_alone_does_holds_nothing(for_turku, mikko):
    change(for_turku, mikko, text="city = Turku", name="Turkulaiset")
    sending.begin(for_turku)
    assert not sending._snapshot_recipients(for_turku.pk)
    change(for_turku, mikko, name="Turkulaiset")

    assert sent(for_turku) == {"1": "planned"}
