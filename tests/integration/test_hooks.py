"""What SmartDialog, or whoever found its address, may send us, byte for byte through the real server."""

import gzip
import json
import socket

import pytest
from django.db import DatabaseError

from gateway.hook_urls import with_secret
from gateway.hooks import ingest, processing
from gateway.hooks.subscriptions import dlr_url, subscribe
from gateway.models import EventState, HookEvent, HookKind, HookSubscription, ServiceKind
from messaging.inbox.models import Message
from tests.factories import make_connection, make_service
from tests.integration.live_server import raw_chunked_post, raw_post, running_server, send_raw
from tests.people import client_of

pytestmark = pytest.mark.django_db(transaction=True)

LARGEST = 256 * 1024
GOOD = {"sender": "+358401111111", "recipient": "+358451234567", "content": "Hei", "messageId": "m-1"}
BODIES = {
    "NUL": (b'{"sender": "+358401111111", "content": "a\\u0000b"}', EventState.DONE),
    "raw NUL": (b'{"sender": "+358401111111", "content": "a\x00b"}', EventState.QUARANTINED),
    "lone surrogate": (b'{"sender": "+358401111111", "content": "\\ud800"}', EventState.DONE),
    "invalid UTF-8": (b'{"sender": "+358401111111", "content": "\xff\xfe"}', EventState.DONE),
    "100,000 [": (b"[" * 100_000, EventState.QUARANTINED),
    "5,000 digits": (b'{"sender": "+358401111111", "a": ' + b"1" * 5000 + b"}", EventState.QUARANTINED),
    "NaN": (b'{"sender": NaN, "content": NaN}', EventState.DONE),
    "duplicate keys": (b'{"sender": "+358401111111", "content": "a", "content": "b"}', EventState.DONE),
    "array": (json.dumps([GOOD]).encode(), EventState.QUARANTINED),
    "string": (b'"hello"', EventState.QUARANTINED),
    "attachments of no kind": (b'{"sender": "+358401111111", "attachments": 5}', EventState.DONE),
    "form-encoded": (b"sender=%2B358401111111&content=Hei", EventState.QUARANTINED),
    "nothing": (b"", EventState.QUARANTINED),
    "half of what was packed": (gzip.compress(json.dumps(GOOD).encode())[:-9], EventState.QUARANTINED),
    "UTF-16": (json.dumps(GOOD).encode("utf-16"), EventState.DONE),
    "just small enough": (json.dumps(GOOD).encode().ljust(LARGEST), EventState.DONE),
}
HEADERS = [
    ["Content-Type: application/json; charset=utf-16"],
    ["Content-Type: application/x-www-form-urlencoded"],
    ["Content-Type: multipart/form-data; boundary=x"],
    ["Content-Type: \xff\xfe"],
    ["Content-Encoding: gzip"],
    ["Cookie: session=x; csrftoken=y", "Origin: http://e.test"],
    [f"X-{number}: {number}" for number in range(1000)],
]


@pytest.fixture
def hook(mikko, kahvila) -> HookSubscription:
    make_connection(mikko)
    return subscribe(make_service(kahvila, kind=ServiceKind.TWO_WAY), by=mikko)


@pytest.fixture
def path(hook) -> str:
    return f"/hooks/inbound/{hook.secret}/"


@pytest.fixture
def port():
    with running_server() as port:
        yield port


def take_in() -> HookEvent:
    """The one event that is new, processed."""
    event = HookEvent.objects.get(state=EventState.NEW)
    processing.process_due()
    event.refresh_from_db()
    return event


@pytest.mark.parametrize("pack", [raw_post, raw_chunked_post])
def test_every_body_is_kept_and_read_or_set_aside_for_an_admin_to_see(port, path, aino, pack):
    admin = client_of(aino)
    for kind, (body, state) in BODIES.items():
        assert send_raw(port, pack(path, body)) == 200, kind

        event = take_in()
        assert (bytes(event.body), event.state) == (body, state), kind
        if state == EventState.QUARANTINED:
            reason = event.reason.split(":")[0]
            assert reason, kind
            assert reason in admin.get("/settings/services/").content.decode(), kind
        good = GOOD | {"messageId": kind}
        assert send_raw(port, raw_post(path, json.dumps(good).encode())) == 200
        assert take_in().state == EventState.DONE
        assert Message.objects.filter(remote_id=kind).count() == 1


