"""What SmartDialog's documents leave unsaid of calls, answers and reports, each switched at the sandbox.

Nobody is lost, nobody gets anything twice, and who can mend it is told what is so.
"""

from collections import Counter
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import AuditEvent, Customer, Role, User
from contacts.editing import crud
from contacts.models import SyncState
from gateway import clock
from gateway.hooks.processing import process_due
from gateway.models import Call, EventState, HookEvent, Operation, OperationState, Service
from gateway.outbox.draining import drain
from gateway.smartdialog import quirks
from messaging.campaigns.dispatch import sending
from messaging.campaigns.models import Campaign, CampaignState
from messaging.overview.attention import attention_items
from tests.factories import make_contact
from tests.integration.test_campaigns import reports_of, send, states
from tests.people import client_of
from tests.sandbox_process import Sandbox

pytestmark = pytest.mark.django_db

PEOPLE = 25
SENDS = {"campaign.sms", "campaign.template"}


@pytest.fixture
def group(mikko_signed_in: User) -> Service:
    group = Service.objects.groups().get(name="Jäsenet")
    for number in range(PEOPLE):
        make_contact(group, phone=f"+3584012300{number:02}", first_name="Maija")
    return group


@pytest.fixture
def two(mikko_signed_in: User) -> Service:
    group = Service.objects.groups().get(name="Jäsenet")
    make_contact(group, phone="+358401230001", first_name="Maija")
    make_contact(group, phone="+358401230002", first_name="Antti")
    return group


@pytest.fixture
def admin(mikko_signed_in: User) -> User:
    User.objects.filter(pk=mikko_signed_in.pk).update(role=Role.ADMIN)
    mikko_signed_in.refresh_from_db()
    return mikko_signed_in


def throw(sandbox: Sandbox, **switches: object) -> None:
    sandbox.post("/_switches", switches).raise_for_status()


def fault(sandbox: Sandbox, **rule: object) -> None:
    sandbox.post("/_faults", [rule]).raise_for_status()


def carry(campaign: Campaign, person: User, *, turns: int = 12) -> None:
    """As the workers do, until nothing moves any more; what waits to be tried again does not wait."""
    for _ in range(turns):
        sending.send_now(campaign.pk)
        Operation.objects.filter(state=OperationState.WAITING).update(due_at=clock.now())
        person.connection.refresh_from_db()
        type(person.connection).objects.filter(pk=person.connection.pk).update(
            blocked_until=None, paced_until=None
        )
        Call.objects.all().delete()
        drain(person.connection.pk)
    campaign.refresh_from_db()


def received(sandbox: Sandbox) -> Counter[str]:
    """How many messages each number got."""
    messages = sandbox.state(only="messages")["messages"]
    return Counter(each["address"] for message in messages for each in message["recipients"])


def take_reports(sandbox: Sandbox, number: int) -> None:
    own = f"?c={Campaign.objects.latest('pk').pk}&"
    for url in reports_of(sandbox, number=number, of=own):
        parts = urlsplit(url)
        assert Client().get(f"{parts.path}?{parts.query}").status_code == 200
    process_due()


def titles(person: User) -> list[str]:
    return [item.title for item in attention_items(person, Customer.objects.get(name="Kahvila Aalto"))]


@pytest.mark.parametrize("spelling", ["digits", "zeros", "spaces", "national"])
@pytest.mark.parametrize("named", ["recipientId - -", "- - address"])
def test_recipients_are_known_however_answers_and_reports_spell_them(
    browser, sandbox, mikko_signed_in, two, spelling, named
):
    throw(sandbox, answered_addresses=spelling, report_names=f"{named} status - timestamp")
    campaign = send(browser, two)

    carry(campaign, mikko_signed_in, turns=1)
    assert states(campaign) == ["accepted", "accepted"]

    take_reports(sandbox, 2)
    assert states(campaign) == ["delivered", "delivered"]


def test_where_all_people_of_a_call_have_one_id_each_is_told_of_by_number(
    browser, sandbox, mikko_signed_in, two
):
    throw(sandbox, recipient_ids="message")
    campaign = send(browser, two)

    carry(campaign, mikko_signed_in, turns=1)
    take_reports(sandbox, 2)

    assert states(campaign) == ["delivered", "delivered"]


