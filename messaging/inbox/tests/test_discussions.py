"""SmartDialog's discussions: named by it or linked by a person, and then answered."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest
import requests

from accounts.models import AuditEvent
from gateway import clock
from gateway.models import Operation, OperationState
from gateway.outbox.draining import drain
from messaging.inbox.models import Message, MessageState, ReplySettings, Thread
from messaging.inbox.replies import decisions, discussions, routes
from messaging.inbox.replies.replying import DISCUSSION, REPLY, CannotReply
from messaging.inbox.tests.conftest import ANNA, API, answer, of, receive
from tests.factories import suppress
from tests.markup import markup
from tests.people import client_of

pytestmark = pytest.mark.django_db

REPLIES, DISCUSSIONS = f"{API}/messages/reply/first", f"{API}/messages/discussion/reply"
BEN = "+358402222222"


def taken(address: str = ANNA, **more: str) -> dict:
    return {
        "MessageId": "m-1",
        "MessagePartCount": 1,
        "Recipients": [{"Address": address, "Id": "r"}],
        **more,
    }


def link(thread: Thread, by, discussion: str = "d-1"):
    return client_of(by).post(of(thread, "discussion"), {"discussion": discussion}, follow=True)


@pytest.fixture
def linked(thread, mikko) -> Thread:
    discussions.link(thread, "d-1", by=mikko)
    thread.refresh_from_db()
    return thread


def test_a_linked_discussion_is_answered_as_one(linked, kahvila, mikko, connected, smartdialog):
    smartdialog.post(DISCUSSIONS, json=taken(ThreadId="d-1"))

    message = answer(linked, mikko)
    drain(connected.pk)

    call = smartdialog.calls[-1].request
    assert json.loads(call.body) == {"ThreadId": "d-1", "Content": "Kello 9."}
    assert call.headers["CustomerId"] == kahvila.remote_id
    message.refresh_from_db()
    assert (message.operation.kind, message.state, message.remote_id) == (
        DISCUSSION,
        MessageState.SENT,
        "m-1",
    )


def test_who_links_it_is_told_on_the_page_and_in_the_audit_trail(thread, mikko):
    page = markup(link(thread, mikko, "  d 7/ä "))

    thread.refresh_from_db()
    assert (thread.discussion_id, thread.discussion_by_hand) == ("d 7/ä", True)
    assert "In SmartDialog’s discussion" in page
    assert "Linked a discussion in SmartDialog" in page
    assert AuditEvent.objects.filter(verb="thread.discussion_linked", actor=mikko).exists()
    client_of(mikko).post(of(thread, "discussion"), {"discussion": "d 7/ä", "off": "on"})
    thread.refresh_from_db()
    assert (thread.discussion_id, routes.reply_route(thread).discussion) == ("", "")


@pytest.mark.parametrize("discussion", ["", "a\nb", "a" * 201])
def test_what_can_be_no_id_links_nothing(thread, mikko, discussion):
    page = markup(link(thread, mikko, discussion))

    assert "Write the id as SmartDialog has it" in page
    assert Thread.objects.get().discussion_id == ""


def test_a_discussion_of_another_person_is_not_linked(linked, hook, mikko):
    receive(hook, sender=BEN)
    of_ben = Thread.objects.get(address=BEN)

    page = markup(link(of_ben, mikko, "d-1"))

    assert "linked to another person" in page
    assert Thread.objects.get(address=BEN).discussion_id == ""


def test_a_viewer_links_nothing_and_to_a_stranger_there_is_no_thread(thread, vera, otto):
    assert link(thread, vera).status_code == 403
    assert link(thread, otto).status_code == 404
    assert "Link a discussion" not in markup(client_of(vera).get(of(thread)))


@pytest.mark.parametrize("told", ["answer", "message"])
def test_what_smartdialog_names_is_kept_and_answered_where_the_customer_wants_it(
    hook, thread, kahvila, mikko, connected, smartdialog, told
):
    if told == "answer":
        smartdialog.post(REPLIES, json=taken(ThreadId="d-9"))
        answer(thread, mikko)
        drain(connected.pk)
    else:
        receive(hook, content="Vielä yksi", threadId="d-9")
    thread.refresh_from_db()

    assert (thread.discussion_id, thread.discussion_by_hand) == ("d-9", False)
    assert answer(thread, mikko, "Tavallinen").operation.kind == REPLY
    ReplySettings.objects.create(customer=kahvila, in_discussions=True)
    assert answer(thread, mikko, "Keskusteluun").operation.payload["discussion"] == "d-9"


def test_an_admin_says_whether_discussions_are_answered(kahvila, aino):
    browser = client_of(aino)

    browser.post("/inbox/settings/", {"in_discussions": "on"})
    assert ReplySettings.of(kahvila).in_discussions
    browser.post("/inbox/settings/", {})
    assert not ReplySettings.of(kahvila).in_discussions


def test_what_a_person_linked_is_not_changed_by_what_smartdialog_names(linked, hook):
    receive(hook, content="Vielä yksi", threadId="d-9")

    linked.refresh_from_db()
    assert linked.discussion_id == "d-1"


def test_where_messages_have_no_id_a_discussion_is_the_way(hook, answering, mikko):
    receive(hook, content="Hei", messageId=None)
    with pytest.raises(CannotReply, match="gave no id"):
        routes.reply_route(Thread.objects.get())

    receive(hook, content="Huhuu", messageId=None, threadId="d-3")

    assert routes.reply_route(Thread.objects.get()).discussion == "d-3"


def test_whatsapp_takes_nothing_free_in_a_discussion_after_24_hours_either(hook, answering, mikko):
    at = (clock.now() - timedelta(hours=25)).isoformat()
    receive(hook, content="Hei", protocol="WhatsApp", timestamp=at)
    thread = Thread.objects.get()
    discussions.link(thread, "d-1", by=mikko)
    thread.refresh_from_db()

    with pytest.raises(CannotReply, match="24 hours"):
        routes.reply_route(thread)


def test_who_has_opted_out_gets_no_later_answer_in_a_discussion(linked, kahvila):
    suppress(kahvila, phone=ANNA)

    assert routes.reply_route(linked).discussion == "d-1"
    with pytest.raises(CannotReply, match="opted out"):
        routes.reply_route(linked, at=clock.after(3600))


def test_an_answer_of_which_nothing_is_heard_is_not_repeated(linked, mikko, connected, smartdialog):
    smartdialog.post(DISCUSSIONS, body=requests.exceptions.ReadTimeout("no answer"))
    message = answer(linked, mikko)

    drain(connected.pk)
    Operation.objects.filter(state=OperationState.WAITING).update(due_at=clock.now())
    drain(connected.pk)

    message.refresh_from_db()
    assert message.state == MessageState.UNCERTAIN
    assert len(smartdialog.calls) == 1


def test_an_unknown_discussion_is_said_and_a_corrected_link_is_tried(linked, mikko, connected, smartdialog):
    smartdialog.post(DISCUSSIONS, status=404, json={"errorMessage": "There is no such thread"})
    message = answer(linked, mikko)
    drain(connected.pk)
    message.refresh_from_db()
    assert "does not know the discussion that is linked here" in message.error_text

    link(linked, mikko, "d-2")
    again = decisions.try_again(Message.objects.get(pk=message.pk), by=mikko)

    assert again.pk != message.pk
    assert again.operation.payload["discussion"] == "d-2"


def test_an_answer_that_went_to_somebody_else_is_said_and_ends_the_link(
    linked, mikko, connected, smartdialog
):
    smartdialog.post(DISCUSSIONS, json=taken(BEN, ThreadId="d-1"))
    message = answer(linked, mikko)

    drain(connected.pk)

    message.refresh_from_db()
    linked.refresh_from_db()
    assert message.state == MessageState.FAILED
    assert "is with somebody else" in message.error_text
    assert BEN not in message.error_text
    assert (linked.discussion_id, linked.discussion_by_hand) == ("", False)


@pytest.mark.parametrize("spelled", ["358401111111", "00358401111111", "+358 40 1111111", "0401111111", "?"])
def test_however_smartdialog_spells_their_number_it_went_to_them(
    linked, mikko, connected, smartdialog, number, spelled
):
    type(number).objects.filter(pk=number.pk).update(regions=["FI"])
    smartdialog.post(DISCUSSIONS, json=taken(spelled, ThreadId="d-1"))
    message = answer(linked, mikko)

    drain(connected.pk)

    message.refresh_from_db()
    assert message.state == MessageState.SENT


def test_a_discussion_takes_no_file(linked, mikko):
    form = {"content": "Lista", "attachment": "https://kahvila.example/a.pdf", "key": str(uuid4())}

    response = client_of(mikko).post(of(linked, "replies"), form)

    assert response.status_code == 422
    assert "takes no file into a discussion" in markup(response)
