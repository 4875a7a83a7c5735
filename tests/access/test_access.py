"""Every address, every role, every method: one table decides, and a new address must be in it."""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import pytest
from django.core.management import get_commands
from django.db import connection as database
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Role, User
from tests.access.access_table import (
    ACCESS_TABLE,
    CHANGED_BY_GET,
    COMMANDS,
    WITHOUT_CSRF,
    AccessLevel,
)
from tests.access.addresses import addresses
from tests.access.sample_rows import CANARY, MISSING_IDS
from tests.people import client_of, make_person

pytestmark = pytest.mark.django_db

ALL = addresses()
CHANGES = {"INSERT", "UPDATE", "DELETE"}
# The browser's own bookkeeping: who is signed in.
BOOKKEEPING = ("django_session", '"last_login"')
FRAGMENT = {"HX-Request": "true"}
TOKEN = "abcdefghijklmnopqrstuvwxyz012345"  # as long as the real ones
SHOWN = {200, 204, 302}
# What these say of a sign-in that was not begun, of health, of a link that leads nowhere, is an error.
SHOWN_AS_ERRORS = {"gateway:callback", "gateway:healthz", "links:link"}
# How a viewer's look and a viewer's post may be answered.
TO_A_VIEWER = {
    AccessLevel.VIEWER: (SHOWN, {405}),
    AccessLevel.MARKETER: (SHOWN | {405}, {403}),
    AccessLevel.WRITER: ({403}, {403, 405}),
    AccessLevel.ADMIN: ({403, 405}, {403, 405}),
}
OURS = ("accounts", "gateway", "contacts", "messaging", "smartdialog_admin")


def each(
    *roles: AccessLevel, but: Iterable[str] = (), names_a_row: bool | None = None
) -> pytest.MarkDecorator:
    """Once for each address of these roles."""
    chosen = [one for one in ALL if ACCESS_TABLE.get(one.name) in roles and one.name not in but]
    if names_a_row is not None:
        chosen = [one for one in chosen if bool(one.parameters) is names_a_row]
    return pytest.mark.parametrize("address", chosen, ids=lambda one: one.name)


SIGNED_IN = (
    AccessLevel.WAITING,
    AccessLevel.PERSON,
    AccessLevel.VIEWER,
    AccessLevel.MARKETER,
    AccessLevel.WRITER,
    AccessLevel.ADMIN,
)
APPROVED = SIGNED_IN[1:]


def test_every_address_is_declared_with_a_role_and_every_declared_one_exists():
    assert sorted(one.name for one in ALL) == sorted(ACCESS_TABLE)


def test_every_command_is_declared():
    assert {name for name, app in get_commands().items() if app.startswith(OURS)} == COMMANDS


@each(*SIGNED_IN)
def test_nobody_gets_in_without_signing_in(client, address):
    with written() as changes:
        answers = list(answers_of(client, address.path(MISSING_IDS)))

    assert {(response.status_code, goes_to(response)) for response in answers} == sent_to("/sign-in/")
    assert not changes


@each(*APPROVED)
def test_a_newcomer_waits_for_an_admin(address, nina):
    with written() as changes:
        answers = list(answers_of(client_of(nina), address.path(MISSING_IDS)))

    assert {(response.status_code, goes_to(response)) for response in answers} == sent_to("/waiting/")
    assert not changes


@each(*APPROVED, names_a_row=True)
def test_another_customers_row_is_answered_as_one_that_does_not_exist(address, world, aino):
    theirs, nothing = address.path(world.rows), address.path(MISSING_IDS)
    browser = client_of(aino)

    with written() as changes:
        answers = list(zip(answers_of(browser, theirs), answers_of(browser, nothing), strict=True))

    assert {response.status_code for response, _ in answers} | {405} == {404, 405}
    for response, unknown in answers:
        assert (response.status_code, response.content) == (unknown.status_code, unknown.content)
        assert CANARY.encode() not in response.content
    assert not changes


@each(*APPROVED, names_a_row=False)
def test_a_list_shows_nothing_of_another_customer(address, world, aino):
    for response in answers_of(client_of(aino), address.path({}), "get"):
        assert CANARY.encode() not in body_of(response)


