import gzip
import json
import zlib
from datetime import timedelta
from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.models import AuditEvent
from gateway import clock
from gateway.hook_urls import with_secret
from gateway.hooks import processing
from gateway.hooks.bodies import LARGEST_UNPACKED
from gateway.hooks.events import DeliveryStatus, MalformedEvent, read_inbound, read_query, read_report
from gateway.hooks.subscriptions import dlr_url, subscribe
from gateway.models import EventState, HookEvent, Operation, ServiceKind
from gateway.workers.retention import empty_events
from tests.factories import make_connection, make_service
from tests.people import client_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def hook(mikko, kahvila):
    make_connection(mikko)
    return subscribe(make_service(kahvila, kind=ServiceKind.TWO_WAY), by=mikko)


def test_a_service_is_subscribed_to_once_however_often_it_is_asked(hook, mikko):
    assert subscribe(hook.service, by=mikko) == hook
    assert Operation.objects.filter(kind="hooks.subscribe").count() == 1


def test_a_message_is_stored_byte_for_byte(hook, client):
    body = b'{"content": "\\u0000 \xff'

    response = client.post(f"/hooks/inbound/{hook.secret}/", body, content_type="application/json")

    assert response.status_code == 200
    assert bytes(HookEvent.objects.get().body) == body


@pytest.mark.parametrize("secret", ["wrong", "x" * 43, "%00"])
def test_a_wrong_secret_is_nothing_here(hook, client, secret):
    assert client.post(f"/hooks/inbound/{secret}/", b"{}", content_type="application/json").status_code == 404


def test_too_large_a_body_is_refused_and_a_get_is_no_message(hook, client):
    address = f"/hooks/inbound/{hook.secret}/"

    assert client.post(address, b"x" * (256 * 1024 + 1), content_type="application/json").status_code == 413
    assert client.get(address).status_code == 405
    assert not HookEvent.objects.exists()


def test_a_report_is_taken_by_get_and_a_head_changes_nothing(kahvila, client):
    address = with_secret(dlr_url(kahvila, c=5)).removeprefix("http://127.0.0.1:8000")

    assert client.head(address).status_code == 200
    assert not HookEvent.objects.exists()
    assert client.get(address + "&recipientId=r&status=Delivered").status_code == 200
    assert HookEvent.objects.get().query == "c=5&recipientId=r&status=Delivered"


def test_one_customer_has_one_address_for_reports(kahvila):
    assert dlr_url(kahvila) == dlr_url(kahvila)


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b'"x"', b"NaN", b"[" * 100_000, b'{"a": ' + b"1" * 5000 + b"}", b"\xff\xfe", b"a=1"],
)
def test_what_cannot_be_read_is_set_aside_with_its_reason(hook, body):
    event = HookEvent.objects.create(subscription=hook, body=body)

    processing.process(event.pk)

    event.refresh_from_db()
    assert event.state == EventState.QUARANTINED
    assert event.reason


@pytest.fixture
def dead_letter(hook) -> HookEvent:
    event = HookEvent.objects.create(subscription=hook, body=b"sender=%2B358401&content=Hei\0")
    processing.process(event.pk)
    return event


def test_what_nobody_could_read_is_shown_to_an_admin_and_kept_until_they_have_seen_it(dead_letter, aino):
    shown = client_of(aino).get("/settings/services/").content.decode()
    assert "sender=%2B358401&amp;content=Hei" in shown

    empty_events(clock.now() + timedelta(days=1))
    dead_letter.refresh_from_db()
    assert dead_letter.body

    client_of(aino).post(f"/settings/hooks/events/{dead_letter.pk}/settling/", {"action": "dismiss"})
    dead_letter.refresh_from_db()
    assert (dead_letter.state, dead_letter.said) == (EventState.DONE, "")
    empty_events(clock.now() + timedelta(days=1))
    dead_letter.refresh_from_db()
    assert not dead_letter.body


