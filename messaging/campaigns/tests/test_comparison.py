"""Campaigns beside each other: their numbers add up, of one customer, as a page and as a file."""

import csv
from datetime import timedelta
from decimal import Decimal
from io import StringIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEvent
from contacts.models import Segment
from gateway.models import ServiceKind
from messaging.campaigns.models import Campaign, CampaignState, Recipient, ResultSettings
from messaging.campaigns.outcome import comparison
from messaging.campaigns.tests.conftest import make_campaign, make_template
from messaging.inbox.models import Direction, Thread
from tests.factories import make_service
from tests.people import client_of

PAGE, REPORT = reverse("campaigns:comparison"), reverse("campaigns:report")


def over(group, by, *, delivered: int, failed: int = 0, days_ago: int = 1, **fields) -> Campaign:
    begun_at = timezone.now() - timedelta(days=days_ago)
    campaign = make_campaign(group, by, state=CampaignState.SENT, begun_at=begun_at, **fields)
    states = ["delivered"] * delivered + ["failed"] * failed
    people = enumerate(states)
    Recipient.objects.bulk_create(
        Recipient(campaign=campaign, phone=f"+35840{number}", state=state) for number, state in people
    )
    return campaign


def lines(user, **query) -> dict[str, tuple[int, int, int]]:
    """By label: campaigns, people, delivered."""
    found = client_of(user).get(PAGE, query).context["lines"]
    return {line.label: (line.campaigns, line.stats.meant, line.stats.delivered) for line, _ in found}


@pytest.fixture
def three(group, mikko, aino) -> list[Campaign]:
    return [
        over(group, mikko, delivered=3, failed=1),
        over(group, aino, delivered=2, sender="Aalto", days_ago=2),
        over(group, mikko, delivered=1, days_ago=80),
    ]


def test_they_are_put_together_by_author_sender_and_group(three, mikko):
    assert lines(mikko, by="author") == {"Aino": (1, 2, 2), "Mikko": (2, 5, 4)}
    assert lines(mikko, by="sender") == {"Aalto": (1, 2, 2), "Kahvila": (2, 5, 4)}
    assert lines(mikko, by="group") == {"Jäsenet": (3, 7, 6)}


def test_each_campaign_stands_beside_the_others_with_a_link(three, mikko):
    Campaign.objects.filter(pk=three[0].pk).update(name="Joulu")
    Campaign.objects.filter(pk=three[1].pk).update(name="Kevät")
    page = client_of(mikko).get(PAGE, {"by": "campaign"})

    assert [line.label for line, _ in page.context["lines"]][:2] == ["Joulu", "Kevät"]
    assert [line.key for line, _ in page.context["lines"]] == [each.pk for each in three]
    assert f'href="/campaigns/{three[0].pk}/"' in page.content.decode()
    assert [each.label for each in page.context["bars"]][-1] == "Joulu"


def test_two_groups_of_one_name_are_two_lines(three, group, mikko, kahvila):
    other = make_service(kahvila, kind=ServiceKind.GROUP, name="Jäsenet")
    over(other, mikko, delivered=5)

    assert lines(mikko, by="group") == {
        f"Jäsenet ({other.remote_id})": (1, 5, 5),
        f"Jäsenet ({group.remote_id})": (3, 7, 6),
    }


def test_all_groups_segments_and_lists_of_a_campaign_are_told(group, mikko, kahvila):
    other = make_service(kahvila, kind=ServiceKind.GROUP, name="Kanta")
    segment = Segment.objects.create(customer=kahvila, name="Turku", text="city = Turku")
    over(group, mikko, delivered=1, more_groups=[other.pk])
    over(other, mikko, delivered=2, more_groups=[group.pk])
    over(group, mikko, delivered=4, segments=[segment.pk])
    Campaign.objects.filter(segments__0=segment.pk).update(group=None)

    assert lines(mikko, by="group") == {"Jäsenet and Kanta": (2, 3, 3), "Segment Turku": (1, 4, 4)}


def test_whatsapp_is_told_by_its_service_and_channels_apart(three, group, mikko, kahvila):
    sent = over(group, mikko, delivered=7, channel="whatsapp", template=make_template(kahvila))

    assert lines(mikko, by="sender")[str(sent.service)] == (1, 7, 7)
    assert lines(mikko, by="channel") == {"SMS": (3, 7, 6), "WhatsApp": (1, 7, 7)}


def test_none_is_dropped_from_numbers_or_file_and_what_is_not_shown_is_said(three, mikko, monkeypatch):
    monkeypatch.setattr("messaging.campaigns.outcome.comparison.AT_ONCE", 2)
    monkeypatch.setattr("messaging.campaigns.views.comparison.LINES", 2)

    assert lines(mikko, by="group") == {"Jäsenet": (3, 7, 6)}
    assert "1 older one is not shown" in " ".join(
        client_of(mikko).get(PAGE, {"by": "campaign"}).content.decode().split()
    )
    answered = client_of(mikko).post(f"{REPORT}?months=12")
    assert b"".join(answered.streaming_content).decode().count("\n") == 1 + 3


