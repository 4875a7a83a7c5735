"""How long people wait: kept when somebody answers or is done, and counted as plain Python would."""

import csv
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from math import ceil
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from accounts.models import AuditEvent, Customer
from gateway import clock
from gateway.models import ServiceKind
from messaging.inbox.models import Measure, OfficeHours, ResponseTime, Thread
from messaging.inbox.replies import decisions, replying
from messaging.inbox.replies.replying import ReplyOptions
from messaging.inbox.reporting import response_report
from messaging.inbox.reporting.response_report import BY_THE_CLOCK, ReportQuery, Spread
from messaging.inbox.team import teamwork
from messaging.inbox.tests.conftest import answer, of, receive
from messaging.inbox.threads import conversations
from tests.factories import make_connection, make_service
from tests.people import client_of

pytestmark = pytest.mark.django_db

PAGE, FILE = "/inbox/response-times/", "/inbox/response-times/file/"
WEEK: list[Any] = [["08:00", "16:00"]] * 5 + [None, None]


def asks(hook, content: str = "Hei?", *, minutes_ago: int = 0) -> datetime:
    at = clock.now().replace(microsecond=0) - timedelta(minutes=minutes_ago)
    receive(hook, content=content, timestamp=at.isoformat())
    return at


def finish(thread: Thread, by) -> None:
    newest = conversations.newest_key(thread)
    teamwork.finish(Thread.objects.filter(pk=thread.pk), {thread.pk: newest}, customer=thread.customer, by=by)


