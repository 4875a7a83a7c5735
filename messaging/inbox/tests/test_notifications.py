"""Mail about mentions and waits: to who wishes it and may know, each once, and nothing of what was said."""

from datetime import timedelta
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected
from threading import Barrier, Event
from threading import Thread as Worker

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection
from django.urls import reverse

from accounts.models import Role, User
from gateway import clock
from gateway.models import ServiceKind
from messaging.inbox import tasks
from messaging.inbox.models import MailedNotice, Thread
from messaging.inbox.notifications import mailing
from messaging.inbox.team import notes, teamwork
from messaging.inbox.tests.conftest import answer, receive
from messaging.inbox.tests.notices import sent, wait, wishes
from tests.factories import make_service
from tests.people import client_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("mail_server")]


# Mentions


def test_who_is_mentioned_and_wishes_it_is_written_to_once(thread, mikko, aino):
    wishes(aino, mail_mentions=True)
    notes.write(thread, "@aino salaisuus 1234", by=mikko)

    assert sent() == ["aino"]
    assert sent() == ["aino"]
    [only] = mail.outbox
    assert only.subject == "You were mentioned · Kahvila Aalto"
    assert "Mikko mentioned you" in only.body
    assert reverse("inbox:thread", args=[thread.pk]) in only.body


def test_a_mail_says_nothing_of_what_was_written_nor_of_who_wrote(thread, mikko, aino):
    wishes(aino, mail_mentions=True, mail_waits=True)
    notes.write(thread, "@aino salaisuus 1234", by=mikko)
    wait(thread, minutes=40)

    assert sent() == ["aino", "aino"]
    for each in mail.outbox:
        text = each.subject + each.body
        assert not any(word in text for word in ["salaisuus", "avaatte", thread.address, "40111"])


def test_who_has_seen_the_mention_meanwhile_is_not_written_to(thread, mikko, aino):
    wishes(aino, mail_mentions=True)
    notes.write(thread, "@aino katso", by=mikko)
    notes.see(thread, by=aino)

    assert sent() == []


def test_who_did_not_wish_it_hears_nothing_by_mail(thread, mikko, aino):
    wishes(aino, sound=True, desktop=True)
    notes.write(thread, "@aino katso", by=mikko)
    wait(thread, minutes=600)

    assert sent() == []


def test_an_old_mention_is_no_news_to_who_switches_this_on(thread, mikko, aino, later):
    notes.write(thread, "@aino katso", by=mikko)
    later(25 * 3600)
    wishes(aino, mail_mentions=True)

    assert sent() == []


# Waits


def test_who_waits_too_long_is_told_of_once_and_anew_when_they_wait_anew(hook, thread, mikko, aino):
    wishes(aino, mail_waits=True, wait_minutes=30)
    wait(thread, minutes=29)
    assert sent() == []

    wait(thread, minutes=31)
    assert sent() == ["aino"]
    assert sent() == ["aino"]
    answer(thread, mikko)
    receive(hook, content="Entä sunnuntaina?")
    wait(thread, minutes=32)
    assert sent() == ["aino", "aino"]


def test_only_what_is_theirs_or_nobodys_is_told(thread, mikko, aino):
    wishes(aino, mail_waits=True)
    wait(thread, minutes=40)
    teamwork.assign(Thread.objects.all(), customer=thread.customer, to=mikko, by=aino)
    assert sent() == []

    teamwork.assign(Thread.objects.all(), customer=thread.customer, to=aino, by=mikko)
    assert sent() == ["aino"]


def test_many_who_wait_are_one_mail(hook, thread, aino):
    wishes(aino, mail_waits=True)
    for number in range(25):
        receive(hook, sender=f"+3584022222{number:02}")
    Thread.objects.update(unanswered_since=clock.now() - timedelta(minutes=40))

    assert sent() == ["aino"]
    assert mail.outbox[0].body.count("/inbox/") == 20 + 1  # and the page of notifications
    assert "And 6 more." in mail.outbox[0].body
    assert sent() == ["aino"]


def test_who_comes_back_after_days_is_told_of(thread, mikko, aino):
    wishes(aino, mail_waits=True)
    wait(thread, minutes=3 * 24 * 60)
    thread.refresh_from_db()
    teamwork.snooze(thread, until=clock.after(-40 * 60), seen=thread.newest_received, by=mikko)
    assert sent() == []

    teamwork.wake_snoozed()

    assert sent() == ["aino"]
    assert sent() == ["aino"]


def test_what_has_waited_for_days_is_no_news(thread, aino):
    wishes(aino, mail_waits=True)
    wait(thread, minutes=3 * 24 * 60)

    assert sent() == []


# Who may know


@pytest.mark.parametrize(
    "change",
    [
        {"is_active": False},
        {"role": Role.VIEWER},
        {"approved_at": None},
    ],
)
def test_who_may_not_answer_any_more_is_told_of_nothing(thread, mikko, aino, change):
    wishes(aino, mail_mentions=True, mail_waits=True)
    notes.write(thread, "@aino katso", by=mikko)
    wait(thread, minutes=40)
    User.objects.filter(pk=aino.pk).update(**change)

    assert sent() == []


