"""What segments ask of campaigns: received, missed, answered."""

from datetime import timedelta

import pytest
from django.utils import timezone

from contacts.models import Contact
from contacts.segments.conditions import Scope, condition
from contacts.segments.parser import parse
from contacts.segments.syntax import SegmentError
from gateway.models import ServiceKind
from messaging.campaigns.models import Campaign, Recipient
from messaging.inbox.models import Message, Thread
from tests.factories import make_contact, make_service

pytestmark = pytest.mark.django_db
STATES = {"accepted": 1, "delivered": 2, "uncertain": 3, "failed": 4, "skipped": 5, "planned": 6}


@pytest.fixture
def kevat(kahvila, trattoria):
    """A contact for each state of a recipient, by which they are called, and one who was never asked."""
    group = make_service(kahvila, kind=ServiceKind.GROUP, name="Jäsenet")
    campaign = Campaign.objects.create(customer=kahvila, name="Kevät", begun_at=timezone.now())
    Campaign.objects.create(customer=trattoria, name="Primavera")
    for state, number in STATES.items():
        make_contact(group, phone=f"+35840100000{number}", first_name=state)
        Recipient.objects.create(campaign=campaign, phone=f"+35840100000{number}", state=state)
    make_contact(group, phone="+358401000009", first_name="nobody")
    return campaign


def wrote(campaign: Campaign, state: str, *, after: timedelta, direction: str = "in") -> None:
    service = make_service(campaign.customer, kind=ServiceKind.TWO_WAY)
    at = campaign.begun_at + after
    thread = Thread.objects.create(
        customer=campaign.customer,
        service=service,
        address=f"+35840100000{STATES[state]}",
        last_message_at=at,
    )
    Message.objects.create(thread=thread, direction=direction, content="Kyllä", at=at)


def found(text: str, campaign: Campaign) -> list[str]:
    asked = Contact.objects.filter(condition(parse(text), Scope.of(campaign.customer)))
    return sorted(asked.values_list("first_name", flat=True))


def test_who_may_have_it_has_received_it(kevat):
    assert found("received Kevät", kevat) == ["accepted", "delivered", "uncertain"]
    assert found("missed Kevät", kevat) == ["failed", "skipped"]
    assert found("not received Kevät and not missed Kevät", kevat) == ["nobody", "planned"]


def test_who_wrote_within_seven_days_of_it_has_answered(kevat):
    wrote(kevat, "accepted", after=timedelta(days=6))
    wrote(kevat, "delivered", after=timedelta(days=8))
    wrote(kevat, "uncertain", after=timedelta(days=-1))
    wrote(kevat, "failed", after=timedelta(days=1))

    assert found("answered Kevät", kevat) == ["accepted"]
    assert found('received Kevät and not answered "Kevät"', kevat) == ["delivered", "uncertain"]


def test_what_we_wrote_is_no_answer(kevat):
    wrote(kevat, "accepted", after=timedelta(days=1), direction="out")

    assert found("answered Kevät", kevat) == []


def test_all_campaigns_of_one_name_are_meant(kevat):
    again = Campaign.objects.create(customer=kevat.customer, name="Kevät")
    Recipient.objects.create(campaign=again, phone="+358401000009", state="delivered")

    assert found("received Kevät", kevat) == ["accepted", "delivered", "nobody", "uncertain"]


@pytest.mark.parametrize("verb", ["received", "missed", "answered"])
@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Kevat", "No campaign is called “Kevat”. Did you mean “Kevät”?"),
        ("Primavera", "No campaign is called “Primavera”."),
    ],
)
def test_a_campaign_that_is_not_there_is_named(kevat, verb, name, words):
    with pytest.raises(SegmentError) as refused:
        found(f"city = Turku or {verb} {name}", kevat)

    assert refused.value.text == words
    assert refused.value.place.start == len("city = Turku or ")
