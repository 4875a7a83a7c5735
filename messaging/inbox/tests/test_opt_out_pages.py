"""Deciding about messages that may be opt-outs, and setting the words of a customer."""

import unicodedata

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEvent, User
from contacts.models import ConsentSource, OptOutDecision, OptOutRequest, Suppression
from gateway.models import LiveUpdate
from messaging.inbox.forms import KINDS
from messaging.inbox.incoming.receiving import TOPIC
from messaging.inbox.models import OptOutSettings, Thread
from messaging.inbox.models.opt_out_settings import MAX_CONFIRMATION_LENGTH
from messaging.inbox.opt_outs.intents import intent_of
from messaging.inbox.opt_outs.stop_words import LANGUAGES
from messaging.inbox.tests.conftest import ANNA, HTMX, of, receive
from tests.people import client_of

pytestmark = pytest.mark.django_db
ASKED = "Please stop, I beg you"
REQUESTS, WORDS = "/inbox/opt-out-requests/", "/settings/opt-out-words/"


@pytest.fixture
def as_mikko(mikko: User) -> Client:
    return client_of(mikko)


@pytest.fixture
def as_aino(aino: User, connected) -> Client:
    return client_of(aino)


@pytest.fixture
def as_vera(vera: User) -> Client:
    return client_of(vera)


@pytest.fixture
def as_otto(otto: User) -> Client:
    return client_of(otto)


@pytest.fixture
def request_of_anna(hook) -> OptOutRequest:
    receive(hook, content=ASKED)
    return OptOutRequest.objects.get()


def decide(client, request: OptOutRequest, decision: str, **more):
    address = reverse("inbox:opt_out_decision", args=[request.pk])
    return client.post(address, {"decision": decision, **more})


def typed_words(client, **changes: str) -> dict[str, str]:
    """What the form would send if somebody changed only that."""
    form = client.get(WORDS).context["form"]
    names = [f"{kind}_{language}" for kind in KINDS for language in LANGUAGES]
    return {name: form[name].value() for name in [*names, "confirmation"]} | changes


def test_what_waits_is_listed_with_its_words_and_leads_to_its_thread(as_mikko, request_of_anna):
    page = as_mikko.get(REQUESTS).content.decode()

    assert ASKED in page
    assert reverse("inbox:thread", args=[request_of_anna.messages.get().thread_id]) in page


def test_one_press_opts_out(as_mikko, request_of_anna):
    response = decide(as_mikko, request_of_anna, "opted_out")

    assert response.url == REQUESTS
    assert Suppression.objects.in_force().get().phone == ANNA
    assert ASKED not in as_mikko.get(REQUESTS).content.decode()
    assert ASKED in as_mikko.get(REQUESTS + "?show=decided").content.decode()


def test_one_press_says_that_it_was_none_and_goes_back_to_the_thread(as_mikko, request_of_anna):
    thread = request_of_anna.messages.get().thread

    response = decide(as_mikko, request_of_anna, "not_meant", next=of(thread))

    assert response.url == of(thread)
    assert not Suppression.objects.exists()
    assert "Not an opt-out" in as_mikko.get(of(thread)).content.decode()


def test_the_second_to_decide_is_told_what_the_first_decided(as_mikko, as_aino, request_of_anna):
    decide(as_aino, request_of_anna, "not_meant")

    response = decide(as_mikko, request_of_anna, "opted_out", follow=True)

    page = as_mikko.get(response.url).content.decode()
    assert "It was decided before, by Aino" in page
    assert OptOutRequest.objects.get().decision == OptOutDecision.NOT_MEANT


@pytest.mark.parametrize("decision", ["", "maybe", "x" * 500])
def test_another_word_decides_nothing(as_mikko, request_of_anna, decision):
    decide(as_mikko, request_of_anna, decision)

    assert not OptOutRequest.objects.get().is_decided


def test_a_viewer_looks_and_does_not_decide(as_vera, request_of_anna):
    assert decide(as_vera, request_of_anna, "opted_out").status_code == 403
    assert "A marketer or an admin decides" in as_vera.get(REQUESTS).content.decode()


def test_a_stranger_finds_none_of_it(as_otto, request_of_anna):
    assert decide(as_otto, request_of_anna, "opted_out").status_code == 404
    assert ASKED not in as_otto.get(REQUESTS).content.decode()


def test_the_list_takes_as_many_queries_however_long_it_is(
    as_mikko, kahvila, request_of_anna, django_assert_max_num_queries
):
    waiting = [OptOutRequest(customer=kahvila, phone=f"+35840{n:07}", words=str(n)) for n in range(120)]
    OptOutRequest.objects.bulk_create(waiting)

    with django_assert_max_num_queries(9):
        page = as_mikko.get(REQUESTS, **HTMX)
    assert page.content.decode().count("<q>") == 50

    second = as_mikko.get(REQUESTS, {"before": page.context["page"].next}, **HTMX)
    shown = {each.pk for each, *_ in page.context["rows"]} | {each.pk for each, *_ in second.context["rows"]}
    assert len(shown) == 100


def test_the_inbox_and_the_overview_lead_to_what_waits(as_mikko, request_of_anna):
    for page in ["/inbox/", "/"]:
        assert REQUESTS in as_mikko.get(page).content.decode()