def test_what_nobody_could_read_is_read_again_when_an_admin_says_so(dead_letter, aino):
    readable = b'{"sender": "+358401", "content": "Hei"}'
    HookEvent.objects.update(body=readable)  # as if this version read what was sent

    for _ in range(2):
        client_of(aino).post(f"/settings/hooks/events/{dead_letter.pk}/settling/", {"action": "again"})
        processing.process_due()

    dead_letter.refresh_from_db()
    assert dead_letter.state == EventState.DONE
    assert AuditEvent.objects.filter(verb="hook.event_tried_again").count() == 1


def test_a_nul_and_half_a_surrogate_pair_are_readable():
    message = read_inbound(b'{"sender": "+358401", "content": "a\\u0000b\\ud800c", "messageId": 5}')

    assert message.content == "ab?c"
    assert message.message_id == "5"


@pytest.mark.parametrize("spell", [str.upper, str.lower, lambda name: name[0].upper() + name[1:]])
def test_a_message_is_read_by_names_in_any_letter_case(spell):
    attachment = {spell("name"): "a.pdf", spell("mimeType"): "application/pdf"}
    said = {"sender": "+358401", "content": "Hei", "messageId": "7", "threadId": "t"}
    body = {spell(name): value for name, value in (said | {"attachments": [attachment]}).items()}

    message = read_inbound(json.dumps(body).encode())

    assert [message.sender, message.content, message.message_id, message.thread_id] == [*said.values()]
    assert message.attachments == [{"name": "a.pdf", "mimeType": "application/pdf", "resourceLocation": ""}]


FILE = {"name": "a.pdf", "mimeType": "application/pdf", "resourceLocation": "https://example.fi/a.pdf"}


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        (FILE, [FILE]),
        (
            [FILE, "https://example.fi/b"],
            [FILE, {**dict.fromkeys(FILE, ""), "resourceLocation": "https://example.fi/b"}],
        ),
        ("https://example.fi/b", [{**dict.fromkeys(FILE, ""), "resourceLocation": "https://example.fi/b"}]),
        *((each, []) for each in (None, "", " ", {}, [], [None, 1, True, [], {}], 7, 1.5, True)),
    ],
)
def test_a_file_is_not_lost_for_the_form_that_it_is_named_in(said, kept):
    body = {"sender": "+358401234567", "recipient": "1", "content": "Kuva", "attachments": said}

    assert read_inbound(json.dumps(body).encode()).attachments == kept


@pytest.mark.parametrize(
    "body",
    [
        b'{"sender": "+358401", "sender": null}',
        b'{"sender": null, "sender": "+358401"}',
        b'{"Sender": "somebody", "sender": "+358401"}',
        b'{"sender": "+358401", "sender": "somebody"}',
    ],
)
def test_of_a_name_that_comes_twice_the_first_that_says_something_counts(body):
    assert read_inbound(body).sender == "+358401"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1", "cp1252", "utf-16"])
def test_a_message_is_read_in_the_encodings_that_are_met(encoding):
    body = '{"sender": "+358401", "content": "ääkköset"}'.encode(encoding)

    assert read_inbound(body).content == "ääkköset"


FORM = {
    "sender": "+358401",
    "recipient": "+358402",
    "content": "Äitiä & iskää = 1 +1\r\n😊",
    "messageId": "7",
}


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
@pytest.mark.parametrize("spell", [str, str.upper, lambda name: name[0].upper() + name[1:]])
def test_a_form_with_the_known_names_is_read(encoding, spell):
    said = {**FORM, "content": FORM["content"].replace("😊", "")}
    body = urlencode({spell(name): value.encode(encoding) for name, value in said.items()}).encode()

    message = read_inbound(body)

    assert [message.sender, message.recipient, message.content, message.message_id] == [*said.values()]


