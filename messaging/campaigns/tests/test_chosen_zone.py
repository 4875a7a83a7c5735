"""The time zone in which a time was chosen is shown wherever the time is, beside the person's own."""

from datetime import UTC, datetime

import pytest
from django.utils import timezone

from accounts.templatetags import ui
from messaging.campaigns.models import Campaign
from messaging.campaigns.tests.approvals import address
from messaging.campaigns.tests.conftest import make_campaign
from tests.people import client_of

NOON = datetime(2027, 1, 12, 12, tzinfo=UTC)  # 21:00 in Tokyo, 14:00 in Helsinki
BOTH = "Tue 12 Jan 2027 21:00 Tokyo (14:00 Helsinki)"


@pytest.mark.parametrize(
    ("zone", "said"),
    [
        ("Asia/Tokyo", BOTH),
        ("Pacific/Auckland", "Wed 13 Jan 2027 01:00 Auckland (Tue 14:00 Helsinki)"),
        ("Europe/Tallinn", "Tue 12 Jan 2027 14:00 Helsinki"),
        ("", "Tue 12 Jan 2027 14:00 Helsinki"),
    ],
)
def test_a_moment_is_told_by_both_clocks_where_they_differ(zone, said):
    with timezone.override("Europe/Helsinki"):
        assert ui.exact_in(NOON, zone) == said


@pytest.fixture
def in_tokyo(group, people, connected, mikko) -> Campaign:
    times = {"send_at": NOON, "begins_at": NOON, "zone": "Asia/Tokyo"}
    return make_campaign(group, mikko, state="awaiting", people=2, calls=1, **times)


def test_every_page_of_a_scheduled_campaign_shows_the_zone_that_was_chosen(in_tokyo, liisa):
    client = client_of(liisa)
    assert BOTH in client.get(address(in_tokyo)).content.decode()
    Campaign.objects.update(state="scheduled")

    for page in ("/campaigns/", f"/campaigns/{in_tokyo.pk}/"):
        assert BOTH in client.get(page).content.decode(), page
    assert "21:00 Tokyo" in client.get("/campaigns/month/?month=2027-01").content.decode()
