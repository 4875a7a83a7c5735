"""That the benchmarks measure what they say; never how fast it was."""

import json

import pytest
from django.db import connection as database

from contacts.models import Contact
from gateway.models import Call, HookEvent, Operation
from messaging.campaigns.models import Recipient
from messaging.inbox.models import Message, Thread
from messaging.inbox.search.results import search
from messaging.inbox.team.desk import Desk
from tests.bench import (
    bulk_bench,
    check_bench,
    import_bench,
    inbox_bench,
    inbox_rows,
    plan_bench,
    push_bench,
    reports_bench,
    slot_reservation,
    table_bench,
)
from tests.bench.__main__ import available
from tests.bench.result import Result
from tests.faults.rate_limit import LIMIT, Arrival, fullest_window, limit_utilisation

KEYS = ["bench", "case", "value", "unit", "floor", "ratio", "goal", "ok"]


@pytest.mark.serial
@pytest.mark.django_db(transaction=True)
def test_the_import_benchmark_saves_every_row_once_and_measures_floors(monkeypatch):
    monkeypatch.setattr(import_bench, "QUICK_ROWS", 200)
    monkeypatch.setattr(import_bench, "QUICK_PEER_ROWS", 30)

    bare, memory, again, peer, in_bulk = import_bench.run(quick=True)

    assert bare.ratio == pytest.approx(bare.floor / bare.value)
    for each in (peer, in_bulk):
        assert each.ratio == pytest.approx(each.value / each.floor)
    assert memory.value > 20
    assert again.ratio == pytest.approx(again.value / again.floor)
    assert not Contact.objects.exists(), "the benchmark left rows behind"


@pytest.mark.serial
@pytest.mark.django_db(transaction=True)
def test_the_push_benchmark_kills_its_worker_twice_and_imports_every_row():
    importing, memory = push_bench.run(quick=True)

    assert importing.case == "30,000 rows, two kills"
    assert memory.value > 20
    assert not Contact.objects.exists(), "the benchmark left rows behind"


@pytest.mark.django_db(transaction=True)  # PostgreSQL cleans no table inside one
def test_the_bulk_benchmark_deletes_whom_it_says_and_measures_a_floor(monkeypatch):
    monkeypatch.setattr(bulk_bench, "QUICK_PEOPLE", 300)  # more than the few whose calls go at once

    results = list(bulk_bench.run(quick=True))

    assert [result.case for result in results] == [
        "answer to deleting 30 by filter",
        "30 marked by filter",
        "answer to deleting all 270",
        "all 270 deleted",
    ]
    assert not Contact.objects.exists(), "the benchmark left rows behind"


def test_a_result_is_one_json_object_with_the_keys_that_others_rely_on():
    result = Result(bench="import", case="new", value=5.0, unit="rows/s", floor=10.0, ratio=0.5, goal="1/4")

    assert list(json.loads(result.json())) == KEYS


def test_every_benchmark_is_found():
    assert "import" in available()


def arrivals(*seconds: float) -> list[Arrival]:
    return [Arrival("one", "GetUserCustomers", each, "", 200) for each in seconds]


def test_the_fullest_window_is_found_wherever_it_begins_and_for_each_connection_apart():
    calls = [*arrivals(0, 50, 59, 60, 109), Arrival("other", "GetUserCustomers", 59, "", 200)]

    assert fullest_window(calls) == 4, "50, 59, 60 and 109, but not 0 and 60"
    assert fullest_window(calls, seconds=5) == 2


def test_the_budget_is_counted_from_the_moment_that_is_named_to_the_other():
    calls = arrivals(*range(300))

    assert limit_utilisation(calls, since=60, seconds=120) == [120 / (2 * LIMIT)]