def test_by_month_the_newest_is_first_and_only_the_months_asked_for_count(three, group, mikko):
    over(group, mikko, delivered=9, days_ago=200)

    newest, *_, oldest = lines(mikko, by="month", months=12)
    assert newest == f"{timezone.localtime(three[0].begun_at):%b %Y}"
    assert oldest == f"{timezone.localtime() - timedelta(days=200):%b %Y}"
    assert sum(people for _, people, _ in lines(mikko, months=3).values()) == 7
    assert sum(people for _, people, _ in lines(mikko, months=12).values()) == 16


def test_what_never_began_and_what_another_customer_sent_is_not_among_them(three, group, mikko, otto):
    make_campaign(group, mikko)

    assert lines(mikko, by="group") == {"Jäsenet": (3, 7, 6)}
    assert lines(otto) == {}
    assert client_of(otto).post(REPORT).status_code in {200, 302}
    assert "Jäsenet" not in client_of(otto).get(PAGE).content.decode()


def test_junk_in_the_address_is_as_if_it_were_not_there(three, mikko):
    usual = lines(mikko)

    for junk in ["'", "\0", "-1", "9" * 40, "a" * 3000]:
        assert lines(mikko, by=junk, months=junk) == usual


def test_many_campaigns_take_as_many_queries_as_few(three, group, mikko):
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            client_of(mikko).get(PAGE)
        return len(asked)

    few = queries()
    for _ in range(6):
        over(group, mikko, delivered=1)
    assert queries() == few


def test_clicks_and_cost_stand_there_only_where_they_are_known(three, mikko):
    assert "Clicked" not in client_of(mikko).get(PAGE).content.decode()

    Campaign.objects.filter(pk=three[0].pk).update(link_url="https://a.example", parts=200)
    link = three[0].links.create(token="a", recipient=three[0].recipients.first(), clicked_at=timezone.now())
    ResultSettings.objects.create(customer=three[0].customer, price_per_part=Decimal("0.05"))
    found = client_of(mikko).get(PAGE, {"by": "author"}).context

    assert (found["has_clicks"], found["has_price"]) == (True, True)
    assert {line.label: (line.responses.clicked, cost) for line, cost in found["lines"]} == {
        "Aino": (None, "0.00 EUR"),
        "Mikko": (1, "10.00 EUR"),
    }
    assert link.campaign == three[0]


def test_it_says_how_many_answered_and_opted_out_and_what_share_that_is(three, mikko):
    who = three[0].recipients.filter(state="delivered").first()
    at = three[0].begun_at + timedelta(hours=1)
    thread = Thread.objects.create(
        customer=three[0].customer,
        service=make_service(three[0].customer, kind=ServiceKind.TWO_WAY),
        address=who.phone,
        last_message_at=at,
    )
    thread.messages.create(direction=Direction.IN, content="Kiitos!", at=at)

    [mikkos] = [line for line, _ in client_of(mikko).get(PAGE, {"by": "author"}).context["lines"]][:1]

    assert (mikkos.label, mikkos.responses.answered, mikkos.answered) == ("Mikko", 1, "20 %")
    assert (mikkos.responses.opted_out, mikkos.opted_out) == (0, "0 %")


def test_shares_are_drawn_beside_each_other_and_months_from_left_to_right(three, group, mikko):
    found = client_of(mikko).get(PAGE, {"by": "month"}).context
    by_author = client_of(mikko).get(PAGE, {"by": "author"}).context

    assert [each.label for each in found["bars"]] == [line.label for line, _ in found["lines"]][::-1]
    assert [(each.label, each.delivered, each.answered) for each in by_author["bars"]] == [
        ("Mikko", 80, 0),
        ("Aino", 100, 0),
    ]
    assert [each.x for each in by_author["bars"]] == [140, 420]


def test_one_alone_is_not_drawn(three, mikko):
    assert client_of(mikko).get(PAGE, {"by": "group"}).context["bars"] == []


def test_the_file_has_a_row_for_each_campaign(three, mikko):
    answered = client_of(mikko).post(f"{REPORT}?months=12")
    text = b"".join(answered.streaming_content).decode().removeprefix("\ufeff")

    header, *rows = csv.reader(StringIO(text), delimiter=";")

    assert header == comparison.HEADER
    assert all(len(row) == len(header) for row in rows)
    newest = dict(zip(header, rows[0], strict=True))
    assert [newest[name] for name in ("People", "Delivered", "Delivered %", "Failed")] == [
        "4",
        "3",
        "75",
        "1",
    ]
    assert AuditEvent.objects.get(verb="campaigns.reported").after == {"months": 12, "campaigns": 3}


def test_a_viewer_looks_and_takes_no_file_away(three, vera):
    assert client_of(vera).get(PAGE).status_code == 200
    assert client_of(vera).post(REPORT).status_code == 403
