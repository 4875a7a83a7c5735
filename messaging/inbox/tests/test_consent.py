"""What people write of messages, and what follows: STOP, what comes close, START, a confirmation."""

import pytest

from contacts.consent import opt_outs
from contacts.consent.opt_outs import Evidence
from contacts.models import ConsentSource, Contact, OptOutDecision, OptOutRequest, Suppression
from gateway.models import EventState, Operation
from messaging.campaigns.models import ApprovedSender, Campaign
from messaging.inbox.models import Message, OptOutSettings
from messaging.inbox.opt_outs.intents import Intent
from messaging.inbox.tests.conftest import ANNA, receive

pytestmark = pytest.mark.django_db
CONFIRMED = "Et saa enää viestejä. Vastaa START, jos muutat mielesi."


@pytest.fixture
def confirming(kahvila, answering) -> OptOutSettings:
    return OptOutSettings.objects.create(customer=kahvila, confirmation=CONFIRMED)


def is_active(contact: Contact) -> bool:
    contact.refresh_from_db()
    return contact.active


def wait_for_decision() -> list[str]:
    return list(OptOutRequest.objects.undecided().values_list("words", flat=True))


def confirmations() -> list[Message]:
    return list(Message.objects.filter(automatic=True))


def test_the_name_that_we_know_of_the_sender_says_nothing_else(hook, anna):
    receive(hook, content="Stop, Anna")

    assert not is_active(anna)
    assert Suppression.objects.get().words == "Stop, Anna"


def test_the_sender_of_a_campaign_or_an_approved_one_says_nothing_else(hook, anna, kahvila, trattoria, mikko):
    Campaign.objects.create(customer=kahvila, group=anna.group, created_by=mikko, sender="AALTO24")
    ApprovedSender.objects.create(customer=kahvila, sender="Kahvi24")
    ApprovedSender.objects.create(customer=trattoria, sender="Pasta24")

    receive(hook, content="STOP Pasta24")
    assert is_active(anna)

    for content in ("STOP AALTO24", "stop kahvi24"):
        receive(hook, content=content)
    assert not is_active(anna)
    assert Message.objects.filter(intent=Intent.STOP).count() == 2


def test_what_comes_close_stops_nothing_and_waits_for_a_person(hook, anna, kahvila):
    receive(hook, content="please stop")

    assert is_active(anna)
    request = OptOutRequest.objects.get()
    assert (request.customer, request.phone, request.words) == (kahvila, ANNA, "please stop")
    assert Message.objects.get().opt_out_request == request


def test_of_several_that_come_close_one_waits_with_the_latest_words(hook):
    receive(hook, content="please stop")
    receive(hook, content="En halua enää viestejä")

    assert wait_for_decision() == ["En halua enää viestejä"]
    assert {each.opt_out_request for each in Message.objects.all()} == {OptOutRequest.objects.get()}


def test_who_has_opted_out_is_not_asked_about(hook):
    receive(hook, content="STOP")
    receive(hook, content="please stop")

    assert not OptOutRequest.objects.exists()


def test_stop_after_it_decides(hook):
    receive(hook, content="please stop")
    receive(hook, content="STOP")

    assert OptOutRequest.objects.get().decision == OptOutDecision.OPTED_OUT


def test_a_person_decides_that_it_was_an_opt_out(hook, anna, mikko):
    receive(hook, content="please stop")

    assert opt_outs.decide(OptOutRequest.objects.get(), OptOutDecision.OPTED_OUT, by=mikko)

    assert not is_active(anna)
    kept = Suppression.objects.get()
    assert (kept.source, kept.words, kept.by) == (ConsentSource.MESSAGE, "please stop", mikko)


def test_a_person_decides_that_it_was_none(hook, anna, mikko):
    receive(hook, content="stop it")

    assert opt_outs.decide(OptOutRequest.objects.get(), OptOutDecision.NOT_MEANT, by=mikko)

    assert is_active(anna)
    assert not Suppression.objects.exists()


def test_of_two_people_who_decide_the_first_one_does(hook, anna, mikko, aino):
    receive(hook, content="please stop")
    request = OptOutRequest.objects.get()

    assert opt_outs.decide(request, OptOutDecision.NOT_MEANT, by=aino)
    assert not opt_outs.decide(request, OptOutDecision.OPTED_OUT, by=mikko)

    assert is_active(anna)