@pytest.mark.parametrize("words", ["errorMessage", "html", "empty"])
def test_a_smaller_limit_of_recipients_is_found_and_kept(browser, sandbox, mikko_signed_in, group, words):
    throw(sandbox, recipients_limit=12, error_body=words)
    campaign = send(browser, group)

    carry(campaign, mikko_signed_in)

    assert campaign.state == CampaignState.SENT
    assert states(campaign) == ["accepted"] * PEOPLE
    assert received(sandbox) == {contact.phone: 1 for contact in group.contacts.all()}
    known = quirks.of(group.customer)
    assert known.recipients_limit == 12
    assert AuditEvent.objects.filter(verb="smartdialog.learnt").exists()
    refused = [call for call in sandbox.ledger(operation="SendMessage")["calls"] if call["status"] == 400]
    assert len(refused) == 1
    assert not Operation.objects.needing_a_person().exists()


def test_a_refusal_that_is_no_matter_of_size_is_told_and_changes_no_size(
    browser, sandbox, mikko_signed_in, group
):
    fault(sandbox, op="SendMessage", do="403")
    campaign = send(browser, group)
    carry(campaign, mikko_signed_in, turns=2)
    assert states(campaign) == ["failed"] * PEOPLE

    throw(sandbox, sender_limit=3)
    fault(sandbox, op="token", do="slow", ms=1)
    Campaign.objects.all().delete()
    campaign = send(browser, group)
    carry(campaign, mikko_signed_in)

    assert states(campaign) == ["failed"] * PEOPLE
    assert "Sender is longer" in campaign.recipients.first().reason
    assert quirks.of(group.customer).recipients_limit is None
    assert not received(sandbox)


def test_a_time_that_is_too_near_is_left_out_and_the_next_begins_earlier(
    browser, sandbox, mikko_signed_in, two
):
    throw(sandbox, send_lead_seconds=3600)
    campaign = send(browser, two)
    Operation.objects.filter(batch=campaign.batch).delete()
    soon = timezone.now() + timedelta(seconds=600)
    Campaign.objects.update(state="planning", carries_time=True, send_at=soon, batches=0)
    campaign.recipients.update(batch=None)
    campaign.refresh_from_db()

    carry(campaign, mikko_signed_in, turns=3)
    assert states(campaign) == ["planned", "planned"]
    assert not received(sandbox)
    assert quirks.of(two.customer).send_lead == 0  # it may still be one of these people

    Campaign.objects.update(send_at=timezone.now())
    Operation.objects.filter(batch=campaign.batch, state="waiting").update(due_at=timezone.now())
    carry(campaign, mikko_signed_in, turns=3)
    assert states(campaign) == ["accepted", "accepted"]
    assert 1100 <= quirks.of(two.customer).send_lead <= 1200
    assert set(received(sandbox).values()) == {1}


@pytest.mark.parametrize("status", ["200", "202", "204"])
@pytest.mark.parametrize("duplicates", ["refuse", "empty_success"])
def test_another_status_of_success_is_one(browser, sandbox, mikko_signed_in, two, status, duplicates):
    throw(sandbox, success_status=status, duplicate_request_id=duplicates)
    campaign = send(browser, two)

    carry(campaign, mikko_signed_in, turns=3)

    assert set(received(sandbox).values()) == {1}
    lost_for_words = status == "204" and duplicates == "refuse"
    assert states(campaign) == (["uncertain"] * 2 if lost_for_words else ["accepted"] * 2)
    take_reports(sandbox, 2)
    assert states(campaign) == ["delivered", "delivered"]
    assert not Operation.objects.needing_a_person().exists()


def test_calls_that_were_answered_without_a_word_and_reported_are_no_trouble(
    browser, sandbox, mikko_signed_in, group, django_capture_on_commit_callbacks
):
    throw(sandbox, success_status="204", recipients_limit=9)
    campaign = send(browser, group)

    carry(campaign, mikko_signed_in, turns=10)
    with django_capture_on_commit_callbacks(execute=True):
        take_reports(sandbox, PEOPLE)

    assert set(states(campaign)) == {"delivered", "failed"}, "one phone is always off"
    assert "Calls to SmartDialog fail" not in titles(mikko_signed_in)