def kept(measure: Measure = Measure.FIRST_RESPONSE) -> list[int]:
    """In minutes."""
    found = ResponseTime.objects.filter(measure=measure).order_by("pk")
    return [seconds // 60 for seconds in found.values_list("seconds", flat=True)]


def waited(customer: Customer, seconds: int, **fields: Any) -> ResponseTime:
    usual = {
        "customer": customer,
        "measure": Measure.FIRST_RESPONSE,
        "ended_at": clock.now(),
        "week": response_report.monday_of(clock.now(), response_report.zone_of(None)),
        "seconds": seconds,
        "office_seconds": seconds,
    }
    if not {"service", "service_id"} & set(fields):
        fields["service"] = make_service(customer, kind=ServiceKind.TWO_WAY)
    return ResponseTime.objects.create(**usual | fields)


@pytest.fixture
def asked(hook, answering) -> Thread:
    """Anna asked half an hour ago, and again ten minutes later."""
    asks(hook, minutes_ago=30)
    asks(hook, "Huhuu?", minutes_ago=20)
    return Thread.objects.get()


def test_the_first_answer_ends_the_wait_that_their_first_unanswered_message_began(asked, mikko):
    answer(asked, mikko)
    answer(asked, mikko, "Ja lauantaisin 10.")

    assert kept() == [30]
    only = ResponseTime.objects.get()
    assert (only.user, only.service, only.customer) == (mikko, asked.service, asked.customer)
    assert only.answer == asked.messages.get(content="Kello 9.")


def test_who_asks_anew_waits_anew(hook, asked, mikko):
    answer(asked, mikko)
    asks(hook, "Entä pyhinä?")
    answer(asked, mikko, "Suljettu.")

    assert kept() == [30, 0]


def test_an_automatic_answer_ends_no_wait(asked, mikko):
    replying.reply(asked, "Vastaamme pian.", key=uuid4(), by=mikko, options=replying.BY_ITSELF)
    assert kept() == []

    answer(asked, mikko)
    assert kept() == [30]


def test_the_same_answer_twice_is_one(asked, mikko):
    key = uuid4()
    for _ in range(2):
        replying.reply(asked, "Kello 9.", key=key, by=mikko)

    assert kept() == [30]


def test_an_answer_that_was_cancelled_answered_nobody(asked, mikko):
    cancelled = answer(asked, mikko)
    assert decisions.cancel(cancelled, by=mikko)
    assert kept() == []

    answer(asked, mikko, "Kymmeneltä.")
    assert kept() == [30]


def test_an_answer_for_later_counts_by_when_it_leaves(asked, mikko):
    later = clock.now() + timedelta(hours=2)
    replying.reply(asked, "Kello 9.", key=uuid4(), by=mikko, options=ReplyOptions(send_at=later))

    assert kept() == [150]


def test_who_writes_to_somebody_who_waits_for_nothing_is_not_measured(hook, asked, mikko):
    answer(asked, mikko)
    asks(hook, "STOP")
    asks(hook, "START")
    asked.refresh_from_db()
    answer(asked, mikko, "Tervetuloa takaisin.")

    assert kept() == [30]


def test_handling_lasts_until_it_is_done_whatever_was_said_between(hook, asked, mikko, aino):
    answer(asked, mikko)
    asks(hook, "Kiitos")
    finish(asked, aino)
    finish(asked, aino)

    assert kept(Measure.HANDLING) == [30]
    assert ResponseTime.objects.get(measure=Measure.HANDLING).user == aino


def test_what_is_done_without_an_answer_has_no_first_response(hook, asked, mikko):
    finish(asked, mikko)
    answer(asked, mikko, "Vielä yksi asia.")

    assert kept() == []
    asks(hook, "Niin?")
    finish(asked, mikko)
    assert kept(Measure.HANDLING) == [30, 0]


def test_what_comes_back_from_a_snooze_waits_since_they_wrote(asked, mikko, later):
    newest = conversations.newest_key(asked)
    teamwork.snooze(asked, until=clock.now() + timedelta(minutes=5), seen=newest, by=mikko)
    later(600)
    teamwork.wake_snoozed()
    answer(asked, mikko)
    assert kept() == [40]

    newest = conversations.newest_key(asked)
    teamwork.snooze(asked, until=clock.now() + timedelta(minutes=5), seen=newest, by=mikko)
    later(1500)
    teamwork.wake_snoozed()
    answer(asked, mikko, "Muistutan vain.")
    assert kept() == [40], "nobody had asked"


def test_a_clock_that_is_ahead_of_ours_makes_no_wait_less_than_none(hook, answering, mikko):
    asks(hook, minutes_ago=-5)

    answer(Thread.objects.get(), mikko)

    assert kept() == [0]


def test_nights_and_closed_days_do_not_count_where_office_hours_are_set(hook, asked, mikko):
    OfficeHours.objects.create(customer=asked.customer, zone="UTC", days=[None] * 7)

    answer(asked, mikko)

    only = ResponseTime.objects.get()
    assert (only.seconds // 60, only.office_seconds) == (30, 0)


def test_erased_conversations_leave_their_times_and_nothing_of_the_person(asked, mikko):
    answer(asked, mikko)

    asked.delete()

    only = ResponseTime.objects.get()
    assert (only.answer, kept()) == (None, [30])


@pytest.mark.parametrize(
    ("seconds", "read"),
    [(0, 0), (59, 59), (61, 60), (3661, 3660), (35_999, 35_940), (36_001, 36_000), (90_061, 90_000)],
)
def test_times_are_kept_as_people_read_them(hook, answering, mikko, seconds, read):
    asks(hook)
    thread = Thread.objects.get()
    at = thread.asked_at + timedelta(seconds=seconds)

    replying.reply(thread, "Kello 9.", key=uuid4(), by=mikko, options=ReplyOptions(send_at=at))

    assert ResponseTime.objects.get().seconds == read


# Hours


@given(
    st.lists(
        st.none() | st.tuples(st.integers(0, 22), st.integers(1, 24)).filter(lambda pair: pair[0] < pair[1]),
        min_size=7,
        max_size=7,
    ),
    st.datetimes(datetime(2026, 3, 1), datetime(2026, 11, 30), timezones=st.just(UTC)),
    st.integers(0, 10 * 24),
    st.sampled_from(["UTC", "Europe/Helsinki", "America/New_York"]),
)
def test_seconds_within_hours_are_those_that_a_count_of_each_hour_gives(days, since, length, zone):
    since = since.replace(minute=0, second=0, microsecond=0)
    kept = OfficeHours(
        zone=zone,
        days=[None if day is None else [f"{day[0]:02}:00", f"{day[1] % 24:02}:00"] for day in days],
    )
    each = [since + timedelta(hours=number) for number in range(length)]

    assert kept.seconds_within(since, since + timedelta(hours=length)) == 3600 * sum(
        _is_open(kept, at) for at in each
    )


def _is_open(hours: OfficeHours, at: datetime) -> bool:
    return hours.next_open(at) == at


def test_hours_within_a_part_of_a_day_are_counted_to_the_second():
    hours = OfficeHours(zone="UTC", days=WEEK)
    friday = datetime(2026, 11, 27, 15, 59, 30, tzinfo=UTC)

    assert hours.seconds_within(friday, friday + timedelta(days=2, hours=16, seconds=45)) == 45
    assert hours.seconds_within(friday, friday - timedelta(hours=1)) == 0


# The report


class SpreadsAreThoseOfPlainPython(TestCase):
    @given(
        st.lists(
            st.tuples(st.sampled_from(Measure), st.integers(0, 2), st.integers(0, 2), st.integers(0, 90_000)),
            max_size=40,
        ),
        st.sampled_from(["week", "service", "user"]),
    )
    def test_of_each_week_service_and_person(self, waits, by):
        customer = Customer.objects.create(remote_id="c", name="Kahvila")
        services = [make_service(customer, kind=ServiceKind.TWO_WAY, name=f"s{n}") for n in range(3)]
        monday = response_report.monday_of(clock.now(), response_report.zone_of(None))
        weeks = [monday - timedelta(weeks=n) for n in range(3)]
        for measure, week, service, seconds in waits:
            waited(customer, seconds, measure=measure, week=weeks[week], service=services[service], user=None)

        found = response_report.report(customer, ReportQuery(by=by), None)

        names = {
            "week": lambda each: f"{weeks[each[1]].day} {weeks[each[1]]:%b %Y}",
            "service": lambda each: f"s{each[2]}",
            "user": lambda each: response_report.LEFT,
        }
        by_name: dict[str, dict[str, list[int]]] = {}
        for each in waits:
            by_name.setdefault(names[by](each), {}).setdefault(each[0], []).append(each[3])
        lines = {line.label: (line.response, line.handling) for line in found.lines}
        assert lines == {
            name: tuple(plain_spread(of_measure.get(measure, [])) for measure in Measure)
            for name, of_measure in by_name.items()
        }
        everything = [plain_spread([each[3] for each in waits if each[0] == measure]) for measure in Measure]
        assert [found.total.response, found.total.handling] == everything


def plain_spread(lengths: list[int]) -> Spread | None:
    ranked, number = sorted(lengths), len(lengths)
    if not ranked:
        return None
    return Spread(number, ranked[ceil(number * 5 / 10) - 1], ranked[ceil(number * 9 / 10) - 1])


def lines(person, **query: Any) -> dict[str, Spread | None]:
    return {each.label: each.response for each in client_of(person).get(PAGE, query).context["report"].lines}


def test_the_page_shows_whose_times_it_is_asked_for(kahvila, mikko, aino):
    two = [make_service(kahvila, kind=ServiceKind.TWO_WAY, name=name) for name in ("Neuvonta", "Varaukset")]
    waited(kahvila, 60, user=mikko, service=two[0])
    waited(kahvila, 600, user=aino, service=two[1])

    assert lines(mikko, by="user") == {"Aino": Spread(1, 600, 600), "Mikko": Spread(1, 60, 60)}
    assert lines(mikko, by="service", user=aino.pk) == {"Varaukset": Spread(1, 600, 600)}
    assert lines(mikko, by="user", service=two[0].pk) == {"Mikko": Spread(1, 60, 60)}


def test_only_the_weeks_asked_for_count_and_the_newest_is_first(kahvila, mikko):
    monday = response_report.monday_of(clock.now(), response_report.zone_of(None))
    for weeks in (0, 3, 4, 60):
        waited(kahvila, 60, week=monday - timedelta(weeks=weeks))

    assert len(lines(mikko, weeks=4)) == 2
    newest, *_ = lines(mikko)
    assert newest == f"{monday.day} {monday:%b %Y}"
    assert len(lines(mikko, weeks=52)) == 3


def test_what_counts_is_said_and_can_be_chosen_where_office_hours_are_set(kahvila, mikko):
    waited(kahvila, 7200, office_seconds=60)
    assert "No office hours are set" in client_of(mikko).get(PAGE).content.decode()
    OfficeHours.objects.create(customer=kahvila, zone="Europe/Helsinki", days=WEEK)

    in_hours = client_of(mikko).get(PAGE, {"by": "service"})
    around = client_of(mikko).get(PAGE, {"by": "service", "count": BY_THE_CLOCK})

    assert "Only office hours count (Mon to Fri 08:00–16:00)" in in_hours.content.decode()
    assert [each.context["report"].total.response.half for each in (in_hours, around)] == [60, 7200]


def test_nobody_sees_another_customers_times(kahvila, mikko, otto, vera):
    waited(kahvila, 60, user=mikko, service=make_service(kahvila, kind=ServiceKind.TWO_WAY, name="Neuvonta"))

    theirs = client_of(otto).get(PAGE, {"by": "service"}).content.decode()

    assert not any(name in theirs for name in ["Neuvonta", "Mikko"])
    assert "No times yet" in theirs
    assert list(lines(vera, by="service")) == ["Neuvonta"]
    assert client_of(vera).post(FILE).status_code == 403


def test_many_times_take_as_many_queries_as_few(kahvila, mikko):
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            client_of(mikko).get(PAGE, {"by": "service"})
        return len(asked)

    waited(kahvila, 60)
    few = queries()
    for number in range(6):
        waited(kahvila, number, service=make_service(kahvila, kind=ServiceKind.TWO_WAY, name=f"s{number}"))
    assert queries() == few


def test_the_file_has_a_row_for_each_week_service_and_person(kahvila, mikko, aino):
    service = make_service(kahvila, kind=ServiceKind.TWO_WAY, name="Neuvonta")
    for seconds in (60, 120, 180):
        waited(kahvila, seconds, user=mikko, service=service)
    waited(kahvila, 600, user=aino, service=service, measure=Measure.HANDLING)

    answered = client_of(mikko).post(f"{FILE}?weeks=4")
    text = b"".join(answered.streaming_content).decode().removeprefix("\ufeff")

    header, *rows = csv.reader(StringIO(text), delimiter=";")
    assert header[:4] == ["Week of", "Service", "Person", "First responses"]
    week = date.fromisoformat(rows[0][0])
    assert week.weekday() == 0
    assert sorted(row[1:] for row in rows) == [
        ["Neuvonta", "Aino", "0", "", "", "1", "600", "600"],
        ["Neuvonta", "Mikko", "3", "120", "180", "0", "", ""],
    ]
    assert AuditEvent.objects.get(verb="response_times.exported").after == {"weeks": 4}


def test_junk_in_the_address_is_as_if_it_were_not_there(kahvila, mikko):
    waited(kahvila, 60)
    usual = lines(mikko)

    for junk in ["'", "\0", "-1", "a" * 3000]:
        assert lines(mikko, by=junk, weeks=junk, service=junk, user=junk, count=junk) == usual


def test_it_is_found_from_the_inbox(thread, mikko):
    assert PAGE in client_of(mikko).get(of(thread)).content.decode()


def test_two_who_answer_at_once_end_one_wait(asked, mikko, aino):
    make_connection(aino)
    stale = Thread.objects.get(pk=asked.pk)
    answer(asked, mikko)
    answer(stale, aino, "Yhdeksältä.")

    assert kept() == [30]
