"""Nobody gets marketing outside the sending hours of where they are; what is outside them waits."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Customer
from gateway import clock
from gateway.models import Operation
from messaging.campaigns.dispatch import sending
from messaging.campaigns.models import Campaign, SendingHours
from messaging.campaigns.rules import sending_hours
from messaging.campaigns.tests.conftest import calls_of, make_campaign, make_scheduled, make_template
from messaging.campaigns.tests.test_last_look import MAIJA, claimed, numbers
from tests.factories import make_contact
from tests.later import later as later
from tests.people import client_of

WEEK: list[Any] = [["08:00", "21:00"]] * 5 + [["10:00", "16:00"], None]
FRIDAY = datetime(2026, 11, 27, tzinfo=UTC)  # 02:00 in Helsinki
URL = "/settings/campaigns/hours/"


def hours(**fields: Any) -> SendingHours:
    return SendingHours(**({"zone": "Europe/Helsinki", "days": WEEK} | fields))


def keep(customer: Customer, **fields: Any) -> SendingHours:
    kept = hours(customer=customer, **fields)
    kept.save()
    return kept


def closed_now(customer: Customer, **fields: Any) -> SendingHours:
    """Hours that begin an hour from now, each day; in a zone where that is not near midnight."""
    zone = f"Etc/GMT{clock.now().astimezone(UTC).hour - 12:+d}"
    opens = (clock.now() + timedelta(hours=1)).astimezone(ZoneInfo(zone))
    closes = opens + timedelta(minutes=30)
    return keep(customer, zone=zone, days=[[f"{opens:%H:%M}", f"{closes:%H:%M}"]] * 7, **fields)


@pytest.mark.parametrize(
    ("day", "at", "opens"),
    [
        ("2026-11-27", "07:59", "2026-11-27 08:00"),  # a Friday
        ("2026-11-27", "08:00", "2026-11-27 08:00"),
        ("2026-11-27", "20:59", "2026-11-27 20:59"),
        ("2026-11-27", "21:00", "2026-11-28 10:00"),
        ("2026-11-28", "16:00", "2026-11-30 08:00"),  # Sunday has none
        ("2026-12-23", "21:30", "2026-12-28 08:00"),  # nor have the holidays
    ],
)
def test_a_time_outside_the_hours_waits_for_the_next_that_is_within(day, at, opens):
    helsinki = ZoneInfo("Europe/Helsinki")
    found = hours(closed_dates=["2026-12-24", "2026-12-25", "2026-12-26"]).next_open(
        datetime.fromisoformat(f"{day} {at}").replace(tzinfo=helsinki)
    )

    assert found == datetime.fromisoformat(opens).replace(tzinfo=helsinki)


def test_hours_until_midnight_end_with_the_day():
    late = hours(days=[["20:00", "00:00"]] * 7, zone="UTC")

    assert late.next_open(FRIDAY - timedelta(minutes=1)) == FRIDAY - timedelta(minutes=1)
    assert late.next_open(FRIDAY) == FRIDAY + timedelta(hours=20)


def test_hours_that_a_change_of_clocks_skips_begin_later():
    skipped = hours(days=[["03:30", "05:00"]] * 7)  # 03:00 to 04:00 is not there on 2027-03-28

    found = skipped.next_open(datetime(2027, 3, 28, 0, 0, tzinfo=UTC))

    assert found
    assert found.astimezone(UTC) == datetime(2027, 3, 28, 1, 30, tzinfo=UTC)


def test_hours_that_never_come_are_none():
    assert hours(days=[None] * 7).next_open(FRIDAY) is None


@given(
    st.lists(
        st.none() | st.tuples(st.integers(0, 22), st.integers(1, 24)).filter(lambda pair: pair[0] < pair[1]),
        min_size=7,
        max_size=7,
    ),
    st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC)),
    st.sampled_from(["UTC", "Europe/Helsinki", "America/New_York", "Asia/Kathmandu"]),
)
def test_the_next_time_is_within_the_hours_and_none_before_it_is(days, moment, zone):
    kept = hours(
        zone=zone,
        days=[None if day is None else [f"{day[0]:02}:00", f"{day[1] % 24:02}:00"] for day in days],
    )

    def is_open(at: datetime) -> bool:
        local = at.astimezone(ZoneInfo(zone))
        day = days[local.weekday()]
        return day is not None and day[0] <= local.hour < day[1]

    found = kept.next_open(moment)

    if found is None:
        assert not any(days)
        return
    assert is_open(found)
    halves = int((found - moment) / timedelta(minutes=30))
    assert not any(is_open(moment + timedelta(minutes=30) * n) for n in range(halves))


def test_a_call_outside_the_hours_waits_and_leaves_as_they_begin(
    group, people, connected, mikko, kahvila, later
):
    closed_now(kahvila)
    campaign = make_scheduled(group, mikko)
    sending.send_now(campaign.pk)

    assert claimed(connected) is None
    campaign.refresh_from_db()
    assert campaign.is_waiting_for_hours
    assert not campaign.is_paused
    [call] = calls_of(campaign)
    assert call.due_at == campaign.waits_until

    later(3600 + 60)
    assert MAIJA in numbers(claimed(connected))


def test_a_service_message_does_not_wait_unless_the_hours_are_for_all(
    group, people, connected, mikko, kahvila
):
    kept = closed_now(kahvila)
    campaign = make_campaign(group, mikko, ad_message=False)
    template = make_template(kahvila, category="MARKETING")

    assert sending_hours.kept_by(campaign) == {}
    assert sending_hours.kept_by(Campaign(customer=kahvila, channel="whatsapp", template=template)) == {
        "": kept
    }
    SendingHours.objects.update(covers_all=True)
    assert sending_hours.kept_by(campaign) == {"": kept}


def test_each_country_waits_for_its_own_hours_in_calls_of_its_own(
    group, people, connected, mikko, kahvila, later
):
    make_contact(group, phone="+393331234567", first_name="Lucia")
    closed_now(kahvila, country="IT")
    campaign = make_scheduled(group, mikko)
    sending.send_now(campaign.pk)

    first = claimed(connected)
    assert first
    assert "+393331234567" not in numbers(first)
    assert MAIJA in numbers(first)
    Operation.objects.filter(pk=first.pk).update(state="done")
    assert claimed(connected) is None

    later(3600 + 60)
    assert numbers(claimed(connected)) == ["+393331234567"]


def test_a_time_that_calls_name_is_judged_by_the_hours_of_that_time(group, people, connected, mikko, kahvila):
    send_at = clock.now() + timedelta(days=2)
    campaign = make_scheduled(group, mikko, send_at=send_at)
    Campaign.objects.filter(pk=campaign.pk).update(begins_at=clock.now(), carries_time=True)
    opens = (send_at + timedelta(hours=2)).astimezone(UTC)
    day = [f"{opens:%H:%M}", "00:00"]
    keep(kahvila, zone="UTC", days=[day if n == opens.weekday() else None for n in range(7)])

    sending.send_now(campaign.pk)

    assert claimed(connected) is None
    [call] = calls_of(campaign)
    assert call.payload["message"]["send_at"] == ""
    assert abs(call.due_at - opens) < timedelta(minutes=1)


def test_hours_of_two_countries_that_never_meet_stop_a_call_of_both(group, people, connected, mikko, kahvila):
    make_contact(group, phone="+393331234567", first_name="Lucia")
    campaign = make_scheduled(group, mikko)
    sending.send_now(campaign.pk)
    keep(kahvila, zone="UTC", days=[["08:00", "12:00"]] * 7)
    keep(kahvila, zone="UTC", days=[["13:00", "20:00"]] * 7, country="IT")

    assert claimed(connected) is None
    campaign.refresh_from_db()
    assert campaign.is_paused
    assert "no time" in campaign.pause_reason


def test_composing_says_when_people_get_what_is_outside_the_hours(group, people, connected, mikko, kahvila):
    closed_now(kahvila, country="FI")
    campaign = make_campaign(group, mikko)

    page = client_of(mikko).get(reverse("campaigns:edit", args=[campaign.pk])).content.decode()

    assert "Outside your sending hours" in page
    assert "Finland, 2 people" in page


def test_an_admin_sets_changes_and_removes_hours(aino, kahvila):
    client = client_of(aino)
    posted = {f"open_{n}": "on" for n in range(5)}
    posted |= {f"opens_{n}": "09:00" for n in range(7)} | {f"closes_{n}": "20:00" for n in range(7)}
    posted |= {"zone": "Europe/Rome", "closed_dates": "2026-12-26\n2026-12-25"}

    assert client.post(f"{URL}edit/?country=IT", posted).status_code == 302

    kept = SendingHours.objects.get(customer=kahvila, country="IT")
    assert kept.days == [["09:00", "20:00"]] * 5 + [None, None]
    assert kept.closed_dates == ["2026-12-25", "2026-12-26"]
    page = client.get(URL).content.decode()
    assert "Mon to Fri 09:00–20:00, Rome time" in page
    client.post(f"{URL}removal/", {"country": "IT"})
    assert not SendingHours.objects.exists()


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"open_0": ""}, "Open one day at least"),
        ({"closes_0": "08:00"}, "This is not after it begins"),
        ({"opens_0": ""}, "Say from when until when"),
        ({"closed_dates": "24.12."}, "is not a day"),
    ],
)
def test_hours_that_cannot_be_kept_are_refused_with_words(aino, kahvila, said, words):
    posted = {"open_0": "on", "opens_0": "09:00", "closes_0": "20:00", "zone": "Europe/Rome"} | said

    answer = client_of(aino).post(f"{URL}edit/", {name: each for name, each in posted.items() if each})

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not SendingHours.objects.exists()


def test_a_marketer_reaches_no_hours_and_an_unknown_country_is_no_page(aino, mikko, kahvila):
    assert client_of(mikko).get(URL).status_code == 403
    assert client_of(aino).get(f"{URL}edit/?country=XX").status_code == 404


def test_a_country_is_chosen_once(aino, kahvila):
    keep(kahvila, country="IT")
    client = client_of(aino)

    assert client.get(f"{URL}?country=FI")["Location"] == f"{URL}edit/?country=FI"
    assert client.get(f"{URL}?country=IT").status_code == 422


@pytest.mark.parametrize(
    ("category", "keeps"), [("Marketing", True), ("", True), ("UTILITY", False), ("Authentication", False)]
)
def test_a_template_of_no_known_category_keeps_the_hours_of_marketing(kahvila, category, keeps):
    template = make_template(kahvila, category=category)

    assert Campaign(customer=kahvila, channel="whatsapp", template=template).is_marketing is keeps


def test_who_is_outside_the_hours_is_left_out_where_that_was_chosen_and_told_so(
    group, people, connected, mikko, kahvila
):
    make_contact(group, phone="+393331234567", first_name="Anna")
    closed_now(kahvila, country="FI")
    campaign = make_scheduled(group, mikko, outside_hours="leave_out")
    sending.send_now(campaign.pk)

    assert [numbers(claimed(connected)) for _ in range(2)] in (
        [[], ["+393331234567"]],
        [["+393331234567"], []],
    )

    left_out = campaign.recipients.filter(reason="Outside the sending hours where they are", state="skipped")
    assert {each.phone for each in left_out} == {MAIJA, "+358400000002"}
    assert {call.state for call in calls_of(campaign)} == {"cancelled", "inflight"}


def test_hours_that_never_open_leave_out_too_and_stop_nothing(group, people, connected, mikko, kahvila):
    keep(kahvila, country="FI", days=[None] * 7)
    campaign = make_scheduled(group, mikko, outside_hours="leave_out")
    sending.send_now(campaign.pk)

    assert claimed(connected) is None

    campaign.refresh_from_db()
    assert not campaign.is_paused
    assert campaign.recipients.filter(state="skipped", reason__startswith="Outside").count() == 2


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"outside_hours": "leave_out"}, "Finland, 2 people: skipped"),
        ({}, "Finland, 2 people: no hour opens any more"),
    ],
)
def test_composing_says_who_is_left_out_and_when_no_hour_opens(
    group, people, connected, mikko, kahvila, fields, words
):
    keep(kahvila, country="FI", days=[None] * 7)
    campaign = make_campaign(group, mikko, **fields)

    page = client_of(mikko).get(reverse("campaigns:edit", args=[campaign.pk])).content.decode()

    assert words in " ".join(page.split())


def test_composing_says_for_each_place_whose_own_time_is_outside_the_hours(
    group, people, connected, mikko, kahvila
):
    make_contact(group, phone="+393331234567", first_name="Anna")
    keep(kahvila, zone="Europe/Rome", days=[["12:00", "13:00"]] * 7)
    night = (clock.now() + timedelta(days=2)).astimezone(ZoneInfo("Europe/Helsinki"))
    at_night = night.replace(hour=3, minute=0, second=0, microsecond=0)
    campaign = make_campaign(group, mikko, own_time=True, send_at=at_night, zone="Europe/Helsinki")

    page = " ".join(
        client_of(mikko).get(reverse("campaigns:edit", args=[campaign.pk])).content.decode().split()
    )

    assert "Helsinki, 3 people: messages wait until" in page
    assert "Rome, 1 person: messages wait until" in page
