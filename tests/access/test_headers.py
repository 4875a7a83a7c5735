"""What every answer carries, so that a browser keeps it from other sites, other people and later eyes."""

import json
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.http import HttpResponseBase

from gateway.hooks.subscriptions import subscribe
from gateway.models import Connection, HookSubscription, ServiceKind
from tests.access.addresses import Address, addresses
from tests.access.conftest import World, under_https
from tests.access.sample_rows import CANARY
from tests.factories import make_service
from tests.people import client_of

pytestmark = pytest.mark.django_db

ALL = addresses()
FRAGMENT = {"HX-Request": "true"}
NEVER = re.compile(
    r"<style|\sstyle=|<script(?![^>]*\bsrc=)|\son[a-z]+=|\shx-on|javascript:|hx-vals=.js:", re.IGNORECASE
)


def directives(response: HttpResponseBase) -> dict[str, set[str]]:
    policy = response.headers["Content-Security-Policy"]
    parts = [part.split() for part in policy.split(";") if part.strip()]
    return {name: set(sources) for name, *sources in parts}


def assert_guarded(response: HttpResponseBase) -> None:
    policy = directives(response)
    assert policy["default-src"] == policy["object-src"] == policy["frame-ancestors"] == {"'none'"}
    assert policy["base-uri"] == {"'none'"}
    assert policy["script-src"] == policy["style-src"] == {"'self'"}
    assert not any("unsafe" in source or "*" in source for sources in policy.values() for source in sources)
    headers = response.headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "Access-Control-Allow-Origin" not in headers


def assert_private(response: HttpResponseBase) -> None:
    assert "no-store" in response.headers["Cache-Control"]
    assert {"Cookie", "HX-Request"} <= {name.strip() for name in response.headers["Vary"].split(",")}


@pytest.mark.parametrize("address", ALL, ids=lambda one: one.name)
def test_every_answer_is_guarded_and_private_and_tells_no_secret(address: Address, world: World, client):
    """A hook's secret is in an address that SmartDialog calls, and in nothing that a browser ever sees."""
    path = address.path(world.rows)
    subscribe(make_service(world.customer, kind=ServiceKind.TWO_WAY), by=world.admin)
    secrets = {one.secret for one in HookSubscription.objects.of_customer(world.customer)} - {CANARY}
    assert len(secrets) == 2
    secrets -= {*path.split("/")}  # whoever asks by it knows it

    for browser in (world.browser(), client):
        for headers in ({}, FRAGMENT):
            for response in (browser.get(path, headers=headers), browser.post(path, headers=headers)):
                assert_guarded(response)
                assert_private(response)
                body = "" if response.streaming else response.content.decode(errors="replace")
                told = f"{response.headers.get('Location', '')} {body}"
                assert not any(secret in told for secret in secrets)
                if "html" in response.headers.get("Content-Type", ""):
                    assert not NEVER.search(body)


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("/sign-in/", {"Host": "e.test"}, 400),
        ("/nowhere/", {}, 404),
        ("/hooks/inbound/x/", {}, 405),
        ("/hooks/dlr/x/", {}, 404),
        ("/static/nowhere.css", {}, 404),
        ("/contacts", {}, 301),
        ("/contacts/", {}, 302),
        ("/live/", {"Accept": "text/event-stream"}, 401),
    ],
)
def test_refusals_and_redirects_are_guarded(client, path, headers, status):
    response = client.get(path, headers=headers)

    assert response.status_code == status
    assert_guarded(response)


@pytest.mark.parametrize(
    "path", ["/static/css/tokens.css", "/static/js/once.js", "/static/icons/favicon.svg"]
)
def test_files_are_guarded(client, path):
    response = client.get(path)
    b"".join(response)  # read to its end, the client closes it without our connection

    assert response.status_code == 200
    assert_guarded(response)


def test_a_crash_is_guarded_and_shows_nothing(aino, monkeypatch, caplog):
    def crash(*args: object) -> None:
        raise RuntimeError("the-words-of-the-crash")

    monkeypatch.setattr(Connection.objects, "of", crash)
    browser = client_of(aino)
    browser.raise_request_exception = False

    response = browser.get("/")

    assert response.status_code == 500
    assert_guarded(response)
    assert_private(response)
    page = response.content.decode()
    assert not re.search("the-words-of-the-crash|RuntimeError|Traceback|aino|Kahvila", page)
    assert "the-words-of-the-crash" in caplog.text


