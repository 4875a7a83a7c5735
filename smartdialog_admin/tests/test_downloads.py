import asyncio
import inspect
import re
from typing import Any

import pytest
from django.conf import settings
from django.urls import reverse

from smartdialog_admin.tests.asgi_calls import Call
from smartdialog_admin.web.downloads import AT_ONCE, OF_EACH, Downloads
from tests.access.addresses import addresses

EXPORT = reverse("contacts:export", args=[7])
MAKES_A_FILE = re.compile(r"\b(?:download|fetch)\(")
FILES = [
    address.path(dict.fromkeys(address.parameters, 7))
    for address in addresses()
    if MAKES_A_FILE.search(inspect.getsource(inspect.unwrap(address.view)))
]


async def endless(_scope: Any, _receive: Any, _send: Any) -> None:
    await asyncio.Event().wait()


def statuses(*calls: Call) -> list[int]:
    """Of those that were answered at once; 0 of those under way."""

    async def ask() -> list[int]:
        app = Downloads(endless)
        tasks = [asyncio.create_task(call.asked(app)) for call in calls]
        await asyncio.sleep(0)
        answered = [call.status for call in calls]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        return answered

    return asyncio.run(ask())


def of(person: str, path: str = EXPORT, beside: str = "") -> Call:
    return Call(path, headers={"cookie": f"{settings.SESSION_COOKIE_NAME}={person}{beside}"})


@pytest.mark.parametrize("path", FILES)
def test_a_person_downloads_so_many_files_at_once_and_another_person_theirs(path):
    calls = [*(of("aino", path) for _ in range(OF_EACH + 1)), of("mikko", path)]

    assert statuses(*calls) == [*[0] * OF_EACH, 429, 0]


def test_all_that_make_files_are_found():
    assert {EXPORT, reverse("inbox:attachment", args=[7, 7]), reverse("campaigns:export", args=[7])} < set(
        FILES
    )


def test_a_person_is_one_whatever_other_cookies_they_send():
    calls = [of("aino", beside=f"; a={number}") for number in range(OF_EACH + 1)]

    assert statuses(*calls)[-1] == 429


def test_so_many_files_are_made_at_once():
    assert statuses(*(of(f"person {number}") for number in range(AT_ONCE + 1)))[-1] == 429


def test_pages_are_not_counted():
    assert statuses(*(of("aino", "/contacts/7/") for _ in range(AT_ONCE + 1))) == [0] * (AT_ONCE + 1)


def test_a_place_is_given_back():
    async def well(_scope: Any, _receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200})

    app = Downloads(well)

    assert {of("aino").ask(app).status for _ in range(OF_EACH + 1)} == {200}
