"""The reviewers' example file is looked at when its writer asks, and never in a private network."""

from contextlib import ExitStack

import pytest
from django.urls import reverse

from gateway import public_files
from gateway.public_files import NotFetched, PublicFile
from messaging.whatsapp.authoring import example_files
from messaging.whatsapp.models import Template
from messaging.whatsapp.tests.test_pages import written
from tests.people import client_of

PAGE = reverse("whatsapp:new")
ADDRESS = "https://kahvila.example/menu.jpg"


def look(user, *, htmx: bool = True, **fields) -> str:
    headers = {"HX-Request": "true"} if htmx else {}
    answer = client_of(user).post(PAGE, written(action="file", **fields), headers=headers)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def finds(monkeypatch, kind: str, size: int = 2048) -> list[str]:
    asked: list[str] = []
    file = PublicFile(b"a" * size, kind)
    monkeypatch.setattr(public_files, "fetch", lambda url: asked.append(url) or file)
    return asked


def test_what_is_there_is_told_with_its_size(monkeypatch, kahvila, mikko):
    asked = finds(monkeypatch, "image/jpeg")

    assert "It is there: a picture, 2.0" in look(mikko, attachment_url=ADDRESS, header_kind="image")
    assert asked == [ADDRESS]
    assert not Template.objects.exists()  # to look keeps nothing


def test_without_a_script_it_is_told_on_the_page(monkeypatch, kahvila, mikko):
    finds(monkeypatch, "application/pdf")

    page = look(mikko, htmx=False, attachment_url=ADDRESS, header_kind="document")
    assert "It is there: a document" in page
    assert ADDRESS in page


@pytest.mark.parametrize(
    ("kind", "chosen", "words"),
    [
        ("video/mp4", "image", "It is a video: choose that as its kind."),
        ("text/plain", "document", "Its server calls it text/plain: WhatsApp takes"),
    ],
)
def test_another_kind_than_was_said_is_told(monkeypatch, kahvila, mikko, kind, chosen, words):
    finds(monkeypatch, kind)

    assert words in look(mikko, attachment_url=ADDRESS, header_kind=chosen)


def test_slow_servers_hold_few_of_the_threads_that_serve_pages(monkeypatch, kahvila, mikko):
    asked = finds(monkeypatch, "image/jpeg")
    with ExitStack() as slow:
        for _ in range(example_files.AT_ONCE):
            slow.enter_context(example_files._looking)
        assert "Look at yours again in a minute" in look(mikko, attachment_url=ADDRESS)
    assert asked == []

    assert "It is there" in look(mikko, attachment_url=ADDRESS)


def test_what_is_not_fetched_says_why(monkeypatch, kahvila, mikko):
    def fails(url: str) -> PublicFile:
        raise NotFetched("Its server does not give it (answer 404). It may have expired.")

    monkeypatch.setattr(public_files, "fetch", fails)

    assert "answer 404" in look(mikko, attachment_url=ADDRESS)


@pytest.mark.parametrize("private", ["127.0.0.1", "10.0.0.1", "::1"])
def test_a_name_that_leads_into_a_private_network_is_not_asked(monkeypatch, kahvila, mikko, private):
    resolved = [(0, 0, 0, "", (private, 443))]
    monkeypatch.setattr(public_files.socket, "getaddrinfo", lambda *_, **__: resolved)

    assert "not in the internet" in look(mikko, attachment_url=ADDRESS)


@pytest.mark.parametrize(
    "address", ["", "http://kahvila.example/a.jpg", "file:///etc/passwd", "https://10.0.0.1/a.jpg"]
)
def test_what_is_no_whole_https_address_is_not_asked(monkeypatch, kahvila, mikko, address):
    asked = finds(monkeypatch, "image/jpeg")

    assert "beginning with https://" in look(mikko, attachment_url=address)
    assert asked == []


def test_a_viewer_looks_at_nothing(kahvila, vera):
    assert client_of(vera).post(PAGE, written(action="file", attachment_url=ADDRESS)).status_code == 403