@pytest.mark.parametrize("status", ["declared", "202", "204"])
@pytest.mark.parametrize("replaces", [True, False])
def test_a_contact_is_kept_without_empty_texts_and_says_what_cannot_be_emptied(
    sandbox, mikko_signed_in, status, replaces
):
    throw(sandbox, success_status=status, refuse_empty_texts=True, replace_on_update=replaces)
    group = Service.objects.groups().get(name="Jäsenet")
    values = {"first_name": "Maija", "city": "Oulu"}
    contact = crud.add(group, phone="+358401230001", values=values, by=mikko_signed_in)
    settle(mikko_signed_in)
    contact.refresh_from_db()
    assert contact.sync_state == SyncState.SYNCED

    crud.edit(contact, values={"city": ""}, revision=contact.revision, by=mikko_signed_in)
    settle(mikko_signed_in)

    contact.refresh_from_db()
    group.refresh_from_db()
    assert group.refuses_empty
    groups = sandbox.state(only="contacts")["contacts"]
    [there] = [each for one in groups for each in one["contacts"] if each["phone"] == contact.phone]
    assert there.get("city", "") == ("" if replaces else "Oulu")
    assert contact.sync_state == (SyncState.SYNCED if replaces else SyncState.FAILED)
    assert contact.sync_error.startswith(
        "" if replaces else "SmartDialog has something else as city, and takes no"
    )

    before = len(sandbox.ledger(operation="UpdateGroupContact")["calls"])
    crud.edit(contact, values={"first_name": ""}, revision=contact.revision, by=mikko_signed_in)
    settle(mikko_signed_in)
    assert len(sandbox.ledger(operation="UpdateGroupContact")["calls"]) == before + 1


def settle(person: User) -> None:
    for _ in range(6):
        Operation.objects.filter(state=OperationState.WAITING).update(due_at=clock.now())
        drain(person.connection.pk)


def test_a_report_of_unknown_words_is_told_at_once_and_taken_in_when_they_are_said(
    browser, sandbox, admin, two
):
    throw(sandbox, report_words="DELIVRD2 GONE2")
    campaign = send(browser, two)
    carry(campaign, admin, turns=1)
    take_reports(sandbox, 2)

    assert states(campaign) == ["accepted", "accepted"]
    assert "2 delivery reports cannot be understood" in titles(admin)
    client = client_of(admin)
    assert "DELIVRD2" in client.get("/settings/smartdialog/").content.decode()

    client.post("/settings/smartdialog/words/", {"word": "DELIVRD2", "status": "delivered"})
    process_due()

    assert states(campaign) == ["delivered", "delivered"]
    assert "2 delivery reports cannot be understood" not in titles(admin)


def test_a_report_of_unknown_names_is_told_at_once_and_taken_in_when_they_are_said(
    browser, sandbox, admin, two
):
    throw(sandbox, report_names="rid mid numero tila virhe aika")
    campaign = send(browser, two)
    carry(campaign, admin, turns=1)
    take_reports(sandbox, 2)

    assert HookEvent.objects.filter(state=EventState.UNCLEAR).count() == 2
    assert "2 delivery reports cannot be understood" in titles(admin)
    client = client_of(admin)
    page = client.get("/settings/smartdialog/")
    [(_, form)] = page.context["naming"]
    assert "tila = Delivered" in page.content.decode()

    said = {"prefix": form.prefix, f"{form.prefix}-status": "tila", f"{form.prefix}-recipientId": "rid"}
    assert client.post("/settings/smartdialog/names/", {"prefix": form.prefix}).status_code == 422
    assert client.post("/settings/smartdialog/names/", said).status_code == 302
    process_due()

    assert states(campaign) == ["delivered", "delivered"]


def test_times_without_a_zone_are_seen_to_be_local(browser, sandbox, mikko_signed_in, two):
    throw(sandbox, times_without_zone="Europe/Helsinki")
    campaign = send(browser, two)
    carry(campaign, mikko_signed_in, turns=1)
    take_reports(sandbox, 2)

    now = timezone.now()
    assert quirks.of(two.customer).zone == "Europe/Helsinki"
    for recipient in campaign.recipients.all():
        assert abs(recipient.settled_at - now) < timedelta(minutes=2)


