"""Writing first to one person: from where, to whom an answer comes, and where a conversation is already."""

import json
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gateway.models import Operation, ServiceKind
from gateway.outbox.draining import drain
from messaging.inbox.models import Draft, Thread
from messaging.inbox.replies import drafts, first_messages, replying
from messaging.inbox.replies.replying import AnsweredMeanwhile
from messaging.inbox.team.desk import Desk
from messaging.inbox.tests.conftest import ANNA, API, NUMBER, answer, of, receive
from messaging.inbox.tests.test_writing import NEW, SMS_TAKEN, opt_out
from tests.factories import make_connection, make_contact, make_service
from tests.markup import markup
from tests.people import client_of

pytestmark = pytest.mark.django_db


def first(phone: str = "0401230000", **fields) -> dict[str, str]:
    return {"phone": phone, "sender": NUMBER, "content": "Pöytänne on valmis.", "key": str(uuid4())} | fields


def test_a_first_message_begins_a_conversation_and_is_sent_once(
    number, sending, connected, mikko, smartdialog
):
    smartdialog.post(f"{API}/messages", json=SMS_TAKEN)
    browser, form = client_of(mikko), first()

    for _ in range(2):
        response = browser.post(NEW, form)
    drain(connected.pk)

    thread = Thread.objects.get()
    assert (thread.address, response.headers["Location"]) == ("+358401230000", of(thread))
    [call] = smartdialog.calls
    body = json.loads(call.request.body)
    assert (body["Sender"], body["Content"]) == (NUMBER, "Pöytänne on valmis.")
    assert call.request.headers["Service-Id"] == sending.remote_id
    assert "Pöytänne on valmis." in markup(browser.get(of(thread)))
    assert answer(thread, mikko, "Vielä yksi").operation.kind == replying.FIRST


def test_a_first_message_with_a_gap_is_not_sent(number, sending, connected, mikko):
    page = client_of(mikko).post(NEW, first(content="Hei $(firstName)!"))

    assert "Nothing stands for $(firstName) yet" in markup(page)
    assert "Hei $(firstName)!" in markup(page)
    assert not Operation.objects.exists()


def test_words_to_somebody_who_has_written_go_into_the_reply_box_and_nothing_is_sent(thread, mikko):
    page = client_of(mikko).post(NEW, first(ANNA), follow=True)

    assert page.redirect_chain == [(of(thread), 302)]
    assert "Your words are in its reply box, not sent yet." in markup(page)
    assert page.context["composer"]["form"]["content"].value() == "Pöytänne on valmis."
    assert not Operation.objects.exists()


def test_words_that_are_taken_along_stand_below_what_was_begun_there(thread, mikko):
    drafts.keep(thread, "Hei Anna,", key=uuid4(), of=mikko)

    for _ in range(2):
        client_of(mikko).post(NEW, first(ANNA))

    assert Draft.objects.get().content == "Hei Anna,\n\nPöytänne on valmis."


def test_who_has_opted_out_is_not_written_to_first(number, sending, connected, kahvila, mikko):
    opt_out(kahvila, mikko)

    response = client_of(mikko).post(NEW, first(ANNA))

    assert response.status_code == 422
    assert "They have opted out" in markup(response)
    assert not Operation.objects.exists()


def test_of_two_who_write_first_to_one_person_at_once_the_second_is_asked(
    number, sending, connected, kahvila, mikko, aino, monkeypatch
):
    make_connection(aino)
    first_messages.write(kahvila, ANNA, "Hei!", sender=NUMBER, key=uuid4(), by=aino)
    monkeypatch.setattr(first_messages, "thread_with", lambda *_: None)  # as it was for both a moment ago

    with pytest.raises(AnsweredMeanwhile):
        first_messages.write(kahvila, ANNA, "Terve!", sender=NUMBER, key=uuid4(), by=mikko)


def test_an_answer_comes_to_the_service_of_the_number_that_one_writes_from(hook, sending, kahvila, mikko):
    receive(hook, sender="+358409999999")
    theirs = Thread.objects.get().service
    make_service(kahvila, kind=ServiceKind.TWO_WAY, name="A first of all")

    client_of(mikko).post(NEW, first())

    assert Thread.objects.get(address="+358401230000").service == theirs


@pytest.mark.parametrize("text", ["+358 40 1230000", "0401230000"])
def test_a_number_without_a_conversation_can_be_written_to_from_the_search(
    number, connected, mikko, vera, text
):
    link = f"{NEW}?phone=%2B358401230000"

    assert link in markup(client_of(mikko).get("/inbox/", {"q": text}))
    assert link not in markup(client_of(vera).get("/inbox/", {"q": text}))
    assert client_of(mikko).get(link).context["form"]["phone"].value() == "+358401230000"


def test_a_contact_without_a_conversation_can_be_written_to_from_the_search(
    thread, kahvila, trattoria, mikko
):
    group, theirs = (make_service(each, kind=ServiceKind.GROUP) for each in (kahvila, trattoria))
    make_contact(group, phone=ANNA, first_name="Anna")
    make_contact(group, phone="+358407777777", first_name="Bertta")
    make_contact(theirs, phone="+358408888888", first_name="Bertta")

    found = markup(client_of(mikko).get("/inbox/", {"q": "bertta"}))

    assert f"{NEW}?phone=%2B358407777777" in found
    assert "8888888" not in found
    assert "Write to" not in markup(client_of(mikko).get("/inbox/", {"q": "anna"}))


@pytest.mark.only_on("postgresql")
def test_whom_one_can_write_to_is_asked_of_the_index_of_words(kahvila):
    make_contact(make_service(kahvila, kind="group"), phone="+358407777777", first_name="Ville")
    with CaptureQueriesContext(connection) as captured:
        found = first_messages.strangers(Desk(kahvila), "ville")

    assert [each.phone for each in found] == ["+358407777777"]
    assert [each for each in captured if "MATERIALIZED" in each["sql"]]


def test_to_which_service_an_answer_comes_is_asked_where_nobody_knows(
    number, sending, connected, kahvila, mikko
):
    other = make_service(kahvila, kind=ServiceKind.TWO_WAY, name="Varaukset")
    browser = client_of(mikko)

    asked = browser.post(NEW, first())
    assert (asked.status_code, "Choose the service." in markup(asked)) == (422, True)
    assert 'name="service"' in markup(asked)
    browser.post(NEW, first(service=str(other.pk)))

    assert Thread.objects.get().service == other


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"phone": "123"}, "number"),
        ({"sender": "Pitkä lähettäjä"}, "at most 11"),
        ({"content": " "}, "required"),
        ({"content": "a" * 1001}, "1,001"),
    ],
)
def test_what_cannot_be_sent_is_said_and_keeps_what_was_typed(number, sending, connected, mikko, fields, why):
    response = client_of(mikko).post(NEW, first(**fields))

    assert response.status_code == 422
    assert not Thread.objects.exists()
    assert why in str(response.context["form"].errors)


@pytest.mark.parametrize("missing", ["sending", "two-way"])
def test_without_the_services_for_it_the_page_says_whom_to_ask(kahvila, connected, mikko, missing):
    make_service(kahvila, kind=ServiceKind.TWO_WAY if missing == "sending" else ServiceKind.ONE_WAY)

    response = client_of(mikko).post(NEW, first("+358401230000"))

    assert (response.status_code, "Ask Arena" in markup(response)) == (422, True)
    assert not Thread.objects.exists()