@each(*TO_A_VIEWER)
def test_a_viewer_changes_nothing(address, world):
    path = address.path(world.rows)
    browser = client_of(make_person("Vera", Role.VIEWER, world.customer))

    with written() as changes:
        looked = {response.status_code for response in answers_of(browser, path, "get")}
        posted = {response.status_code for response in answers_of(browser, path, "post")}

    to_a_look, to_a_post = TO_A_VIEWER[ACCESS_TABLE[address.name]]
    assert looked <= to_a_look
    assert posted <= to_a_post
    assert not changes


@each(AccessLevel.ADMIN)
def test_a_marketer_is_no_admin(address, mikko):
    statuses = {response.status_code for response in answers_of(client_of(mikko), address.path(MISSING_IDS))}

    assert {403} <= statuses <= {403, 405}


@each(AccessLevel.MARKETER, AccessLevel.WRITER, AccessLevel.ADMIN)
def test_an_empty_form_of_somebody_who_is_not_connected_is_answered(address, world):
    browser = client_of(make_person("Liisa", Role.ADMIN, world.customer))

    for response in answers_of(browser, address.path(world.rows), "post"):
        assert response.status_code < 500


def test_who_has_to_be_connected_first_is_led_to_it(aino):
    browser = client_of(aino)

    led = browser.post("/settings/services/readings/", follow=True)

    assert led.redirect_chain == [("/connection/", 302)]
    assert "You are not connected to SmartDialog yet" in led.content.decode()


def test_only_the_inbound_hook_needs_no_token():
    assert {one.name for one in ALL if getattr(one.view, "csrf_exempt", False)} == WITHOUT_CSRF


@each(*AccessLevel, but=WITHOUT_CSRF | CHANGED_BY_GET)  # a report takes no post at all
def test_a_post_without_a_good_token_from_our_own_pages_is_refused(address, world):
    path, good = address.path(MISSING_IDS), {"csrfmiddlewaretoken": TOKEN}
    browser = asked_for_the_token(world.admin)
    forged = [
        browser.post(path),
        browser.post(path, {"csrfmiddlewaretoken": TOKEN[::-1]}),
        browser.post(path, good, headers={"Origin": "https://evil.example"}),
        browser.post(path, good, headers={"Origin": "null"}),
        browser.post(path, json.dumps(good), content_type="text/plain"),
    ]

    assert [response.status_code for response in forged] == [403] * 5


def test_a_post_with_a_good_token_is_taken(aino):
    taken = asked_for_the_token(aino).post("/sign-out/", {"csrfmiddlewaretoken": TOKEN})

    assert taken.status_code == 200


@each(*AccessLevel, but=CHANGED_BY_GET)
def test_looking_changes_nothing(address, world):
    path, browser = address.path(world.rows), world.browser()

    with written() as changes:
        statuses = {response.status_code for response in answers_of(browser, path, "get", "head")}

    assert statuses <= SHOWN | {405} or address.name in SHOWN_AS_ERRORS
    assert not changes


@each(AccessLevel.PUBLIC)
def test_a_head_changes_nothing_even_where_smartdialog_reports_by_get(address, client, world):
    with written() as changes:
        client.head(address.path(world.rows))

    assert not changes


def answers_of(browser: Client, path: str, *methods: str) -> Iterator[HttpResponse]:
    """As a page and as a fragment, by each method."""
    for method in methods or ("get", "post"):
        for headers in ({}, FRAGMENT):
            yield getattr(browser, method)(path, headers=headers)


def sent_to(path: str) -> set[tuple[int, str]]:
    """A page is redirected; for a fragment the browser is told to go there."""
    return {(302, path), (204, path)}


def goes_to(response: HttpResponse) -> str:
    address = response.headers.get("Location") or response.headers.get("HX-Redirect", "")
    return address.partition("?")[0]


def body_of(response: HttpResponse) -> bytes:
    """A stream of events never ends; what it sends is tested where it is made."""
    return b"" if response.streaming else response.content


def asked_for_the_token(person: User) -> Client:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(person)
    browser.cookies["csrftoken"] = TOKEN
    return browser


@contextmanager
def written() -> Iterator[list[str]]:
    """The statements that change rows, but for the browser's own bookkeeping."""
    found: list[str] = []
    with CaptureQueriesContext(database) as queries:
        yield found
    statements = [query["sql"] for query in queries.captured_queries]
    changing = [sql for sql in statements if sql.split(" ")[0] in CHANGES]
    found += [sql for sql in changing if not any(word in sql for word in BOOKKEEPING)]
