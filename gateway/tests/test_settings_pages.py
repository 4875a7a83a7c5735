import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext
from kombu.utils import functional

from accounts.models import AuditEvent
from gateway import clock
from gateway.models import (
    Call,
    ConnectionState,
    HookSubscription,
    Lane,
    Operation,
    OperationState,
    ServiceKind,
)
from gateway.outbox import operator_actions
from gateway.workers import health
from tests.factories import make_connection, make_operation, make_service
from tests.people import client_of

pytestmark = pytest.mark.django_db
PAGES = [
    "/settings/usage/",
    "/settings/operations/",
    "/settings/services/",
    "/settings/system/",
    "/settings/",
]


@pytest.mark.parametrize("page", [*PAGES, "/settings/audit/"])
def test_settings_are_for_admins(aino, mikko, vera, page):
    assert client_of(aino).get(page).status_code == 200
    assert client_of(mikko).get(page).status_code == 403
    assert client_of(vera).get(page).status_code == 403


def test_a_failed_operation_is_shown_with_its_words_and_retried(aino, connection, kahvila):
    operation = make_operation(
        connection,
        customer=kahvila,
        state=OperationState.FAILED,
        reason="refused",
        reason_params={"words": "<b>No</b>"},
    )
    browser = client_of(aino)

    assert b"refused it: &lt;b&gt;No&lt;/b&gt;" in browser.get("/settings/operations/").content
    browser.post(f"/settings/operations/{operation.pk}/retries/")

    operation.refresh_from_db()
    assert operation.state == OperationState.WAITING


def test_all_failed_of_a_kind_are_retried_and_uncertain_ones_are_left(aino, connection, kahvila):
    for state in (OperationState.FAILED, OperationState.FAILED, OperationState.UNKNOWN):
        make_operation(connection, customer=kahvila, state=state)

    client_of(aino).post("/settings/operations/retries/", {"kind": "directory.customers"})

    assert Operation.objects.filter(state=OperationState.WAITING).count() == 2
    assert AuditEvent.objects.get(verb="operations.retried").after == {
        "kind": "directory.customers",
        "count": 2,
    }


@pytest.mark.parametrize("failed", [2, 20])
def test_a_retry_of_all_takes_a_few_queries_however_many(
    failed, aino, connection, kahvila, django_assert_max_num_queries
):
    for _ in range(failed):
        make_operation(connection, customer=kahvila, state=OperationState.FAILED)

    with django_assert_max_num_queries(20):
        reached = Operation.objects.visible_to(aino)
        assert operator_actions.retry_failed(reached, kind="directory.customers", by=aino) == failed


def test_an_operation_of_another_customer_is_not_found(aino, otto, outsider_oy):
    theirs = make_operation(make_connection(otto), customer=outsider_oy, state=OperationState.FAILED)

    assert client_of(aino).post(f"/settings/operations/{theirs.pk}/retries/").status_code == 404


def test_receiving_is_started_for_a_two_way_service_and_stopped_again(aino, kahvila):
    make_connection(aino)
    service = make_service(kahvila, kind=ServiceKind.TWO_WAY)
    browser = client_of(aino)

    browser.post(f"/settings/services/{service.pk}/subscriptions/")
    hook = HookSubscription.objects.get()
    assert b"Being set up" in browser.get("/settings/services/").content
    browser.post(f"/settings/hooks/{hook.pk}/revocations/")

    assert (
        browser.post(f"/hooks/inbound/{hook.secret}/", b"{}", content_type="application/json").status_code
        == 404
    )


@pytest.mark.parametrize("page", PAGES)
def test_the_number_of_queries_does_not_grow_with_the_rows(aino, connection, kahvila, page):
    browser = client_of(aino)
    few = _fill_and_count(browser, connection, kahvila, page, rows=2)

    assert _fill_and_count(browser, connection, kahvila, page, rows=30) == few


def _fill_and_count(browser, connection, customer, page, rows):
    for _ in range(rows):
        operation = make_operation(connection, customer=customer, state=OperationState.FAILED)
        Call.objects.create(
            connection=connection,
            operation=operation,
            name="x",
            lane=Lane.BULK,
            reserved_at=clock.now(),
            held_until=clock.now(),
        )
        make_service(customer, kind=ServiceKind.TWO_WAY)
    with CaptureQueriesContext(database) as queries:
        assert browser.get(page).status_code == 200
    return len(queries)


@pytest.mark.parametrize("junk", ["x", "-1", "9" * 30, "1e9", "٣", "%00", "1;drop"])
def test_junk_in_the_address_is_no_error(aino, connection, junk):
    browser = client_of(aino)

    for page in ("/settings/usage/", "/settings/operations/", "/settings/audit/"):
        assert browser.get(page, {"before": junk, "show": junk, "actor": junk}).status_code == 200


def test_the_meter_says_what_waits_and_pausing_is_for_those_who_may_change(mikko, vera, connection):
    make_operation(connection, lane=Lane.BULK)
    browser = client_of(mikko)

    assert "1 waiting" in browser.get("/meter/").content.decode()
    browser.post("/meter/pausing/", {"pause": "1"})
    connection.refresh_from_db()
    assert connection.state == ConnectionState.PAUSED
    browser.post("/meter/pausing/")
    connection.refresh_from_db()
    assert connection.state == ConnectionState.ACTIVE
    assert client_of(vera).post("/meter/pausing/", {"pause": "1"}).status_code == 403


def test_the_meter_looks_again_when_its_panel_is_opened(mikko, connection):
    assert (
        'hx-trigger="every 30s, toggle from:closest details"'
        in client_of(mikko).get("/meter/").content.decode()
    )


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
def test_healthz_is_only_asked(client, method):
    assert client.generic(method, "/healthz").status_code == 405


@pytest.mark.parametrize("host", ["10.0.0.5:8000", "nobody.example", "_"])
def test_healthz_answers_a_balancer_that_knows_no_name_and_no_https(client, settings, host):
    settings.SECURE_SSL_REDIRECT = True

    answer = client.get("/healthz", headers={"host": host})

    assert answer.json()["parts"]["database"] is True
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert client.get("/healthz/", headers={"host": "127.0.0.1"}).status_code == 301


def test_a_broker_that_cannot_be_used_is_told_by_healthz_and_to_the_admin(client, aino, monkeypatch):
    health.record_heartbeat("worker")
    assert client.get("/healthz").json()["parts"]["broker"] is True

    monkeypatch.setenv("CELERY_BROKER_URL", "redis://127.0.0.1:1/0")  # Celery looks there first
    monkeypatch.setattr(functional, "sleep", pytest.fail)  # nobody waits for a second try
    answer = client.get("/healthz")

    assert answer.status_code == 503
    assert {name for name, works in answer.json()["parts"].items() if not works} == {"broker"}
    client.force_login(aino)
    assert "Cannot be used" in client.get("/settings/system/").content.decode()


def test_stop_receiving_asks_first(aino, connection, kahvila):
    service = make_service(kahvila, kind=ServiceKind.TWO_WAY)
    hook = HookSubscription.objects.create(
        customer=kahvila, service=service, kind="inbound", state="active", digest="a"
    )
    browser = client_of(aino)

    asked = browser.get(f"/settings/hooks/{hook.pk}/revocations/")

    hook.refresh_from_db()
    assert hook.state == "active"
    assert b"cannot be fetched later" in asked.content