def test_who_reaches_the_customer_no_more_is_told_of_nothing_there(thread, mikko, aino, otto):
    wishes(aino, mail_mentions=True, mail_waits=True)
    wishes(otto, mail_waits=True)
    notes.write(thread, "@aino katso", by=mikko)
    wait(thread, minutes=40)
    aino.memberships.filter(customer=thread.customer).delete()

    assert sent() == []


def test_nothing_goes_to_an_address_that_nobody_has_confirmed(thread, aino):
    wishes(aino, mail_waits=True, confirmed_at=None)
    wait(thread, minutes=40)

    assert sent() == []


def test_without_a_mail_server_nothing_is_tried_and_nothing_lost(thread, aino, settings):
    wishes(aino, mail_waits=True)
    wait(thread, minutes=40)
    settings.EMAIL_HOST = ""
    assert sent() == []

    settings.EMAIL_HOST = "mail.test"
    assert sent() == ["aino"]


# What fails


def test_while_the_mail_server_is_away_nothing_is_lost(thread, aino, monkeypatch):
    wishes(aino, mail_waits=True)
    wait(thread, minutes=40)
    with monkeypatch.context() as away:
        away.setattr(EmailBackend, "open", lambda self: (_ for _ in ()).throw(ConnectionRefusedError()))
        assert sent() == []

    assert sent() == ["aino"]


@pytest.mark.parametrize("error", [SMTPServerDisconnected("gone"), SMTPRecipientsRefused({}), TimeoutError()])
def test_what_may_have_left_is_not_sent_again(thread, aino, monkeypatch, error):
    wishes(aino, mail_waits=True)
    wait(thread, minutes=40)

    def fail(self, messages):
        raise error

    with monkeypatch.context() as broken:
        broken.setattr(EmailBackend, "send_messages", fail)
        assert sent() == []
    assert sent() == []


def test_a_worker_that_is_killed_as_it_sends_leaves_no_second_mail(thread, aino, monkeypatch):
    wishes(aino, mail_waits=True)
    wait(thread, minutes=40)

    class Killed(BaseException):
        pass

    def die(self, messages):
        raise Killed

    with monkeypatch.context() as dying:
        dying.setattr(EmailBackend, "send_messages", die)
        with pytest.raises(Killed):
            mailing.send_due()
    assert sent() == []


@pytest.mark.django_db(transaction=True)
def test_of_two_workers_one_sends(thread, mikko, aino, monkeypatch):
    wishes(aino, mail_mentions=True, mail_waits=True)
    notes.write(thread, "@aino katso", by=mikko)
    wait(thread, minutes=40)
    together = Barrier(2)
    first_look = mailing.letters

    def look():
        found = list(first_look())
        together.wait(10)
        return found

    monkeypatch.setattr(mailing, "letters", look)

    def work() -> None:
        try:
            mailing.send_due()
        finally:
            connection.close()

    workers = [Worker(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(20)

    assert len(mail.outbox) == 2
    assert MailedNotice.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_a_mail_server_that_never_answers_holds_one_thread_of_a_worker(thread, aino, monkeypatch):
    wishes(aino, mail_waits=True)
    wait(thread, minutes=40)
    asked, answers = Event(), Event()

    def hang(self) -> None:
        asked.set()
        answers.wait(20)

    def work() -> None:
        try:
            tasks.mail_notifications()
        finally:
            connection.close()

    monkeypatch.setattr(EmailBackend, "open", hang, raising=False)
    first = Worker(target=work)
    first.start()
    assert asked.wait(10)

    asked.clear()
    tasks.mail_notifications()
    assert not asked.is_set()

    answers.set()
    first.join(20)
    assert len(mail.outbox) == 1


def test_what_was_told_is_forgotten_once_it_can_be_news_no_more(thread, aino, later):
    wishes(aino, mail_waits=True)
    wait(thread, minutes=40)
    assert sent() == ["aino"]
    mailing.forget_told()
    assert MailedNotice.objects.exists()

    later(8 * 24 * 3600)
    mailing.forget_told()
    assert not MailedNotice.objects.exists()


def test_the_title_says_how_many_wait(thread, mikko):
    def title() -> list[str]:
        page = client_of(mikko).get("/campaigns/").content.decode()
        return page.partition("<title>")[2].partition("</title>")[0].split()

    assert title()[:2] == ["(1)", "Campaigns"]
    Thread.objects.update(unanswered_since=None)
    assert title()[0] == "Campaigns"


def test_a_customers_name_adds_no_header(thread, aino, kahvila):
    kahvila.name = "Kahvila\nBcc: x@y.test"
    kahvila.save()
    make_service(kahvila, kind=ServiceKind.TWO_WAY, name="Another")
    wishes(aino, mail_waits=True)
    wait(thread, minutes=40)

    assert sent() == ["aino"]
    assert mail.outbox[0].subject == "Somebody is waiting · Kahvila Bcc: x@y.test"
