"""A file that goes along with an answer: named by its address, and only where SmartDialog can carry one."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest

from gateway import clock
from gateway.outbox.draining import drain
from messaging.inbox.models import Message, MessageState, Thread
from messaging.inbox.replies import decisions, replying
from messaging.inbox.replies.replying import CannotReply, ReplyOptions
from messaging.inbox.tests.conftest import ANNA, API, of, receive
from messaging.whatsapp.models import HeaderKind, Template, TemplateState
from tests.factories import make_service
from tests.markup import markup
from tests.people import client_of

pytestmark = pytest.mark.django_db

MENU = "https://kahvila.example/files/lounas%20lista.pdf?v=2"
REPLY, TEMPLATES = f"{API}/messages/reply/question", f"{API}/messages/templates/whatsapp"
TAKEN = {"MessageId": "m-1", "MessagePartCount": 1, "Recipients": [{"Address": ANNA, "Id": "r-1"}]}


@pytest.fixture
def on_whatsapp(hook, answering) -> Thread:
    at = (clock.now() - timedelta(hours=1)).isoformat()
    receive(hook, content="Lista?", protocol="WhatsApp", messageId="question", timestamp=at)
    return Thread.objects.get()


def send(thread: Thread, by, **fields):
    form = {"content": "Tässä lista.", "attachment": MENU, "key": str(uuid4())}
    return client_of(by).post(of(thread, "replies"), form | fields)


def test_a_file_goes_along_on_whatsapp_and_stands_in_the_conversation(
    on_whatsapp, mikko, connected, smartdialog
):
    smartdialog.post(REPLY, json=TAKEN)

    assert send(on_whatsapp, mikko).status_code == 302
    drain(connected.pk)

    assert json.loads(smartdialog.calls[-1].request.body)["AttachmentUri"] == MENU
    message = Message.objects.get(content="Tässä lista.")
    assert (message.state, message.attachments[0]["name"]) == (MessageState.SENT, "lounas lista.pdf")
    assert "lounas lista.pdf" in markup(client_of(mikko).get(of(on_whatsapp)))


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("http://kahvila.example/a.pdf", "beginning with https://"),
        ("https://kahvila.example/a.exe", "WhatsApp shows no .exe files"),
        ("https://kahvila.example/" + "a" * 2000, "at most 2000 characters"),
    ],
)
def test_what_can_be_no_file_is_said_and_nothing_is_sent(on_whatsapp, mikko, address, words):
    response = send(on_whatsapp, mikko, attachment=address)

    assert response.status_code == 422
    assert words in markup(response)
    assert "Tässä lista." in markup(response), "the text is kept"
    assert not Message.objects.filter(direction="out").exists()


def test_an_sms_carries_no_file_and_the_reply_box_says_so(thread, mikko):
    page = markup(client_of(mikko).get(of(thread)))
    response = send(thread, mikko)

    assert "goes out as an SMS, which carries no file" in page
    assert 'name="attachment"' not in page
    assert response.status_code == 422
    assert "carries no file" in markup(response)
    assert not Message.objects.filter(direction="out").exists()


def test_a_refused_answer_with_a_file_says_that_it_may_be_for_the_file(
    on_whatsapp, mikko, connected, smartdialog
):
    smartdialog.post(REPLY, status=400, json={"errorMessage": "An SMS cannot carry AttachmentUri"})
    send(on_whatsapp, mikko)

    drain(connected.pk)

    message = Message.objects.get(direction="out")
    assert message.state == MessageState.FAILED
    assert "An SMS cannot carry AttachmentUri" in message.error_text
    assert "It may be for the file" in message.error_text


def test_what_is_sent_anew_takes_its_file_along(on_whatsapp, mikko, connected):
    options = ReplyOptions(attachment=MENU)
    message = replying.reply(on_whatsapp, "Tässä lista.", key=uuid4(), by=mikko, options=options)
    Message.objects.filter(pk=message.pk).update(operation=None, state=MessageState.FAILED)
    message.refresh_from_db()

    again = decisions.try_again(message, by=mikko)

    assert again.operation.payload["sms"]["attachment_uri"] == MENU
    Message.objects.filter(pk=again.pk).update(operation=None, state=MessageState.FAILED)
    receive_sms_since(on_whatsapp)
    again.refresh_from_db()
    with pytest.raises(CannotReply, match="carries no file"):
        decisions.try_again(again, by=mikko)


def receive_sms_since(thread: Thread) -> None:
    at = clock.now()
    Message.objects.create(
        thread=thread, direction="in", content="Hei", at=at, protocol="SMS", remote_id="later",
        our_address="+358451234567",
    )  # fmt: skip


def test_a_template_with_a_picture_asks_for_it_and_takes_it_along(
    on_whatsapp, kahvila, mikko, connected, smartdialog
):
    make_service(kahvila, name="Sends")
    template = Template.objects.create(
        customer=kahvila,
        display_name="Lista",
        body="Hei, tässä lista.",
        header_kind=HeaderKind.IMAGE,
        state=TemplateState.LISTED,
        remote_id="menu_1",
    )
    browser, here = client_of(mikko), of(on_whatsapp, "template_reply")
    form = {"template": template.pk, "key": str(uuid4())}

    asked = browser.post(here, form)
    assert asked.status_code == 422
    assert "A picture" in markup(asked)
    smartdialog.post(TEMPLATES, json={"messageId": "w-1", "recipients": [{"address": ANNA, "id": "r"}]})
    picture = "https://kahvila.example/lista.png"
    assert browser.post(here, form | {"attachment": picture}).status_code == 302
    drain(connected.pk)

    assert json.loads(smartdialog.calls[-1].request.body)["AttachmentUri"] == picture