@pytest.mark.parametrize(
    "body",
    [
        urlencode({name: value for name, value in FORM.items() if name != "recipient"}),
        urlencode(FORM | {"attachments": "[{}]"}),
        urlencode(FORM | {"attachments[0].name": "a.pdf"}),
        urlencode(FORM) + "&and",
        urlencode(FORM) + "&x=1" * 250,
        f"Hei! {urlencode(FORM)}".replace("=", ":"),
        "<sender>+358401</sender><recipient>1</recipient><content>Hei</content>",
    ],
)
def test_what_says_more_or_less_than_a_message_is_no_form_of_one(body):
    with pytest.raises(MalformedEvent, match=r"not JSON|XML"):
        read_inbound(body.encode())


WAYS = {
    "gzip": gzip.compress,
    "zlib": zlib.compress,
    "raw": lambda body: zlib.compress(body, wbits=-zlib.MAX_WBITS),
}


@pytest.mark.parametrize(
    ("way", "told"),
    [("gzip", "gzip"), ("gzip", ""), ("zlib", "deflate"), ("zlib", ""), ("raw", "Deflate")],
)
@pytest.mark.parametrize("said", [json.dumps(FORM), urlencode(FORM), "x" * 300, ""])
def test_a_packed_body_is_kept_as_what_it_says(way, told, said, hook, client):
    """So that whoever looks for a person in it finds them."""
    packed = WAYS[way](said.encode())
    headers = {"Content-Encoding": told} if told else {}

    address = f"/hooks/inbound/{hook.secret}/"
    answer = client.post(address, packed, content_type="application/json", headers=headers)

    assert answer.status_code == 200
    assert bytes(HookEvent.objects.get().body) == said.encode()


@pytest.mark.parametrize(
    "body",
    [
        gzip.compress(b"0" * (LARGEST_UNPACKED + 1)),
        gzip.compress(bytes(range(256)) * 9)[:-4],
        gzip.compress(b"{}") + b"more",
        b"\x1f\x8b",
        b"x\x9cx",
        zlib.compress(b"{}" * 99)[:-1],
    ],
    ids=["a bomb", "cut off", "more after it", "its first bytes", "of zlib", "of zlib cut off"],
)
@pytest.mark.parametrize("told", ["", "gzip", "deflate", "br", "gzip, gzip"])
def test_what_cannot_be_unpacked_whole_is_kept_as_it_came_and_told(body, told, hook, client):
    address = f"/hooks/inbound/{hook.secret}/"
    client.post(address, body, content_type="application/json", headers={"Content-Encoding": told})
    processing.process_due()

    event = HookEvent.objects.get()
    assert (bytes(event.body), event.state) == (body, EventState.QUARANTINED)
    assert "is packed" in event.reason


def test_what_is_said_to_be_packed_and_is_not_is_read(hook, client):
    address = f"/hooks/inbound/{hook.secret}/"
    for told in ("gzip", "deflate"):
        client.post(
            address,
            json.dumps(FORM),
            content_type="application/json",
            headers={"Content-Encoding": told},
        )
    processing.process_due()

    assert {each.state for each in HookEvent.objects.all()} == {EventState.DONE}


def test_an_unreadable_body_never_raises_anything_else():
    with pytest.raises(MalformedEvent):
        read_inbound(b"{]")


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("status=Delivered", DeliveryStatus.DELIVERED),
        ("STATE=delivrd", DeliveryStatus.DELIVERED),
        ("status=Gone", DeliveryStatus.UNKNOWN),
        ("", DeliveryStatus.UNKNOWN),
    ],
)
def test_a_status_word_becomes_a_known_status_or_unknown(query, status):
    assert read_report(query).status == status


def test_an_event_that_nobody_takes_is_parked_for_later(kahvila):
    dlr_url(kahvila)
    event = HookEvent.objects.create(
        subscription=kahvila.hook_subscriptions.get(), query="recipientId=nobody&status=Delivered"
    )

    processing.process(event.pk)

    event.refresh_from_db()
    assert (event.state, event.attempts) == (EventState.PARKED, 1)


