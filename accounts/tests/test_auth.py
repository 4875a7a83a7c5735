import pytest
from django.contrib.sessions.models import Session

from accounts.models import User
from accounts.sign_in.redirects import next_path
from tests.people import client_of

pytestmark = pytest.mark.django_db


def test_a_page_asks_a_stranger_to_sign_in_and_remembers_the_page(client):
    assert client.get("/settings/?a=1").headers["Location"] == "/sign-in/?next=%2Fsettings%2F%3Fa%3D1"


def test_htmx_is_sent_to_sign_in_and_never_given_its_page(client):
    response = client.get(
        "/meter/", headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/inbox/"}
    )

    assert response.status_code == 204
    assert response.headers["HX-Redirect"] == "/sign-in/?next=%2Finbox%2F"


def test_an_event_stream_of_an_ended_session_is_refused(client):
    assert client.get("/live/", headers={"Accept": "text/event-stream"}).status_code == 401


def test_an_admin_signs_in_with_a_password(client):
    User.objects.create_superuser("root", password="long-enough-to-count")

    response = client.post(
        "/sign-in/", {"username": "root", "password": "long-enough-to-count", "next": "/settings/"}
    )

    assert response.headers["Location"] == "/settings/"


def test_a_wrong_password_says_so(client):
    response = client.post("/sign-in/", {"username": "root", "password": "wrong"})

    assert response.status_code == 200
    assert b"is not right" in response.content


def test_signing_out_ends_the_session_on_the_server(mikko):
    browser = client_of(mikko)

    browser.post("/sign-out/")

    assert not Session.objects.exists()
    assert browser.get("/preferences/").status_code == 302


def test_a_session_cookie_of_somebodys_choosing_is_ignored(client, mikko):
    client.cookies["sessionid"] = "chosen-by-an-attacker"
    client.get("/sign-in/")

    assert not Session.objects.filter(pk="chosen-by-an-attacker").exists()


@pytest.mark.parametrize(
    "path", ["//e", "/\\e", "https:e", "/%5ce", "\t//e", "/%0d%0aa", "@e", "", None, "/" * 3000]
)
def test_only_paths_of_this_site_are_followed(path):
    assert next_path(path) == "/"


def test_private_pages_are_kept_nowhere_and_vary_for_htmx(mikko):
    response = client_of(mikko).get("/preferences/")

    assert response.headers["Cache-Control"] == "private, no-store"
    assert {"Cookie", "HX-Request"} <= set(response.headers["Vary"].split(", "))


@pytest.mark.parametrize("path", ["/sign-in/", "/nowhere/", "/oauth/callback/", "/hooks/inbound/x/"])
def test_every_answer_carries_the_headers(client, path):
    headers = client.get(path).headers

    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"


def test_a_time_zone_that_does_not_exist_is_refused(mikko):
    response = client_of(mikko).post("/preferences/", {"name": "Mikko", "time_zone": "Europe/Atlantis"})

    mikko.refresh_from_db()
    assert response.status_code == 200
    assert mikko.time_zone == "Europe/Helsinki"