def test_start_ends_what_stop_began(hook, anna):
    receive(hook, content="STOP")
    receive(hook, content="Start")

    assert is_active(anna)
    lifted = Suppression.objects.get()
    assert (lifted.lift_source, lifted.lift_words) == (ConsentSource.MESSAGE, "Start")


def test_start_ends_what_a_person_decided_about_their_words(hook, anna, mikko):
    receive(hook, content="please stop")
    opt_outs.decide(OptOutRequest.objects.get(), OptOutDecision.OPTED_OUT, by=mikko)

    receive(hook, content="START")

    assert is_active(anna)


@pytest.mark.parametrize("source", [ConsentSource.STAFF, ConsentSource.FILE, ConsentSource.API])
def test_start_ends_nothing_that_others_said(hook, anna, kahvila, source):
    opt_outs.opt_out(kahvila, ANNA, Evidence(source, words="No"))
    receive(hook, content="STOP")

    receive(hook, content="START")

    assert not is_active(anna)
    assert [each.source for each in Suppression.objects.in_force()] == [source]


def test_start_of_somebody_who_never_stopped_changes_nothing(hook, anna):
    Contact.objects.update(active=False)

    receive(hook, content="START")

    assert not is_active(anna)


@pytest.mark.parametrize("content", ["START", "aloita"])
def test_start_settles_what_waits(hook, anna, content):
    receive(hook, content="please stop")
    receive(hook, content=content)

    assert wait_for_decision() == []


@pytest.mark.parametrize(("first", "second", "active"), [("STOP", "START", True), ("START", "STOP", False)])
def test_the_latest_word_counts_in_whatever_order_they_come(hook, anna, first, second, active):
    receive(hook, content="STOP", timestamp="2026-11-24T11:00:00Z")
    receive(hook, content=second, timestamp="2026-11-24T12:00:05Z")
    receive(hook, content=first, timestamp="2026-11-24T12:00:00Z")

    assert is_active(anna) is active


@pytest.mark.parametrize("sender", ["INFO", "12345", "Anonymous"])
@pytest.mark.parametrize("content", ["STOP", "please stop", "START"])
def test_who_has_no_number_is_neither_opted_out_nor_asked_about(hook, confirming, sender, content):
    assert receive(hook, sender=sender, content=content).state == EventState.DONE

    assert not Suppression.objects.exists()
    assert not OptOutRequest.objects.exists()
    assert not confirmations()


def test_nothing_is_confirmed_unless_the_customer_wants_it(hook, answering):
    receive(hook, content="STOP")

    assert not Operation.objects.exists()


def test_an_opt_out_is_confirmed_once(hook, confirming, connected):
    receive(hook, content="STOP")
    receive(hook, content="STOP!")

    (confirmation,) = confirmations()
    assert (confirmation.content, confirmation.state) == (CONFIRMED, "waiting")
    assert Operation.objects.get().connection == connected


def test_two_machines_that_answer_each_other_get_no_second_confirmation(hook, confirming):
    for content in ["STOP", "START", "STOP", "START", "STOP"]:
        receive(hook, content=content)

    assert len(confirmations()) == 1


def test_what_comes_close_and_start_are_not_confirmed(hook, confirming):
    receive(hook, content="please stop")
    receive(hook, content="START")

    assert not confirmations()


def test_an_opt_out_holds_though_nobody_can_confirm_it(hook, confirming, answering, caplog):
    answering.delete()

    assert receive(hook, content="STOP").state == EventState.DONE
    assert Suppression.objects.in_force().exists()
    assert "not confirmed" in caplog.text


def test_a_customer_has_its_own_words(hook, kahvila):
    own = {"fi": {"stop": ["lopeta", "en tahdo"], "ask": ["kiitti riitti"], "start": ["haluan taas"]}}
    OptOutSettings.objects.create(customer=kahvila, words=own)

    for content in ["En tahdo", "kiitti riitti", "Haluan taas!", "seis", "stop", "peru", "basta"]:
        receive(hook, content=content)

    said = dict(Message.objects.values_list("content", "intent"))
    assert said["En tahdo"] == said["stop"] == said["basta"] == Intent.STOP
    assert (said["kiitti riitti"], said["Haluan taas!"]) == (Intent.MAY_STOP, Intent.START)
    assert said["seis"] == said["peru"] == ""


def test_the_words_of_one_customer_are_not_those_of_another(hook, trattoria):
    own = {"fi": {"stop": ["hei"], "ask": [], "start": []}}
    OptOutSettings.objects.create(customer=trattoria, words=own)

    receive(hook, content="Hei")

    assert Message.objects.get().intent == ""