@pytest.mark.parametrize("words", ["errorMessage", "problem", "html", "empty"])
def test_a_refusal_of_a_repeat_is_uncertain_whatever_its_words_and_a_report_settles_it(
    browser, sandbox, mikko_signed_in, two, words
):
    throw(sandbox, error_body=words)
    fault(sandbox, op="SendMessage", do="reset_after", when="nth", n=1)
    campaign = send(browser, two)

    carry(campaign, mikko_signed_in, turns=4)

    assert states(campaign) == ["uncertain", "uncertain"]
    assert "2 messages of campaigns may have been sent" in titles(mikko_signed_in)
    assert set(received(sandbox).values()) == {1}
    take_reports(sandbox, 2)
    assert states(campaign) == ["delivered", "delivered"]
    assert not Operation.objects.needing_a_person().exists()


@pytest.mark.parametrize("people", [1, 2])
def test_a_report_of_an_id_that_was_lost_says_of_its_call_that_it_was_taken(
    browser, sandbox, mikko_signed_in, people
):
    """The ids are in the answer that did not come; our own address says which call it was."""
    group = Service.objects.groups().get(name="Jäsenet")
    for number in range(people):
        make_contact(group, phone=f"+35840123000{number + 1}", first_name="Maija")
    throw(sandbox, report_names="recipientId - - status - timestamp")
    fault(sandbox, op="SendMessage", do="reset_after", when="nth", n=1)
    campaign = send(browser, group)
    carry(campaign, mikko_signed_in, turns=4)
    assert states(campaign) == ["uncertain"] * people

    take_reports(sandbox, people)

    assert states(campaign) == (["delivered"] if people == 1 else ["accepted"] * people)
    assert not Operation.objects.needing_a_person().exists()
    assert set(received(sandbox).values()) == {1}


@pytest.mark.parametrize("is_taken", [True, False])
def test_a_call_in_doubt_whose_own_time_is_past_is_told_as_it_is(
    browser, sandbox, mikko_signed_in, two, is_taken
):
    """Its repeat names a time gone by, for which SmartDialog refuses it, taken before or not."""
    campaign = send(browser, two)
    Operation.objects.filter(batch=campaign.batch).delete()
    soon = timezone.now() + timedelta(seconds=600)
    Campaign.objects.update(state="planning", carries_time=True, send_at=soon, batches=0)
    campaign.recipients.update(batch=None)
    campaign.refresh_from_db()
    fault(sandbox, op="SendMessage", do="reset_after" if is_taken else "500", when="nth", n=1)
    carry(campaign, mikko_signed_in, turns=1)
    assert states(campaign) == ["planned", "planned"]

    throw(sandbox, clock_offset_seconds=700)
    carry(campaign, mikko_signed_in, turns=4)

    copies = received(sandbox)
    assert set(copies.values()) <= {1}
    assert bool(copies) is is_taken
    assert states(campaign) == ["uncertain", "uncertain"]
    assert "2 messages of campaigns may have been sent" in titles(mikko_signed_in)
    assert "may have taken this" in campaign.recipients.first().reason


def test_a_worker_that_dies_with_a_refusal_in_its_hands_leaves_nobody_untold(
    browser, sandbox, mikko_signed_in, group
):
    throw(sandbox, recipients_limit=12)
    campaign = send(browser, group)
    Operation.objects.filter(batch=campaign.batch).update(
        state=OperationState.INFLIGHT, attempts=1, tried_at=clock.now()
    )

    carry(campaign, mikko_signed_in, turns=4)

    assert not received(sandbox)
    assert states(campaign) == ["uncertain"] * PEOPLE
    assert "25 messages of campaigns may have been sent" in titles(mikko_signed_in)


def test_what_is_never_answered_is_repeated_twice_and_then_left_to_people(
    browser, sandbox, mikko_signed_in, two
):
    sandbox.post(
        "/_faults",
        [{"op": "SendMessage", "do": "reset_after"}, {"op": "SendMessage", "do": "forget_request_id"}],
    ).raise_for_status()
    campaign = send(browser, two)

    carry(campaign, mikko_signed_in, turns=8)

    assert set(received(sandbox).values()) == {3}
    assert states(campaign) == ["uncertain", "uncertain"]
    take_reports(sandbox, 6)
    assert states(campaign) == ["delivered", "delivered"]
    assert quirks.of(two.customer).forgets_request_ids
    assert {recipient.reason[:27] for recipient in campaign.recipients.all()} == {
        "They may have got it twice:"
    }

    Campaign.objects.all().delete()
    again = send(browser, two)
    carry(again, mikko_signed_in, turns=4)
    assert set(received(sandbox).values()) == {4}
