"""A No of whom it is not certain which number it is: asked about, not lost, not recorded for a stranger."""

import pytest
from django.urls import reverse

from contacts.models import OptOutDecision, OptOutRequest, Suppression
from messaging.inbox.incoming.addresses import MAX_ADDRESS, normalize_address
from messaging.inbox.models import Message, Thread
from messaging.inbox.opt_outs.intents import Intent
from messaging.inbox.tests.conftest import ANNA, of, receive
from tests.factories import make_contact, make_service
from tests.people import client_of

pytestmark = pytest.mark.django_db
REQUESTS = "/inbox/opt-out-requests/"
UNCLEAR = [
    f"{ANNA}/1",
    f"{ANNA} (2)",
    "+358 40 1111111 ext. 2",
    f"{ANNA};+358402222222",
    "358401111111@sms.arena.fi",
    "358401111111:12@s.whatsapp.net",
    "358401111111-1@c.us",
    "3.58401111111E+11",
    "+358" + "4" * 60,
    {"number": ANNA},
]


def opted_out() -> list[str]:
    return list(Suppression.objects.in_force().values_list("phone", flat=True))


@pytest.mark.parametrize(
    "sender",
    [
        *(f"tel:{ANNA}", f"WhatsApp: {ANNA}", "whatsapp:358401111111", f"sip:{ANNA}@operator.fi"),
        *("358401111111.0", f"{ANNA}.00", 358401111111.0, 3.58401111111e11, 358401111111),
        *({"address": ANNA}, {"type": 1, "Address": ANNA}),
    ],
)
def test_a_number_is_read_where_it_is_certain(hook, sender):
    receive(hook, sender=sender, content="STOP")

    assert opted_out() == [ANNA]


def test_digits_of_a_mail_address_are_the_phone_of_whom_we_know(hook, kahvila):
    make_contact(make_service(kahvila, kind="Group"), phone=ANNA)

    receive(hook, sender="358401111111@sms.arena.fi", content="STOP")

    assert opted_out() == [ANNA]


@pytest.mark.parametrize("sender", UNCLEAR, ids=str)
@pytest.mark.parametrize("content", ["STOP", "please stop"])
def test_a_no_of_an_unclear_number_waits_for_a_person_and_for_an_answer(hook, sender, content):
    receive(hook, sender=sender, content=content)

    assert opted_out() == []
    request, message = OptOutRequest.objects.get(), Message.objects.get()
    assert (request.words, request.unreadable, request.phone) == (content, True, message.thread.address)
    assert (message.intent, message.opt_out_request) == (Intent.MAY_STOP, request)
    assert message.thread.unanswered_since


@pytest.mark.parametrize("sender", ["INFO", "16400", f"{ANNA}/1"])
@pytest.mark.parametrize("content", ["STOP", "START"])
def test_what_nothing_was_done_about_does_not_look_done(hook, sender, content):
    receive(hook, sender=sender, content=content)

    assert Thread.objects.get().unanswered_since
    assert Message.objects.get().intent not in {Intent.STOP, Intent.START}


def test_an_address_is_cut_only_after_it_is_read(hook):
    assert normalize_address(f"+358{' ' * (MAX_ADDRESS - 12)}401111111", hook.service) == ANNA


@pytest.fixture
def unclear(hook) -> OptOutRequest:
    receive(hook, sender=f"{ANNA}/1", content="STOP")
    return OptOutRequest.objects.get()


def decide(client, request: OptOutRequest, **form: str):
    return client.post(reverse("inbox:opt_out_decision", args=[request.pk]), form, follow=True)


def test_a_person_says_whose_number_it_is_and_it_is_opted_out(mikko, unclear):
    client = client_of(mikko)
    assert "Which number is it?" in client.get(REQUESTS).content.decode()

    decide(client, unclear, decision="opted_out", phone="040 1111111")

    assert opted_out() == [ANNA]
    unclear.refresh_from_db()
    assert (unclear.phone, unclear.unreadable, unclear.decided_by) == (ANNA, False, mikko)
    assert "Opted out" in client.get(of(Thread.objects.get())).content.decode()


def test_what_waits_of_that_number_itself_is_decided_with_it(hook, mikko, unclear):
    receive(hook, content="please stop")

    decide(client_of(mikko), unclear, decision="opted_out", phone=ANNA)

    assert not OptOutRequest.objects.undecided().exists()


@pytest.mark.parametrize("phone", ["", "040", "4791234567", f"{ANNA}/1"])
def test_without_a_certain_number_nothing_is_decided(mikko, unclear, phone):
    page = decide(client_of(mikko), unclear, decision="opted_out", phone=phone)

    assert "Nothing is decided yet" in page.content.decode()
    assert OptOutRequest.objects.undecided().exists()
    assert opted_out() == []


def test_that_it_was_no_opt_out_needs_no_number(mikko, unclear):
    decide(client_of(mikko), unclear, decision="not_meant")

    assert OptOutRequest.objects.get().decision == OptOutDecision.NOT_MEANT


def test_the_second_to_name_a_number_is_told_who_decided(mikko, aino, unclear):
    decide(client_of(aino), unclear, decision="not_meant")

    page = decide(client_of(mikko), unclear, decision="opted_out", phone=ANNA)

    assert "It was decided before, by Aino" in page.content.decode()
    assert opted_out() == []


def test_the_thread_and_the_overview_say_that_campaigns_do_not_skip_them(mikko, unclear):
    client = client_of(mikko)

    assert "Campaigns do not" in client.get(of(Thread.objects.get())).content.decode()
    assert "campaigns do not skip those" in client.get("/").content.decode()
