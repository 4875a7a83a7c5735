"""Files that people send come through a guard, as downloads, to who may see the conversation."""

import pytest
from django.urls import reverse

from gateway import public_files
from messaging.inbox.models import Message, Thread
from messaging.inbox.models.shown_file import ShownFile
from messaging.inbox.tests.conftest import of, receive
from tests.markup import markup
from tests.people import client_of

pytestmark = pytest.mark.django_db

LOCATION = "https://files.example.com/kuva.jpg"


@pytest.fixture
def message(hook) -> Message:
    file = {"name": "kuva.jpg\r\nSet-Cookie: a=b", "mimeType": "text/html", "resourceLocation": LOCATION}
    receive(hook, content="Kuva", attachments=[file, {"resourceLocation": "http://127.0.0.1/x"}])
    return Message.objects.get()


def address(message: Message, number: int = 0) -> str:
    return reverse("inbox:attachment", args=[message.pk, number])


def test_a_file_is_given_as_a_download_and_never_as_a_page(message, vera, monkeypatch):
    asked = []
    page = public_files.PublicFile(b"<script>alert(1)</script>", "text/plain")
    monkeypatch.setattr(public_files, "fetch", lambda url: asked.append(url) or page)

    response = client_of(vera).get(address(message))

    assert asked == [LOCATION]
    assert response.content == page.content
    assert response.headers["Content-Type"] == "application/octet-stream"
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert "\n" not in response.headers["Content-Disposition"]
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "Set-Cookie" not in response.headers


def test_what_is_not_fetched_is_said_in_the_conversation(message, mikko):
    response = client_of(mikko).get(address(message, 1), follow=True)

    assert response.redirect_chain == [(of(Thread.objects.get()), 302)]
    assert "not in the internet" in markup(response)


def test_a_picture_is_shown_as_nothing_but_a_picture(hook, mikko, monkeypatch):
    file = {"name": "kuva.jpg", "mimeType": "image/jpeg", "resourceLocation": LOCATION}
    receive(hook, content="Kuva", attachments=[file], messageId="picture")
    message = Message.objects.get()
    browser = client_of(mikko)
    monkeypatch.setattr(public_files, "fetch", lambda url: public_files.PublicFile(b"x" * 2048, "image/jpeg"))

    page = markup(browser.get(of(message.thread)))
    assert f'<img src="{address(message)}?shown=1"' in page
    assert f'<a href="{address(message)}">' in page, "a failed download is no file of that name"
    shown = browser.get(address(message), {"shown": "1"})

    assert (shown.status_code, shown.headers["Content-Type"]) == (200, "image/jpeg")
    assert shown.headers["X-Content-Type-Options"] == "nosniff"
    assert "2.0 KB" in markup(browser.get(of(message.thread)))


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("image/jpeg", "JPEG picture"),
        ("Image/PNG; q=1", "PNG picture"),
        ("image/tiff", "Picture"),
        ("audio/ogg", "Sound"),
        ("application/pdf", "PDF"),
        ("application/x-own", "application/x-own"),
        ("", ""),
    ],
)
def test_a_file_says_what_it_is_as_people_call_it(kind, words):
    assert ShownFile.of({"name": "a", "mimeType": kind}).kind_in_words == words


@pytest.mark.parametrize(
    ("name", "kind", "kept"),
    [
        ("kuva.jpg", "image/jpeg", "kuva.jpg"),
        ("kuva.JPEG", "image/jpeg", "kuva.JPEG"),
        ("kuva.png", "image/jpeg", "kuva.png"),
        ("lasku.pdf", "application/pdf", "lasku.pdf"),
        ("lasku.pdf.exe", "application/pdf", "lasku.pdf.exe.pdf"),
        ("aja.bat", "text/plain", "aja.bat.txt"),
        ("sivu.html", "text/plain", "sivu.html.txt"),
        ("kuva.svg", "image/png", "kuva.svg.png"),
        ("kuva.png.gz", "image/png", "kuva.png.gz.png"),
        ("kuva", "image/x-nobodys", "kuva.bin"),
        ("kuva.exe", "image/x-nobodys", "kuva.exe.bin"),
        ("kuva\u202egpj.exe", "image/jpeg", "kuvagpj.exe.jpg"),
    ],
)
def test_a_file_is_kept_by_a_name_that_opens_as_what_it_is(hook, mikko, monkeypatch, name, kind, kept):
    """Whatever its sender called it, and whatever turns the letters around."""
    file = {"name": name, "mimeType": kind, "resourceLocation": LOCATION}
    receive(hook, content="Kuva", attachments=[file])
    monkeypatch.setattr(public_files, "fetch", lambda url: public_files.PublicFile(b"MZ", kind))

    given = client_of(mikko).get(address(Message.objects.get())).headers["Content-Disposition"]

    assert given == f'attachment; filename="{kept}"'


@pytest.mark.parametrize("name", [None, "", "\u202e", " \u2066 "])
def test_a_name_of_nothing_is_attachment(name):
    assert ShownFile.of({"name": name}).name == "Attachment"


@pytest.mark.parametrize("kind", ["text/plain", "application/pdf", "image/svg+xml", "image/tiff"])
def test_what_is_no_picture_is_never_shown_as_one(message, mikko, monkeypatch, kind):
    monkeypatch.setattr(public_files, "fetch", lambda url: public_files.PublicFile(b"<svg>", kind))

    shown = client_of(mikko).get(address(message), {"shown": "1"})

    assert (shown.status_code, b"<svg>" in shown.content) == (404, False)


def test_a_picture_that_is_not_fetched_leads_to_no_page_in_its_place(message, mikko):
    assert client_of(mikko).get(address(message, 1), {"shown": "1"}).status_code == 404


def test_a_size_makes_no_second_message_of_one_that_came_without_an_id(hook, mikko, monkeypatch):
    monkeypatch.setattr(public_files, "fetch", lambda url: public_files.PublicFile(b"x", "image/jpeg"))
    file = {"name": "kuva.jpg", "mimeType": "image/jpeg", "resourceLocation": LOCATION}
    receive(hook, content="Kuva", attachments=[file], messageId=None)
    client_of(mikko).get(address(Message.objects.get()))
    receive(hook, content="Kuva", attachments=[file], messageId=None)

    assert Message.objects.count() == 1


@pytest.mark.parametrize("position", [2, 10**12])
def test_a_file_that_is_none_leads_back(message, mikko, position):
    assert client_of(mikko).get(address(message, position)).status_code == 302


def test_a_stranger_gets_no_file(message, otto, monkeypatch):
    monkeypatch.setattr(public_files, "fetch", lambda url: pytest.fail("was asked"))

    assert client_of(otto).get(address(message)).status_code == 404


def test_no_page_links_to_where_the_sender_keeps_a_file(message, mikko):
    page = markup(client_of(mikko).get(of(Thread.objects.get())))

    assert LOCATION not in page
    assert address(message) in page
