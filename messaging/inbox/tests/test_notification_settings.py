"""Which news somebody wishes to get, and at which address that is theirs."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.core import mail
from django.urls import reverse

from accounts.models import User
from messaging.inbox.models import Mention, Message, NotificationSettings, Thread
from messaging.inbox.notifications import mail_addresses
from messaging.inbox.team import notes, teamwork
from messaging.inbox.tests.notices import sent, wait, wishes
from tests.people import client_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("mail_server")]

PAGE = "/inbox/notifications/"
CONFIRM = "/inbox/notifications/address/"


def choose(user: User, **fields):
    return client_of(user).post(PAGE, {"wait_minutes": 30, "address": ""} | fields)


def test_nothing_is_on_by_itself(thread, mikko):
    form = client_of(mikko).get(PAGE).context["form"]

    assert not any(form[name].value() for name in ("sound", "desktop", "mail_mentions", "mail_waits"))
    page = client_of(mikko).get("/inbox/").content.decode()
    assert "data-sound" not in page
    assert "data-desktop" not in page


def test_what_is_chosen_is_kept_and_every_page_goes_by_it(thread, mikko, aino):
    assert choose(mikko, sound="on", desktop="on").status_code == 302

    page = client_of(mikko).get("/contacts/").content.decode()
    assert "data-sound" in page
    assert "data-desktop" in page
    assert f'data-newest="{thread.messages.get().pk}"' in page
    assert "data-sound" not in client_of(aino).get("/contacts/").content.decode()


def test_an_address_counts_once_its_mail_was_read(thread, mikko):
    choose(mikko, mail_waits="on", address="mikko@kahvila.test")
    wait(thread, minutes=40)
    assert sent() == ["mikko"]
    [asking] = mail.outbox
    assert asking.subject == "Confirm your address"
    assert "mikko@kahvila.test" in client_of(mikko).get(PAGE).content.decode()

    link = next(word for word in asking.body.split() if "token=" in word)
    [token] = parse_qs(urlsplit(link).query)["token"]
    assert token in client_of(mikko).get(PAGE, {"token": token}).content.decode()
    client_of(mikko).post(CONFIRM, {"token": token})
    assert sent() == ["mikko", "mikko"]


@pytest.mark.parametrize("who", ["aino", "otto"])
def test_nobody_confirms_an_address_for_another(mikko, request, who):
    choose(mikko, mail_waits="on", address="mikko@kahvila.test")
    kept = NotificationSettings.objects.get(user=mikko)
    [token] = parse_qs(urlsplit(mail_addresses.confirming_path(kept)).query)["token"]

    client_of(request.getfixturevalue(who)).post(CONFIRM, {"token": token})

    kept.refresh_from_db()
    assert kept.confirmed_at is None


@pytest.mark.parametrize("token", ["", "x", "\0", "a:b:c", "9" * 5000])
def test_a_token_that_is_none_confirms_nothing(mikko, token):
    choose(mikko, mail_waits="on", address="mikko@kahvila.test")

    assert client_of(mikko).post(CONFIRM, {"token": token}).status_code == 302
    assert NotificationSettings.objects.get().confirmed_at is None


def test_another_address_has_to_be_confirmed_anew(mikko):
    kept = wishes(mikko, mail_waits=True)
    choose(mikko, mail_waits="on", address=kept.address)
    assert NotificationSettings.objects.get().confirmed_at == kept.confirmed_at

    choose(mikko, mail_waits="on", address="other@kahvila.test")
    assert NotificationSettings.objects.get().confirmed_at is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"mail_waits": "on"},
        {"address": "nowhere"},
        {"wait_minutes": 4},
        {"wait_minutes": 721},
        {"address": "a@b.test\nBcc: x@y.test"},
    ],
)
def test_what_cannot_be_is_said_and_not_kept(mikko, wrong):
    refused = choose(mikko, **wrong)

    assert refused.status_code == 422
    assert not NotificationSettings.objects.exists()


def test_without_a_mail_server_the_page_says_so_and_keeps_what_was(mikko, settings):
    kept = wishes(mikko, mail_waits=True)
    settings.EMAIL_HOST = ""

    assert "no mail server" in client_of(mikko).get(PAGE).content.decode()
    choose(mikko, sound="on", address="other@kahvila.test")
    now = NotificationSettings.objects.get()
    assert (now.sound, now.mail_waits, now.address) == (True, True, kept.address)


def test_who_only_reads_is_offered_no_mail(vera):
    page = client_of(vera).get(PAGE).content.decode()

    assert "Mail is for those who answer" in page
    assert choose(vera, mail_waits="on", address="vera@kahvila.test").status_code == 302
    assert NotificationSettings.objects.get().address == ""


def test_what_the_stream_did_not_tell_one_by_one_is_looked_up(hook, thread, kahvila, mikko, aino):
    newest = Message.objects.get().pk

    def news(person, **heard) -> tuple[int, str]:
        told = client_of(person).get(reverse("inbox:news"), heard).json()["customers"]
        return next((each["waiting"], each["words"]) for each in told if each["customer"] == kahvila.pk)

    assert news(mikko, message=newest - 1) == (1, "New message")
    assert news(mikko, message=newest) == (1, "")
    teamwork.assign(Thread.objects.all(), customer=kahvila, to=aino, by=mikko)
    assert news(mikko, message=newest - 1) == (1, ""), "it is a colleague's"
    notes.write(thread, f"@{mikko} katso", by=aino)
    assert news(mikko, message=newest) == (1, "You were mentioned")
    assert news(mikko, message=newest, mention=Mention.objects.get().pk) == (1, "")


def test_a_stranger_hears_no_news_of_others(thread, otto, kahvila):
    told = client_of(otto).get(reverse("inbox:news")).json()["customers"]

    assert kahvila.pk not in {each["customer"] for each in told}
    assert {each["words"] for each in told} <= {""}
