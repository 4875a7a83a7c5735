"""The list of campaigns, searched and filtered: by words, channel, author, days, and by what comes again."""

from datetime import UTC, datetime, time, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from messaging.campaigns.models import Campaign, CampaignState, Recurrence
from messaging.campaigns.tests.conftest import make_campaign, make_template
from messaging.campaigns.tests.test_sending_hours import FRIDAY
from tests.people import client_of

LIST = reverse("campaigns:list")
JUNK = ["'", "\0", "-1", "9" * 40, "٣", "x" * 5000, "2026-13-45", "0001-01-01", "9999-12-31"]


@pytest.fixture
def three(group, kahvila, mikko, aino) -> list[Campaign]:
    tale = {
        "channel": "whatsapp",
        "template": make_template(kahvila, body="Tervetuloa Turkuun"),
        "content": "",
    }
    return [
        make_campaign(group, mikko, name="Joulu", state=CampaignState.SENT, begun_at=FRIDAY),
        make_campaign(group, aino, name="Kevät", content="Tule kahville"),
        make_campaign(group, aino, name="Kesä", **tale, created_at=FRIDAY + timedelta(days=9)),
    ]


def found(user, **asked) -> set[str]:
    return {str(campaign) for campaign, *_ in client_of(user).get(LIST, asked).context["rows"]}


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"q": "joul"}, {"Joulu"}),
        ({"q": "kahville tule"}, {"Kevät"}),
        ({"q": "turkuun"}, {"Kesä"}),
        ({"q": "lento"}, set()),
        ({"channel": "whatsapp"}, {"Kesä"}),
        ({"since": "2026-11-27", "until": "2026-11-27"}, {"Joulu"}),
        ({"since": "2026-12-06", "until": "2026-12-06"}, {"Kesä"}),
        ({"state": "draft", "channel": "sms"}, {"Kevät"}),
    ],
)
def test_each_filter_leaves_its_own(three, mikko, asked, expected):
    assert found(mikko, **asked) == expected


def test_those_of_an_author_are_found_who_is_offered_by_name(three, mikko, aino, vera):
    assert found(mikko, author=aino.pk) == {"Kevät", "Kesä"}

    page = client_of(vera).get(LIST)

    assert page.context["authors"] == [aino, mikko]


@pytest.mark.parametrize("name", ["q", "channel", "author", "since", "until", "state"])
def test_junk_among_the_filters_breaks_nothing(three, mikko, name):
    for junk in JUNK:
        assert client_of(mikko).get(LIST, {name: junk}).status_code == 200


def test_counts_chips_and_pages_keep_what_was_asked(three, mikko):
    page = client_of(mikko).get(LIST, {"channel": "sms"})

    assert page.context["states"] == [("draft", 1), ("sent", 1)]
    assert "channel=sms&amp;state=sent" in page.content.decode()
    assert "No campaign here" in client_of(mikko).get(LIST, {"q": "lento"}).content.decode()


def test_what_comes_again_is_listed_by_itself_and_says_how(three, mikko):
    Recurrence.objects.create(
        customer=three[1].customer,
        campaign=three[1],
        rhythm="birthday",
        date_property="Syntynyt",
        time=time(9),
        zone="Europe/Helsinki",
        next_at=timezone.now() + timedelta(days=1),
        by=mikko,
    )

    page = " ".join(client_of(mikko).get(LIST, {"state": "repeats"}).content.decode().split())

    assert found(mikko, state="repeats") == {"Kevät"}
    assert "Each year on the day in Syntynyt, at 09:00 Helsinki" in page
    assert 'Repeats <span class="chip__count">1</span>' in page
    assert f'href="/campaigns/{three[1].pk}/repeats/"' in page
    rows = page.partition("<tbody>")[2].partition("</tbody>")[0]
    assert "Repeats</span>" in rows
    assert "Draft" not in rows


def test_days_are_the_persons_own(group, mikko):
    late = datetime(2026, 12, 1, 22, 30, tzinfo=UTC)  # the 2nd in Helsinki
    make_campaign(group, mikko, name="Puoliyö", state=CampaignState.SCHEDULED, send_at=late)

    assert found(mikko, since="2026-12-02", until="2026-12-02") == {"Puoliyö"}
    assert found(mikko, until="2026-12-01") == set()