def test_no_template_has_a_style_or_a_script_in_it():
    templates = [
        path for app in ("templates", "sandbox") for path in Path(settings.BASE_DIR, app).rglob("*.html")
    ]

    assert len(templates) > 100
    assert [path for path in templates if NEVER.search(path.read_text())] == []


def test_the_deployment_check_has_nothing_to_say():
    said = under_https(
        "import django; django.setup();"
        "from django.core.checks import run_checks; print(run_checks(include_deployment_checks=True))"
    )

    assert said[-1] == "[]"


@pytest.fixture(scope="module")
def deployed() -> dict[str, dict[str, str]]:
    """Headers and cookies of the sign-in page, as a browser meets it behind HTTPS."""
    program = """
import django, django.test, json
django.setup()
host = {"Host": "dashboard.example"}
page = django.test.Client(headers=host | {"X-Forwarded-Proto": "https"}).get("/sign-in/")
plain = django.test.Client(headers=host).get("/sign-in/")
cookies = {name: str(cookie) for name, cookie in page.cookies.items()}
print(json.dumps({"page": dict(page.headers), "plain": dict(plain.headers), "cookies": cookies}))
"""
    return json.loads(under_https(program)[-1])


def test_the_observatory_would_say_a_plus(deployed):
    """Its table of 2025: the bonus of what we meet, the penalty of what we do not."""
    headers, cookies = deployed["page"], deployed["cookies"].values()
    policy = headers["Content-Security-Policy"]
    grades = [
        ("content-security-policy", "default-src 'none'" in policy and "unsafe" not in policy, 10, -25),
        (
            "cookies",
            all("Secure" in each and "HttpOnly" in each and "SameSite" in each for each in cookies),
            5,
            -20,
        ),
        ("cross-origin-resource-sharing", "Access-Control-Allow-Origin" not in headers, 0, -50),
        ("redirection", deployed["plain"]["Location"].startswith("https://dashboard.example/"), 0, -20),
        ("referrer-policy", headers["Referrer-Policy"] in {"no-referrer", "same-origin"}, 5, -5),
        ("strict-transport-security", _max_age(headers) >= 15768000, 0, -20),
        ("x-content-type-options", headers["X-Content-Type-Options"] == "nosniff", 0, -5),
        ("x-frame-options", "frame-ancestors 'none'" in policy, 5, -20),
        ("cross-origin-resource-policy", headers["Cross-Origin-Resource-Policy"] == "same-origin", 10, 0),
    ]

    assert [name for name, met, _, _ in grades if not met] == []
    assert 100 + sum(bonus if met else penalty for _, met, bonus, penalty in grades) >= 100


def test_plain_http_is_left_for_good(deployed):
    assert deployed["page"]["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains; preload"
    assert "Content-Security-Policy" in deployed["plain"]


def _max_age(headers: dict[str, str]) -> int:
    return int(re.search(r"max-age=(\d+)", headers["Strict-Transport-Security"])[1])


def test_a_page_and_its_fragment_are_told_apart(world):
    browser, path = world.browser(), f"/contacts/{world.rows['group']}/"

    page, fragment = browser.get(path), browser.get(path, headers=FRAGMENT)

    assert b"<!DOCTYPE html>" in page.content
    assert b"<!DOCTYPE html>" not in fragment.content
    assert "HX-Request" in page.headers["Vary"]
    assert "HX-Request" in fragment.headers["Vary"]


def test_a_browser_is_given_nothing_about_people_to_store():
    stored = set()
    for script in Path(settings.BASE_DIR, "static").rglob("*.js"):
        words = script.read_text()
        stored |= set(re.findall(r"localStorage\.setItem\(([^,]+),", words))
        assert not re.search(r"sessionStorage|indexedDB|document\.cookie|\bcaches\.", words)

    # How a person likes the page, whether single keys act, and which message was the last that sounded.
    assert stored == {'"theme"', "SWITCH", "HEARD"}
    assert '"historyCacheSize": 0' in Path(settings.BASE_DIR, "templates/base.html").read_text()
