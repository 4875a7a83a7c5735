"""The mail server, reached in the time that `deadlines.cut_off` gives: whatever looks a name up, or drips."""

from functools import partial
from smtplib import SMTP, SMTP_SSL
from socket import socket
from typing import Any

from django.core.mail.backends import smtp
from django.core.mail.utils import DNS_NAME

from gateway.smartdialog.deadlines import connected_in_time, found_in_time


class MailServer(smtp.EmailBackend):
    @property
    def connection_class(self) -> type[SMTP]:
        return _WatchedTls if self.use_ssl else _Watched

    def open(self) -> bool | None:
        """And greeted, so that it has said something before a mail is for it. What this host is called, which
        we tell it, is looked up once."""
        found_in_time(DNS_NAME.get_fqdn)
        is_new = super().open()
        if self.connection:
            self.connection.ehlo_or_helo_if_needed()
        return is_new


class _Watched(SMTP):
    def _get_socket(self, *where: Any) -> socket:
        return connected_in_time(partial(super()._get_socket, *where))  # type: ignore[misc]


class _WatchedTls(SMTP_SSL, _Watched):
    """TLS takes a connection over that is watched already."""
