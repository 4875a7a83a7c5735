"""Which times of SmartDialog are believed, and of which zone those are that name none."""

from datetime import UTC, datetime, timedelta

import pytest

from gateway import clock
from gateway.hooks import processing, times
from gateway.hooks.events import MalformedEvent, read_report
from gateway.hooks.subscriptions import dlr_url
from gateway.hooks.times import read_time, zone_of
from gateway.models import EventState, HookEvent
from gateway.smartdialog import quirks

ARRIVED = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "0001-01-01T00:00:00Z",
        "0001-01-01T00:00:00+23:59",
        "1999-12-31T23:59:59Z",
        "9999-12-31T23:59:59-23:59",
        "2000-01-01T00:00:00+23:59",
        "soon",
        "2026-07-01T12:00:00Z" + " " * 100_000,
        "",
        None,
        5,
    ],
)
def test_a_time_that_cannot_be_is_none(text):
    assert read_time(text) is None


def test_of_what_is_no_time_nothing_is_remembered():
    before = times._written.cache_info().currsize
    for number in range(10):
        read_time(f"{number}" * 250_000)

    assert times._written.cache_info().currsize == before


def test_a_time_over_a_day_ahead_is_none_whatever_its_zone():
    assert read_time(f"{clock.now() + timedelta(hours=23):%Y-%m-%dT%H:%M:%SZ}")
    assert read_time(f"{clock.now() + timedelta(hours=25):%Y-%m-%dT%H:%M:%SZ}") is None
    assert read_time(f"{clock.now() + timedelta(hours=2):%Y-%m-%dT%H:%M:%S}-23:59") is None


def test_a_time_is_kept_in_utc_and_one_without_a_zone_is_of_the_customers():
    assert read_time("2026-07-01T12:00:00+23:59").utcoffset() == timedelta()
    assert read_time("2026-07-01T12:00:00", zone="Europe/Helsinki").hour == 9
    assert read_time("2026-07-01T12:00:00Z", zone="Europe/Helsinki").hour == 12


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("2026-07-01T15:00:05", "Europe/Helsinki"),
        ("2026-07-01T13:59:58", "Europe/Stockholm"),
        ("2026-07-01T13:00:00", "Europe/London"),
        ("2026-07-01T20:00:00", "Etc/GMT-8"),
        ("2026-07-01T12:00:00", ""),
        ("2026-07-01T14:30:00", ""),
        ("2026-07-01T09:00:00", ""),
        ("2026-07-01T15:00:00Z", ""),
        ("nothing", ""),
    ],
)
def test_a_time_whole_hours_ahead_of_its_arrival_is_local(text, zone, settings, monkeypatch):
    settings.TIME_ZONE = "Europe/Helsinki"
    monkeypatch.setattr(clock, "now", lambda: ARRIVED)

    assert zone_of(text, arrived=ARRIVED) == zone


@pytest.mark.django_db
def test_too_many_parameters_are_no_fault_of_ours():
    with pytest.raises(MalformedEvent, match="200"):
        read_report("&".join(f"a{number}=1" for number in range(300)))


@pytest.mark.django_db
@pytest.mark.parametrize("time", ["0001-01-01T00:00:00Z", "2026-01-01T00:00:00%2B23:59", "x" * 300])
def test_no_time_of_a_report_breaks_it(kahvila, time):
    dlr_url(kahvila)
    hook = kahvila.hook_subscriptions.get()
    many = "&".join(f"p{number}=" for number in range(300))
    for query, state in (
        (f"c=1&recipientId=r&status=Delivered&timestamp={time}", EventState.PARKED),
        (many, EventState.QUARANTINED),
    ):
        event = HookEvent.objects.create(subscription=hook, query=query)
        processing.process(event.pk)
        event.refresh_from_db()
        assert event.state == state
    assert quirks.of(kahvila).zone == ""
