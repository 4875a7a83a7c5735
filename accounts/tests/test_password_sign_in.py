from concurrent.futures import ThreadPoolExecutor

import pytest
from django.contrib.auth import hashers
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client

from accounts.models import AuditEvent
from accounts.sign_in import limits, password_sign_in
from accounts.sign_in.limits import Limit, TooManyTries
from tests.people import PASSWORD, client_of

pytestmark = pytest.mark.django_db


def sign_in(password: str = "wrong", *, address: str = "203.0.113.7", username="root", client=None):
    form = {"username": username, "password": password}
    return (client or Client()).post("/sign-in/", form, REMOTE_ADDR=address)


def guess(times: int, **where) -> list[int]:
    return [sign_in(**where).status_code for _ in range(times)]


def test_after_five_wrong_passwords_from_a_place_even_the_right_one_waits(root, later):
    assert guess(6) == [200] * 5 + [429]

    refused = sign_in(PASSWORD)

    assert refused.status_code == 429
    assert 0 < int(refused.headers["Retry-After"]) <= 900
    assert b"Too many tries. Try again in about 15 minutes" in refused.content
    later(16 * 60)
    assert sign_in(PASSWORD).status_code == 302


def test_no_hash_is_computed_for_who_has_to_wait(root, monkeypatch):
    guess(5)
    computed = []
    monkeypatch.setattr(hashers, "verify_password", lambda *_, **__: computed.append(1) or (False, False))

    sign_in()

    assert not computed


def test_the_right_person_gets_in_from_elsewhere_while_many_places_guess(root):
    for number in range(30):
        guess(2, address=f"198.51.100.{number}")

    assert sign_in(PASSWORD, address="203.0.113.9").status_code == 302


def test_while_many_places_guess_each_gets_fewer_tries(root):
    for number in range(10):
        guess(2, address=f"198.51.100.{number}")

    assert guess(4, address="203.0.113.9") == [200, 200, 429, 429]


def test_a_neighbour_at_the_same_address_does_not_keep_the_person_out_of_their_own_browser(root):
    browser = Client()
    assert sign_in(PASSWORD, client=browser).status_code == 302
    browser.cookies.pop("sessionid")
    guess(8)

    assert sign_in(PASSWORD, client=browser).status_code == 302


def test_an_address_that_tries_many_accounts_waits_as_well(root):
    statuses = [sign_in(username=f"name-{number}").status_code for number in range(32)]

    assert statuses == [200] * 30 + [429] * 2
    assert sign_in(PASSWORD).status_code == 429


def test_an_ipv6_site_counts_as_one_place(root):
    statuses = [sign_in(address=f"2001:db8::{number:x}").status_code for number in range(7)]

    assert statuses == [200] * 5 + [429] * 2


@pytest.mark.parametrize("spelling", ["root", "ROOT", " root ", "ｒｏｏｔ", "ro\u200bot"])
def test_other_spellings_of_a_name_count_as_the_same(root, spelling):
    guess(5)

    assert sign_in(username=spelling).status_code == 429


def test_what_a_stranger_says_of_their_address_is_not_believed(root, settings):
    statuses = [
        Client()
        .post(
            "/sign-in/",
            {"username": "root", "password": "x"},
            headers={"X-Forwarded-For": f"10.9.8.{number}"},
        )
        .status_code
        for number in range(6)
    ]

    assert statuses == [200] * 5 + [429]


def test_a_right_password_takes_back_what_was_counted(root):
    for _ in range(4):
        guess(4)
        assert sign_in(PASSWORD).status_code == 302


def test_failures_and_successes_are_audited_with_the_address_and_never_the_password(root):
    guess(5)
    sign_in(PASSWORD, address="203.0.113.8")

    told = list(AuditEvent.objects.order_by("pk").values_list("verb", "subject", "after"))
    wrong = {"address": "203.0.113.7", "wrong": "password"}
    assert told == [
        *[("sign_in.failed", f"user:{root.pk}", wrong)] * 4,
        ("sign_in.limited", f"user:{root.pk}", wrong),
        ("person.signed_in", f"user:{root.pk}", {"with": "password", "address": "203.0.113.8"}),
    ]


def test_a_name_that_nobody_has_leaves_nothing_in_the_trail(db):
    sign_in(username="my-password-typed-in-the-wrong-place")

    assert not AuditEvent.objects.exists()


def test_who_is_refused_leaves_no_more_in_the_trail(root):
    guess(50)

    assert AuditEvent.objects.count() == 5


@pytest.mark.django_db(transaction=True)
def test_of_many_tries_at_once_no_more_than_the_limit_are_let_through():
    limit = Limit("a test", 5, 60)

    def take(_: int) -> bool:
        try:
            limits.take([limit.of("somebody"), limit.of("the same", "place")])
        except TooManyTries:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(take, range(24))) == 5


def test_a_password_is_refused_where_it_is_switched_off(root, aino, settings):
    settings.PASSWORD_SIGN_IN = False

    refused = sign_in(PASSWORD)

    assert refused.status_code == 403
    assert b"switched off" in refused.content
    assert b'name="password"' not in Client().get("/sign-in/").content


def test_it_cannot_be_switched_off_while_no_admin_could_come_in_with_smartdialog(root, mikko, settings):
    settings.PASSWORD_SIGN_IN = False

    assert password_sign_in.is_offered()
    assert sign_in(PASSWORD).status_code == 302


@pytest.mark.parametrize("password", ["", "x" * 1001, "\0"])
def test_odd_passwords_are_answered(root, password):
    assert sign_in(password).status_code == 200


def test_old_counts_are_thrown_away(root, later):
    guess(3)
    later(2 * 24 * 3600)

    limits.prune()

    assert not limits.SignInCount.objects.exists()


def test_strangers_sessions_end_soon(client):
    client.post("/oauth/start/")

    assert client.session.get_expiry_age() <= 600


@pytest.mark.parametrize("query", ["", "?state=", "?state=guessed&code=c", "?error=access_denied"])
def test_a_way_back_that_nobody_began_leaves_no_session(client, query):
    assert client.get(f"/oauth/callback/{query}").status_code == 400

    assert not Session.objects.exists()


def test_strangers_who_begin_sign_ins_again_and_again_wait(client):
    statuses = {client.post("/oauth/start/").status_code for _ in range(101)}

    assert statuses == {302, 429}


def test_a_session_lasts_as_long_as_ever_after_a_sign_in(root):
    browser = Client()
    browser.post("/oauth/start/")

    sign_in(PASSWORD, client=browser)

    assert browser.session.get_expiry_age() == 4 * 60 * 60


def test_headers_and_contact(mikko):
    browser = client_of(mikko)

    assert "geolocation=()" in browser.get("/preferences/").headers["Permissions-Policy"]
    assert b"Contact: mailto:security@dashboard.example" in browser.get("/.well-known/security.txt").content


def test_without_a_contact_there_is_no_such_file(client, settings):
    settings.SECURITY_CONTACT = ""

    assert client.get("/.well-known/security.txt").status_code == 404
