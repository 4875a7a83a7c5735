"""Who signs in with SmartDialog from the open session of somebody with a password."""

import jwt
import pytest
from django.test import Client
from django.utils.http import urlencode

from accounts.models import AuditEvent, User
from gateway import clock
from gateway.sign_in import oauth
from gateway.sign_in.oauth import Tokens
from tests.people import client_of

pytestmark = pytest.mark.django_db

ACCESS = jwt.encode({"sub": "s-123", "name": "Anna"}, "k" * 32, algorithm="HS256")


@pytest.fixture(autouse=True)
def smartdialog(monkeypatch):
    tokens = Tokens(ACCESS, "refresh", clock.after(3600), "")
    monkeypatch.setattr(oauth, "exchange_code", lambda *_, **__: tokens)


def there_and_back(browser: Client, **form: object) -> None:
    away = browser.post("/oauth/start/", form).headers["Location"]
    state = away.partition("state=")[2].partition("&")[0]
    browser.get(f"/oauth/callback/?{urlencode({'state': state, 'code': 'c'})}")


@pytest.mark.parametrize("said", [{}, {"join": "true"}, {"join": "0"}, {"join": ""}])
def test_becomes_somebody_of_their_own_unless_it_was_said(root, said):
    browser = client_of(root)

    there_and_back(browser, **said)

    root.refresh_from_db()
    assert root.subject is None
    newcomer = User.objects.get(subject="s-123")
    assert not newcomer.is_admin
    assert browser.session["_auth_user_id"] == str(newcomer.pk)


def test_becomes_that_account_when_it_was_said_and_that_is_audited(root):
    there_and_back(client_of(root), join=root.pk)

    root.refresh_from_db()
    assert root.subject == "s-123"
    assert AuditEvent.objects.filter(verb="person.identity_joined", actor=root).exists()


def test_the_page_asks_by_name(root, mikko):
    assert b"Connect my SmartDialog sign-in to root" in client_of(root).get("/connection/").content
    assert b"Connect my SmartDialog" not in client_of(mikko).get("/connection/").content


def test_a_way_begun_by_one_account_joins_no_other(root, aino):
    browser = client_of(root)
    away = browser.post("/oauth/start/", {"join": aino.pk}).headers["Location"]
    state = away.partition("state=")[2].partition("&")[0]

    browser.get(f"/oauth/callback/?{urlencode({'state': state, 'code': 'c'})}")

    assert User.objects.get(subject="s-123").pk not in {root.pk, aino.pk}


def test_nor_somebody_who_signed_in_meanwhile_in_another_tab(root):
    other = User.objects.create_superuser("other", password="long-enough-to-count")
    browser = client_of(root)
    away = browser.post("/oauth/start/", {"join": root.pk}).headers["Location"]
    pending = browser.session["sign_ins"]
    browser.force_login(other)
    session = browser.session
    session["sign_ins"] = pending
    session.save()

    state = away.partition("state=")[2].partition("&")[0]
    browser.get(f"/oauth/callback/?{urlencode({'state': state, 'code': 'c'})}")

    assert User.objects.get(subject="s-123").pk not in {root.pk, other.pk}


def test_who_was_deactivated_stays_out_and_the_trail_says_that_they_tried(mikko):
    User.objects.filter(pk=mikko.pk).update(is_active=False, subject="s-123")
    browser = Client()

    there_and_back(browser)

    assert "_auth_user_id" not in browser.session
    tried = AuditEvent.objects.get(verb="sign_in.failed")
    assert (tried.actor, tried.subject) == (None, f"user:{mikko.pk}")
    assert tried.after == {"address": "127.0.0.1", "wrong": "deactivated"}
