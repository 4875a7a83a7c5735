"""What is received before a thread is taken. A body ends with an empty part; without one, nothing comes."""

import asyncio
import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from django.db import OperationalError
from django.urls import reverse

from smartdialog_admin.tests.asgi_calls import GONE, Call
from smartdialog_admin.web import request_buffering
from smartdialog_admin.web.early_answers import answer, header
from smartdialog_admin.web.limits import FILE, FORM, HOOK, limit_of
from smartdialog_admin.web.request_buffering import IN_MEMORY, OF_EACH, WholeBodies

UPLOAD = "/contacts/7/import/"
MB = 1024 * 1024


class Pages:
    """Reads all that it is given, and says how much it was."""

    def __init__(self) -> None:
        self.scopes: list[Any] = []
        self.read = b""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.scopes.append(scope)
        has_more = True
        while has_more:
            message = await receive()
            self.read += message["body"]
            has_more = message["more_body"]
        await answer(send, 200)


@pytest.fixture
def pages() -> Pages:
    return Pages()


@pytest.fixture
def no_time(monkeypatch) -> None:
    monkeypatch.setattr(
        request_buffering, "limit_of", lambda path: replace(limit_of(path), seconds=0, rate=math.inf)
    )


def whole(app: Any, *, files: bool = True) -> WholeBodies:
    """Who sends is named by the first part of their cookie."""

    async def sender_of(scope: Any) -> bytes | None:
        return header(scope, b"cookie").partition(b";")[0] if files else None

    return WholeBodies(app, sender_of=sender_of)


def sending(path: str, *parts: bytes, length: int | None = None, last: Any = None) -> Call:
    if length is None:
        return Call(path, [*parts, b""], {"transfer-encoding": "chunked"}, last)
    return Call(path, parts, {"content-length": str(length)}, last)


def file_of(person: str, *parts: bytes) -> Call:
    call = sending(UPLOAD, *parts, length=IN_MEMORY + 1)
    call.headers["cookie"] = f"session={person}"
    return call


@pytest.mark.parametrize(
    ("path", "limit"),
    [
        ("/hooks/inbound/x/", HOOK),
        (reverse("contacts:import", args=[7]), FILE),
        (reverse("opt_outs:import"), FILE),
        (UPLOAD + "x", FORM),
        ("/contacts/٣/import/", FORM),
        ("/", FORM),
        ("/live/", FORM),
    ],
)
def test_each_address_has_its_limit(path, limit):
    assert limit_of(path) == limit


def test_a_request_without_a_body_is_passed_on_as_it_is(pages):
    assert Call("/", [b""]).ask(whole(pages)).status == 200


@pytest.mark.parametrize("path", ["/", UPLOAD, "/hooks/inbound/x/"])
@pytest.mark.parametrize("length", [7, None])
def test_a_body_is_passed_on_whole(path, length, pages):
    assert sending(path, b"one ", b"two", b"", length=length).ask(whole(pages)).status == 200

    assert pages.read == b"one two"


def test_a_body_in_chunks_is_passed_on_with_the_length_it_had(pages):
    """Else nothing of it would be read: a proxy may pass a form on in chunks."""
    sending("/", b"one ", b"two").ask(whole(pages))

    headers = pages.scopes[0]["headers"]
    assert [each for each in headers if each[0].endswith((b"length", b"encoding"))] == [
        (b"content-length", b"7")
    ]


def test_a_file_in_chunks_is_taken_from_no_stranger(pages):
    refused = sending(UPLOAD, *[bytes(MB)] * 6).ask(whole(pages, files=False))

    assert (refused.status, pages.scopes) == (413, [])
    assert sending(UPLOAD, *[bytes(MB)] * 6).ask(whole(pages)).status == 200


def test_a_large_body_is_passed_on_byte_for_byte(pages):
    parts = [bytes([number]) * 100_000 for number in range(50)]

    sending("/", *parts).ask(whole(pages))

    assert pages.read == b"".join(parts)


@pytest.mark.parametrize("path", ["/", UPLOAD, "/hooks/inbound/x/"])
def test_nobody_is_asked_while_a_body_is_late(path, pages, no_time):
    late = sending(path, b"x", length=100).ask(whole(pages))

    assert (late.status, late.body.decode()) == (408, request_buffering.TOO_SLOW)
    assert (b"connection", b"close") in late.sent[0]["headers"]
    assert not pages.scopes


