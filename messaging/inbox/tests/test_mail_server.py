"""A mail server whose name hangs, or that only drips: nobody waits for it for longer than they would."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest
from django.core.mail.utils import DNS_NAME

from gateway.tests.test_deadlines import Answer, drip, drip_a_handshake, names_that_hang
from messaging.inbox.models import MailedNotice
from messaging.inbox.notifications import mailing
from messaging.inbox.tests.notices import wait, wishes
from tests import settings as own

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("mail_server")]

GREETING = b"220 mail.test ESMTP\r\n"


@pytest.fixture(autouse=True)
def due(thread, aino, settings, monkeypatch) -> None:
    settings.EMAIL_BACKEND = own.EMAIL_BACKEND
    monkeypatch.setattr(mailing, "MAX_SECONDS", 0.5)
    wishes(aino, mail_waits=True)
    wait(thread, minutes=40)


@contextmanager
def mail_server_that(answers: Answer, settings, *, tls: bool = False) -> Iterator[None]:
    settings.EMAIL_USE_TLS, settings.EMAIL_USE_SSL = False, tls

    def serve() -> None:
        with suppress(OSError), server.accept()[0] as connected:
            answers(connected)

    with socket.create_server(("127.0.0.1", 0)) as server:
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.getsockname()
        threading.Thread(target=serve, daemon=True).start()
        yield


def take_a_mail(connected: socket.socket) -> None:
    """Until its text is there; and then next to nothing."""
    connected.sendall(GREETING)
    while command := connected.recv(65536):
        if command.endswith(b"\r\n.\r\n"):
            drip(b"250-")(connected)
            return
        connected.sendall(b"354 go on\r\n" if command.lower().startswith(b"data") else b"250 fine\r\n")


def ends_in_time() -> None:
    began = time.monotonic()
    assert mailing.send_due() == 0
    assert time.monotonic() - began < 2


def test_a_name_that_is_not_found_in_time_is_tried_again(settings):
    settings.EMAIL_HOST = "mail.example"
    with names_that_hang():
        ends_in_time()

    assert not MailedNotice.objects.exists()


def test_so_is_what_this_host_is_called(settings, monkeypatch):
    over = threading.Event()
    monkeypatch.setattr(DNS_NAME, "get_fqdn", lambda: over.wait(20))
    settings.EMAIL_HOST = "127.0.0.1"
    ends_in_time()
    over.set()

    assert not MailedNotice.objects.exists()


@pytest.mark.parametrize(
    ("answers", "tls"),
    [(drip(b"220"), False), (drip(GREETING + b"250-"), False), (drip_a_handshake, True)],
    ids=["greeting", "hello", "handshake"],
)
def test_a_server_that_only_drips_before_a_mail_is_tried_again(answers, tls, settings):
    with mail_server_that(answers, settings, tls=tls):
        ends_in_time()

    assert not MailedNotice.objects.exists()


def test_a_mail_that_may_have_been_taken_by_one_that_drips_is_not_sent_again(settings):
    with mail_server_that(take_a_mail, settings):
        ends_in_time()

    assert MailedNotice.objects.exists()
    assert not list(mailing.letters())