def test_an_admin_sets_the_words_of_a_customer(as_aino, kahvila, trattoria):
    typed = typed_words(as_aino, stop_fi="lopeta\r\nEn  tahdo", confirmation="Et saa enää viestejä.")

    assert as_aino.post(WORDS, typed).status_code == 302

    kept = OptOutSettings.objects.get()
    assert kept.customer == kahvila
    assert list(kept.words) == ["fi"]
    assert kept.words["fi"]["stop"] == ["lopeta", "En tahdo"]
    assert intent_of("en tahdo!", kept.vocabulary) == "stop"
    assert intent_of("en tahdo!", OptOutSettings.of(trattoria).vocabulary) is None
    assert AuditEvent.objects.get(verb="opt_out_words.changed").after["confirmation"]


def test_words_that_are_ours_again_are_no_longer_its_own(as_aino, kahvila):
    ours = typed_words(as_aino)
    OptOutSettings.objects.create(customer=kahvila, words={"fi": {"stop": [], "ask": [], "start": []}})

    as_aino.post(WORDS, ours)

    assert OptOutSettings.objects.get().words == {}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"start_fi": "aloita\nseis"}, "“seis” opts people out"),
        ({"start_sv": "STOP"}, "“STOP” opts people out"),
        ({"ask_it": "x" * 70}, "is too long"),
        ({"stop_en": "\n".join(f"w{n}" for n in range(201))}, "201 of them"),
        ({"confirmation": "x" * 301}, "at most 300 characters"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_typed_is_lost(as_aino, changes, words):
    response = as_aino.post(WORDS, typed_words(as_aino, **changes))

    assert response.status_code == 422
    page = response.content.decode()
    assert words in page
    assert next(iter(changes.values())).splitlines()[0] in page
    assert not OptOutSettings.objects.exists()


@pytest.mark.parametrize(
    ("tried", "words"),
    [
        ("Stop, kiitos", "Opts out"),
        ("please stop", "Asks us first"),
        ("start", "Lets them back"),
        ("Hei", "Changes nothing"),
    ],
)
def test_a_message_is_tried_on_the_words(as_aino, tried, words):
    assert words in as_aino.get(WORDS, {"try": tried}).content.decode()


def test_only_admins_set_words(as_mikko):
    assert as_mikko.get(WORDS).status_code == as_mikko.post(WORDS, {}).status_code == 403


def test_somebody_is_opted_out_and_let_back_from_their_thread_though_no_group_has_them(as_mikko, thread):
    as_mikko.post(of(thread, "opting_out"), {"words": "Asked at the counter"})
    page = as_mikko.get(of(thread)).content.decode()
    assert "Asked at the counter" in page
    assert "This person has opted out." in page
    assert Suppression.objects.in_force().get().source == ConsentSource.STAFF

    asked = as_mikko.post(of(thread, "letting_back"), {"words": ""})
    assert asked.status_code == 422
    as_mikko.post(of(thread, "letting_back"), {"words": "Signed the form", "dated": "2026-11-12"})
    assert not Suppression.objects.in_force().exists()
    assert "Signed the form" in as_mikko.get(of(thread)).content.decode()


def test_who_has_no_number_cannot_be_opted_out_from_the_thread(as_mikko, hook):
    receive(hook, sender="INFO")
    thread = Thread.objects.get()

    assert of(thread, "opting_out") not in as_mikko.get(of(thread)).content.decode()
    assert as_mikko.post(of(thread, "opting_out")).status_code == 422
    assert not Suppression.objects.exists()


@pytest.mark.parametrize("phrase", ["*", "**", "o*", "* viestejä", "en *", "sto*p", "ok*"])
def test_no_word_of_a_customer_fits_every_message(as_aino, kahvila, phrase):
    answer = as_aino.post(WORDS, typed_words(as_aino, stop_fi=phrase))

    assert answer.status_code == 422
    assert "would fit almost any message" in answer.content.decode()
    assert not OptOutSettings.objects.exists()


def test_a_confirmation_is_kept_as_it_is_sent_and_counted(as_aino):
    text = unicodedata.normalize("NFD", "Selvä.\r\n") + "a" * (MAX_CONFIRMATION_LENGTH - 8)

    assert as_aino.post(WORDS, typed_words(as_aino, confirmation=text)).status_code == 302

    assert OptOutSettings.objects.get().confirmation == "Selvä.\n" + "a" * (MAX_CONFIRMATION_LENGTH - 8)


def test_open_inboxes_hear_what_was_decided(as_mikko, request_of_anna):
    thread = Thread.objects.get()
    done = [
        lambda: decide(as_mikko, request_of_anna, OptOutDecision.OPTED_OUT),
        lambda: as_mikko.post(of(thread, "letting_back"), {"words": "Called us", "dated": "2026-11-24"}),
        lambda: as_mikko.post(of(thread, "opting_out"), {"words": "Called us"}),
    ]

    for each in done:
        LiveUpdate.objects.all().delete()
        each()
        assert LiveUpdate.objects.filter(topic=TOPIC, row=thread.pk).count() == 1
