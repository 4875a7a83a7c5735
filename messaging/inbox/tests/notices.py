"""Who wishes to get news by mail, and to whom it went."""

from datetime import timedelta

from django.core import mail

from accounts.models import User
from gateway import clock
from messaging.inbox.models import NotificationSettings, Thread
from messaging.inbox.notifications import mailing


def wishes(user: User, **fields) -> NotificationSettings:
    usual = {"address": f"{user.username}@kahvila.test", "confirmed_at": clock.now()}
    return NotificationSettings.objects.create(user=user, **usual | fields)


def wait(thread: Thread, *, minutes: int) -> None:
    Thread.objects.filter(pk=thread.pk).update(unanswered_since=clock.now() - timedelta(minutes=minutes))


def sent() -> list[str]:
    """To whom, in order."""
    mailing.send_due()
    return [each.to[0].partition("@")[0] for each in mail.outbox]
