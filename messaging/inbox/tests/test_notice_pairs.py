"""Mail of many notices where two workers look at once: each is told by one of them."""

import re
from collections import Counter
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gateway import clock
from messaging.inbox.models import MailedNotice, NotificationSettings, Thread
from messaging.inbox.notifications import mailing
from messaging.inbox.notifications.due import Letter, Notice
from messaging.inbox.tests.notices import wishes
from messaging.inbox.tests.test_rule_pairs import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("mail_server")]


def letter(person, *abouts: str) -> Letter:
    to = NotificationSettings.objects.get(user=person)
    return Letter(to, "Somebody is waiting", [Notice(about, f"[{about}]", "/inbox/") for about in abouts])


def told() -> Counter[str]:
    return Counter(about for each in mail.outbox for about in re.findall(r"\[(.+?)\]", each.body))


def test_two_workers_that_hold_the_same_letters_tell_each_notice_once(thread, aino, mikko, monkeypatch):
    for person in (aino, mikko):
        wishes(person, mail_waits=True)
    monkeypatch.setattr(mailing, "MAX_LISTED", 1000)
    keys = [f"wait:{number}" for number in range(300)]
    there = [letter(person, *keys) for person in (aino, mikko)]
    back = [letter(person, *keys[::-1]) for person in (mikko, aino)]
    looks = iter([there, back])
    monkeypatch.setattr(mailing, "letters", lambda: next(looks))

    at_once(mailing.send_due, mailing.send_due)

    assert told() == dict.fromkeys(keys, 2), "once to each of the two"
    assert MailedNotice.objects.count() == 600


def test_letters_that_overlap_share_what_is_new_between_them(thread, aino, monkeypatch):
    wishes(aino, mail_waits=True)
    looks = iter([[letter(aino, "a", "b", "c")], [letter(aino, "b", "c", "d")]])
    monkeypatch.setattr(mailing, "letters", lambda: next(looks))

    at_once(mailing.send_due, mailing.send_due)

    assert told() == dict.fromkeys("abcd", 1)


def test_a_hundred_notices_cost_as_many_queries_as_one(thread, aino):
    wishes(aino, mail_waits=True)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            mailing.send_due()
        return len(captured)

    Thread.objects.update(unanswered_since=clock.now() - timedelta(minutes=40))
    one = queries()
    Thread.objects.bulk_create(
        Thread(
            customer=thread.customer,
            service=thread.service,
            address=f"+3584033300{number:02}",
            last_message_at=clock.now(),
            unanswered_since=clock.now() - timedelta(minutes=40),
            newest_received=1,
        )
        for number in range(100)
    )
    assert queries() == one
    assert len(mail.outbox) == 2