@pytest.mark.django_db(transaction=True)
def test_the_limiter_benchmark_fills_the_ledger_and_leaves_nothing(monkeypatch):
    monkeypatch.setattr(slot_reservation, "_old_calls", lambda quick: 2_000)
    monkeypatch.setattr(slot_reservation, "RESERVATIONS", 5)
    indexes = indexes_of_calls()

    result = slot_reservation.reservation(quick=True)

    assert result.ratio == pytest.approx(result.value / result.floor)
    assert not Call.objects.exists(), "the benchmark left rows behind"
    assert indexes_of_calls() == indexes


def indexes_of_calls() -> set[str]:
    with database.cursor() as cursor:
        return set(database.introspection.get_constraints(cursor, Call._meta.db_table))


@pytest.mark.django_db
def test_the_table_benchmark_asks_for_the_rows_it_says_and_leaves_nothing(monkeypatch):
    monkeypatch.setattr(table_bench, "QUICK", 2_200)
    monkeypatch.setattr(table_bench, "QUICK_TURNS", 2)  # the first is left out

    results = list(table_bench.run(quick=True))

    assert [one.case for one in results[:3:2]] == ["page 1", "page 22"]
    assert all(one.value > 0 for one in results)
    assert not Contact.objects.exists(), "the benchmark left rows behind"


@pytest.mark.serial
@pytest.mark.django_db(transaction=True)
def test_the_plan_benchmark_puts_everybody_into_calls_and_leaves_nothing(monkeypatch):
    monkeypatch.setattr(plan_bench, "QUICK_PEOPLE", 1_100)

    parts, sms, memory, alike, _, own, _ = plan_bench.run(quick=True)

    assert (parts.unit, memory.unit) == ("per s", "MB")
    for each in (sms, alike, own):
        assert each.ratio == pytest.approx(each.value / each.floor)
    assert not any(model.objects.exists() for model in (Contact, Operation, Recipient)), "rows were left"


@pytest.mark.serial
@pytest.mark.django_db(transaction=True)
def test_the_check_benchmark_looks_at_audiences_of_two_sizes_and_leaves_nothing(monkeypatch):
    monkeypatch.setattr(check_bench, "QUICK_PEOPLE", 6_000)
    monkeypatch.setattr(check_bench, "TURNS", 1)

    *looks, counted = check_bench.run(quick=True)

    assert len(looks) == 10
    assert all(each.ratio == pytest.approx(each.value / each.floor) for each in looks)
    assert counted.unit == "s"
    assert not any(model.objects.exists() for model in (Contact, Recipient)), "rows were left"


@pytest.mark.django_db(transaction=True)
def test_the_reports_benchmark_takes_each_report_in_once_and_leaves_nothing(monkeypatch):
    monkeypatch.setattr(reports_bench, "QUICK_REPORTS", 1_500)

    [taken] = reports_bench.run(quick=True)

    assert taken.ratio == pytest.approx(taken.floor / taken.value)
    assert not any(model.objects.exists() for model in (HookEvent, Recipient)), "rows were left"


@pytest.mark.django_db(transaction=True)
def test_the_inbox_benchmark_shows_the_rows_it_says_and_leaves_nothing(monkeypatch, settings):
    settings.ROOT_URLCONF = "tests.bench.baseline_inbox"
    monkeypatch.setattr(inbox_bench, "TURNS", 1)

    with inbox_rows.large_inbox(400) as (customer, people):
        results = [*inbox_bench.pages(people[0], customer), *inbox_bench.searches(customer)]
        found = {text: len(search(Desk(customer), text).hits) for text in inbox_bench.SEARCHES.values()}

    assert all(result.value > 0 for result in results)
    to_anybody = [result.case for result in results if result.case.endswith("bare page of anybody")]
    assert len(to_anybody) == len([result for result in results if result.floor]) / 2
    assert found["zorbium"] == inbox_rows.RARE_ROWS + 1
    assert (found["kiitos"], found["olematonta"]) == (30, 0)
    assert not any(model.objects.exists() for model in (Contact, Message, Thread)), "rows were left"
