"""A campaign still counts a recipient who asked to be erased, and no longer knows who it was."""

import pytest

from contacts.erasure import erasing, reporting
from gateway.models import Operation, OperationState
from messaging.campaigns.composing import send_tests
from messaging.campaigns.dispatch import sending
from messaging.campaigns.models import Recipient, RecipientState
from messaging.campaigns.tests.conftest import answer, calls_of, make_campaign, make_scheduled, make_template
from tests.factories import make_contact

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


def test_a_test_to_a_colleague_no_longer_says_whose_values_it_had(people, group, kahvila, mikko, connected):
    campaign = make_scheduled(group, mikko)
    call = send_tests.send(campaign, phone="+358409999999", values=("Maija",), by=mikko, previewed=MAIJA)
    Operation.objects.filter(pk=call.id).update(state=OperationState.DONE)
    assert "Maija" in str(Operation.objects.get(pk=call.id).payload)

    erasing.erase([kahvila], MAIJA, by=mikko)

    assert Operation.objects.get(pk=call.id).payload == {}


def test_a_template_call_to_the_person_alone_keeps_nothing_of_its_values(group, kahvila, mikko, connected):
    make_contact(group, phone=MAIJA, first_name="Maija")
    template = make_template(kahvila, body="Hei {{1}}, tule")
    campaign = make_scheduled(
        group,
        mikko,
        channel="whatsapp",
        template=template,
        parameters=[{"field": "firstName", "fallback": ""}],
    )
    [call] = begun(campaign)
    assert call.payload["message"]["body_parameters"] == ["Maija"]
    Operation.objects.filter(pk=call.pk).update(state=OperationState.DONE, attempts=1)

    erasing.erase([kahvila], MAIJA, by=mikko)

    call.refresh_from_db()
    assert "Maija" not in str(call.payload)


def test_no_test_is_sent_to_somebody_who_was_erased(people, group, kahvila, mikko, connected):
    campaign = make_scheduled(group, mikko)
    erasing.erase([kahvila], MAIJA, by=mikko)

    with pytest.raises(send_tests.CannotTest, match="asked to be erased"):
        send_tests.send(campaign, phone=MAIJA, values=("Maija",), by=mikko)


def test_the_text_of_a_campaign_stays_and_is_told_of(people, group, kahvila, mikko, connected):
    campaign = make_campaign(group, mikko, name="Maija Meikäläisen ilta", content="Soita 040 000 0001")

    [erasure] = erasing.erase([kahvila], MAIJA, by=mikko)

    campaign.refresh_from_db()
    assert campaign.content == "Soita 040 000 0001"
    assert erasure.held["Texts of campaigns that name the person"] == 1
    assert reporting.report(erasure).stays
