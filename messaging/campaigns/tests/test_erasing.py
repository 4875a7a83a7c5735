"""A campaign still counts a recipient who asked to be erased, and no longer knows who it was."""

from contacts.erasure import erasing
from gateway.models import Operation, OperationState
from messaging.campaigns import send_tests, sending
from messaging.campaigns.models import Recipient, RecipientState
from messaging.campaigns.tests.conftest import answer, calls_of, make_scheduled

MAIJA = "+358400000001"


def begun(campaign):
    sending.send_now(campaign.pk)
    return calls_of(campaign)


def addresses(operation) -> list[str]:
    operation.refresh_from_db()
    return [each["address"] for each in operation.payload["message"]["recipients"]]


def test_who_was_sent_a_message_stays_counted_without_number_or_name(
    people, group, kahvila, mikko, connected
):
    campaign = make_scheduled(group, mikko)
    [call] = begun(campaign)
    answer(call)

    erasing.erase([kahvila], MAIJA, by=mikko)

    recipient = Recipient.objects.get(phone__startswith="erased")
    assert (recipient.state, recipient.values, recipient.contact) == (RecipientState.ACCEPTED, [], None)
    assert MAIJA not in addresses(call)
    assert not Recipient.objects.filter(phone=MAIJA).exists()


def test_who_is_erased_before_the_call_leaves_gets_no_message(people, group, kahvila, mikko, connected):
    campaign = make_scheduled(group, mikko)
    [call] = begun(campaign)
    others = [phone for phone in addresses(call) if phone != MAIJA]

    erasing.erase([kahvila], MAIJA, by=mikko)

    assert addresses(call) == others
    recipient = Recipient.objects.get(phone__startswith="erased")
    assert (recipient.state, recipient.reason) == (RecipientState.SKIPPED, "Erased at the person’s request.")


def test_a_call_that_is_being_made_keeps_its_bytes_until_it_is_over(people, group, kahvila, mikko, connected):
    campaign = make_scheduled(group, mikko)
    [call] = begun(campaign)
    type(call).objects.filter(pk=call.pk).update(state=OperationState.INFLIGHT, attempts=1)

    [erasure] = erasing.erase([kahvila], MAIJA, by=mikko)
    assert MAIJA in addresses(call)

    answer(call)
    erasing.finish_erasure(erasure)
    assert MAIJA not in addresses(call)
    assert Recipient.objects.get(phone__startswith="erased").state == RecipientState.SKIPPED


def test_tests_of_a_campaign_name_the_person_no_more(people, group, kahvila, mikko, connected):
    campaign = make_scheduled(group, mikko)
    call = send_tests.send(campaign, phone=MAIJA, values=("Maija",), by=mikko)

    erasing.erase([kahvila], MAIJA, by=mikko)

    last_test = Operation.objects.get(pk=call.id)
    assert (last_test.state, addresses(last_test)) == (OperationState.CANCELLED, [])