def test_a_packed_body_is_kept_unpacked_and_read(port, path, hook):
    whole = json.dumps(GOOD).encode()
    assert send_raw(port, raw_post(path, gzip.compress(whole))) == 200

    event = take_in()

    assert (bytes(event.body), event.state) == (whole, EventState.DONE)


def test_what_the_headers_say_changes_nothing(port, path):
    body = json.dumps(GOOD).encode()
    for headers in HEADERS:
        assert send_raw(port, raw_post(path, body, *headers)) == 200, headers[0]
        assert bytes(take_in().body) == body, headers[0]


@pytest.mark.parametrize("pack", [raw_post, raw_chunked_post])
def test_too_large_a_body_is_refused_and_the_next_message_taken(port, path, pack):
    for size in (LARGEST + 1, 10_000_000):
        assert send_raw(port, pack(path, b"x" * size)) == 413
        assert not HookEvent.objects.exists()
    assert send_raw(port, raw_post(path, json.dumps(GOOD).encode())) == 200


def test_a_caller_who_goes_away_half_way_leaves_nothing(port, path):
    whole = raw_post(path, json.dumps(GOOD).encode())

    with socket.create_connection(("127.0.0.1", port)) as talk:
        talk.sendall(whole[:-10])

    assert send_raw(port, whole) == 200
    assert [bytes(event.body) for event in HookEvent.objects.all()] == [json.dumps(GOOD).encode()]


def test_a_wrong_method_is_told_so(port, path):
    for method in ("GET", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH", "TRACE"):
        assert send_raw(port, raw_post(path, b"{}").replace(b"POST", method.encode(), 1)) == 405, method
    assert not HookEvent.objects.exists()


def test_a_report_with_any_query_is_kept(port, kahvila):
    path = with_secret(dlr_url(kahvila)).removeprefix("http://127.0.0.1:8000").encode()

    for query in (
        b"%00=%00&%ff",
        b"a&b&=&&",
        b"x=" + b"y" * 30_000,
        b"",
        b"status[]=Delivered&status[]=Failed",
    ):
        assert send_raw(port, b"GET " + path + b"?" + query + b" HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n") == 200
        assert take_in().state in {EventState.PARKED, EventState.UNCLEAR}


def test_what_cannot_be_stored_is_answered_with_503_and_the_repeat_is_taken(port, path, monkeypatch):
    def full(*arguments: object) -> None:
        raise DatabaseError("database or disk is full")

    with monkeypatch.context() as broken:
        broken.setattr(ingest, "digest_of", full)
        assert send_raw(port, raw_post(path, b"{}")) == 503

    assert not HookEvent.objects.exists()
    assert send_raw(port, raw_post(path, b"{}")) == 200


def test_a_secret_that_is_nearly_right_is_as_wrong_as_any(port, hook):
    right = hook.secret
    guesses = (right[:-1], right + "x", right.swapcase(), right[:20] + "%2f" + right[20:], "%00", "%ed%a0%80")
    for guess in (*guesses, "x" * 5000, "nothing"):
        assert send_raw(port, raw_post(f"/hooks/inbound/{guess}/", b"{}")) == 404, guess
    assert not HookEvent.objects.exists()


def test_one_kinds_secret_is_of_no_use_for_the_other(port, hook, kahvila):
    reports = with_secret(dlr_url(kahvila)).split("/")[-2]

    assert send_raw(port, raw_post(f"/hooks/inbound/{reports}/", b"{}")) == 404
    assert (
        send_raw(port, f"GET /hooks/dlr/{hook.secret}/ HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode()) == 404
    )


def test_a_revoked_secret_is_refused_from_the_next_request_on(port, hook, path, aino):
    assert send_raw(port, raw_post(path, b"{}")) == 200

    client_of(aino).post(f"/settings/hooks/{hook.pk}/revocations/")

    assert send_raw(port, raw_post(path, b"{}")) == 404
    assert HookEvent.objects.count() == 1


def test_a_secret_is_looked_for_by_its_digest_alone(hook, django_assert_num_queries):
    for secret in (hook.secret, "wrong"):
        with django_assert_num_queries(1) as queries:
            ingest.store(secret, HookKind.INBOUND, body=b"{}")
        assert secret not in queries[0]["sql"]
