"""Send what is due by mail: each notice once at most, whatever is killed, and however many workers look.

It is taken down before its mail leaves. Where the mail server cannot be reached nothing is, and the next look
tries again; what it refuses, or breaks off, is not sent again.
"""

import logging
import threading
from collections.abc import Sequence
from datetime import timedelta
from smtplib import SMTPException
from uuid import uuid4

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.urls import reverse

from gateway import clock
from gateway.smartdialog.deadlines import cut_off
from messaging.inbox.models import MailedNotice
from messaging.inbox.notifications.due import Letter, Notice, letters

KEPT = timedelta(days=7)  # longer than anything is young enough to be told
MAX_LISTED = 20  # notices in one mail
MAX_SECONDS = 30.0  # to reach the mail server, or for one mail

log = logging.getLogger(__name__)
_sending = threading.Lock()


def is_possible() -> bool:
    """Whether this installation has a mail server."""
    return bool(settings.EMAIL_HOST)


def send_due() -> int:
    """How many mails left."""
    due = list(letters()) if is_possible() else []
    if not due:
        return 0
    sent = 0
    try:
        with cut_off(MAX_SECONDS) as cut, get_connection() as server:
            for letter in due:
                cut.prolong(MAX_SECONDS)
                if not cut.is_over and (mine := _claim(letter)):
                    sent += server.send_messages([_mail(letter, mine)]) or 0
    except (SMTPException, OSError) as error:
        log.warning("the mail server did not take a notification: %s", type(error).__name__)
    return sent


def send_due_alone() -> int:
    """As `send_due`, but while a thread of this process is at it: however slow the mail server is, it holds
    no second one."""
    if not _sending.acquire(blocking=False):
        return 0
    try:
        return send_due()
    finally:
        _sending.release()


def forget_told() -> None:
    MailedNotice.objects.filter(at__lt=clock.now() - KEPT).delete()


def _claim(letter: Letter) -> list[Notice]:
    """Of workers that look at the same time, one has each: two queries, however many they are. In one order,
    so that none waits for one that waits for it.
    """
    claim, now = uuid4(), clock.now()
    taken = [
        MailedNotice(user=letter.to.user, about=about, at=now, claim=claim)
        for about in sorted({notice.about for notice in letter.notices})
    ]
    MailedNotice.objects.bulk_create(taken, ignore_conflicts=True)
    own = MailedNotice.objects.filter(user=letter.to.user, claim=claim)
    mine = set(own.values_list("about", flat=True))
    return [notice for notice in letter.notices if notice.about in mine]


def _mail(letter: Letter, notices: Sequence[Notice]) -> EmailMessage:
    own = settings.PUBLIC_URL + reverse("inbox:notifications")
    listed = [f"{each.words}\n{settings.PUBLIC_URL}{each.path}" for each in notices[:MAX_LISTED]]
    more = [f"And {len(notices) - MAX_LISTED} more."] if len(notices) > MAX_LISTED else []
    return EmailMessage(
        " ".join(letter.subject.split()),
        "\n\n".join([*listed, *more, f"You are told this once. Change what you are told of:\n{own}"]),
        to=[letter.to.address],
        headers={"Auto-Submitted": "auto-generated", "List-Unsubscribe": f"<{own}>"},
    )