def test_who_sends_well_has_time_for_more_but_not_for_a_hook():
    assert FORM.deadline(2 * MB) == FORM.seconds + 128
    assert HOOK.deadline(HOOK.size) == HOOK.seconds


@pytest.mark.parametrize(("path", "limit"), [("/", FORM), ("/hooks/inbound/x/", HOOK)])
@pytest.mark.parametrize("says_so", [True, False])
def test_too_much_is_refused_in_words(path, limit, says_so, pages):
    parts = [bytes(MB)] * 6
    call = sending(path, *parts, length=6 * MB if says_so else None)

    refused = call.ask(whole(pages))

    assert refused.status == 413
    assert f"at most {limit.size // 1024:,} kB".encode() in refused.body
    assert not pages.scopes


def test_a_promise_that_is_broken_is_nobodys_request(pages):
    call = sending("/", b"half", length=8, last=GONE).ask(whole(pages))

    assert (call.sent, pages.scopes) == ([], [])


@pytest.mark.parametrize(("files", "length"), [(True, 900 * MB), (False, 6 * MB)])
def test_of_a_file_that_is_not_taken_the_form_sees_the_beginning(files, length, pages):
    call = sending(UPLOAD, *[bytes(MB)] * 6, length=length).ask(whole(pages, files=files))

    assert call.status == 200
    assert 0 < len(pages.read) <= MB
    assert pages.scopes[0]["body_cut"] == "size"
    assert header(pages.scopes[0], b"content-length") == str(length).encode()


def test_a_form_that_may_have_a_file_and_has_none_is_taken_from_anybody(pages):
    assert sending(UPLOAD, b"a=b", b"", length=3).ask(whole(pages, files=False)).status == 200
    assert "body_cut" not in pages.scopes[0]


def test_where_the_disk_has_no_room_the_form_says_so_and_others_are_told(pages, monkeypatch):
    async def full(body: Any, part: bytes, *, in_thread: bool) -> None:
        if in_thread:
            raise OSError("no room")
        body.write(part)

    monkeypatch.setattr(request_buffering, "_write", full)
    parts = [b"beginning", bytes(IN_MEMORY), b"rest"]

    assert sending(UPLOAD, *parts).ask(whole(pages)).status == 200
    assert (pages.read, pages.scopes[0]["body_cut"]) == (b"beginning", "no room")
    assert sending("/", *parts).ask(whole(pages)).status == 503


def arriving(app: Any, calls: Sequence[Call]) -> list[int]:
    """Their answers while all of them are on their way; 0 for none yet."""

    async def arrive() -> list[int]:
        waiting = [asyncio.create_task(each.asked(app)) for each in calls]
        await asyncio.sleep(0)
        statuses = [each.status for each in calls]
        for each in waiting:
            each.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
        return statuses

    return asyncio.run(arrive())


def test_so_many_files_arrive_at_once_and_so_many_of_one_person(pages):
    app = whole(pages)

    assert arriving(app, [file_of("aino") for _ in range(OF_EACH + 1)]) == [0] * OF_EACH + [503]
    assert file_of("aino", b"x" * (IN_MEMORY + 1), b"").ask(app).status == 200
    many = [file_of(str(person)) for person in range(request_buffering.FILES_AT_ONCE + 1)]
    assert arriving(app, many) == [0] * request_buffering.FILES_AT_ONCE + [503]


def test_one_more_cookie_is_no_further_seat(pages):
    many = [file_of(f"aino; more={number}") for number in range(OF_EACH + 1)]

    assert arriving(whole(pages), many) == [0] * OF_EACH + [503]


def test_strangers_take_no_seat_of_those_who_send_files(pages):
    many = [file_of(str(number)) for number in range(2 * request_buffering.FILES_AT_ONCE)]

    assert arriving(whole(pages, files=False), many) == [0] * len(many)


def test_a_file_that_comes_while_the_database_is_away_is_refused_in_words(pages):
    async def away(_scope: Any) -> None:
        raise OperationalError("the connection is lost")

    refused = file_of("aino").ask(WholeBodies(pages, sender_of=away))

    assert (refused.status, refused.body.decode()) == (503, request_buffering.AWAY)
    assert not pages.scopes