def test_the_names_of_a_reports_parameters_can_be_set(settings):
    query = "tila=Delivered&rid=r-1&status=Failed&virhe=7"
    settings.SMARTDIALOG_REPORT_NAMES = {
        "status": ("Tila",),
        "recipientId": ("rid",),
        "errorCode": ("virhe",),
    }

    report = read_report(query)

    assert (report.status, report.recipient_id, report.error_code) == (DeliveryStatus.DELIVERED, "r-1", "7")


@settings(deadline=None)
@given(st.text("ab=&+%4A3fäÄ\x00", max_size=40))
def test_a_query_is_read_as_the_standard_library_reads_it(query):
    pairs = parse_qsl(query, keep_blank_values=True)
    first = dict(reversed([(key.replace("\x00", ""), value.replace("\x00", "")) for key, value in pairs]))

    assert read_query(query) == first


def test_of_a_parameter_that_comes_twice_the_first_counts_and_all_are_kept():
    report = read_report("status=Delivered&status=Failed&status[]=x&address=&=y")

    assert report.status == DeliveryStatus.DELIVERED
    assert report.query == {"status": "Delivered", "status[]": "x", "address": "", "": "y"}


OURS = "c=5&b=1"
SAID = {"recipientId": "r 1", "status": "Delivered", "timestamp": "2026-11-25T10:00:00Z"}


@pytest.mark.parametrize(
    "query",
    [
        f"{OURS}&{urlencode(SAID)}",
        f"{OURS}?{urlencode(SAID)}",
        f"{OURS}&{urlencode(SAID)}".replace("&", "&amp;"),
        f"{OURS}?{urlencode(SAID)}".replace("&", "&amp;"),
    ],
)
def test_a_report_is_read_however_carelessly_it_was_added_to_our_address(query):
    report = read_report(query)

    assert (report.recipient_id, report.status, report.query["c"]) == ("r 1", DeliveryStatus.DELIVERED, "5")
    assert report.query["b"] == "1"
    assert not report.unclear


def test_a_question_mark_of_theirs_is_theirs():
    assert read_report("c=5&status=Delivered&recipientId=a?b=1").recipient_id == "a?b=1"


@pytest.mark.parametrize(
    "body", [urlencode(SAID), json.dumps(SAID), json.dumps(SAID | {"recipientId": "r 1"}), ""]
)
@pytest.mark.parametrize("slash", ["", "/"])
def test_a_report_that_is_posted_says_what_it_says_in_its_body(body, slash, kahvila, client):
    address = with_secret(dlr_url(kahvila)).removeprefix("http://127.0.0.1:8000").removesuffix("/") + slash
    query = OURS if body else f"{OURS}&{urlencode(SAID)}"

    assert client.post(f"{address}?{query}", body, content_type="text/plain").status_code == 200

    report = read_report(HookEvent.objects.get().query)
    assert (report.recipient_id, report.status, report.query["c"]) == ("r 1", DeliveryStatus.DELIVERED, "5")


@pytest.mark.parametrize("body", [b"[1]", b"<report/>", b"Delivered", b"[" * 100_000, b"\xff\x00"])
def test_a_posted_report_that_cannot_be_read_is_kept(body, kahvila, client):
    address = with_secret(dlr_url(kahvila, c=5)).removeprefix("http://127.0.0.1:8000")

    assert client.post(address, body, content_type="text/plain").status_code == 200
    processing.process_due()

    event = HookEvent.objects.get()
    assert (event.state, bytes(event.body), event.query) == (EventState.QUARANTINED, body, "c=5")


def test_an_address_is_ours_without_its_last_slash_too(hook, client):
    assert client.post(f"/hooks/inbound/{hook.secret}", b"{}", content_type="text/plain").status_code == 200
    assert HookEvent.objects.exists()
