"""A group with people of every kind, who may send to it, and a SmartDialog that takes every call."""

from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Customer, Role, User
from contacts.models import Contact
from gateway import clock
from gateway.models import Connection, Operation, OperationState, Service
from gateway.outbox import QueuedCall
from gateway.outbox.handlers import handler_of
from gateway.smartdialog.errors import Refused
from gateway.smartdialog.types import Sent, SentRecipient
from messaging.campaigns import lifecycle
from messaging.campaigns.audiences import audience
from messaging.campaigns.audiences.reach import Reach
from messaging.campaigns.dispatch import sending
from messaging.campaigns.models import Campaign, CampaignRules, CampaignState
from messaging.whatsapp.models import Template, TemplateState
from tests.factories import make_contact, make_service, suppress
from tests.people import client_of, make_person

HTMX = {"HTTP_HX_REQUEST": "true"}
NEW = "/campaigns/new/"
GREETING = "Hei $(firstName), kahvi 1 e"


@pytest.fixture
def service(kahvila: Customer) -> Service:
    return make_service(kahvila, name="Markkinointi")


@pytest.fixture
def people(kahvila: Customer, group: Service) -> list[Contact]:
    """Two who get it, one without a name, one inactive, one who asked for no messages."""
    suppress(kahvila, phone="+358400000005", reason="STOP")
    return [
        make_contact(group, phone="+358400000001", first_name="Maija", last_name="Meikäläinen"),
        make_contact(group, phone="+358400000002", first_name="Антон", last_name="Ivanov"),
        make_contact(group, phone="+358400000003", last_name="Nimetön"),
        make_contact(group, phone="+358400000004", first_name="Pekka", active=False),
        make_contact(group, phone="+358400000005", first_name="Stop"),
    ]


@pytest.fixture
def rules(kahvila: Customer) -> CampaignRules:
    """A second person approves what goes to more than one."""
    return CampaignRules.objects.create(customer=kahvila, approved_above=1)


@pytest.fixture
def liisa(kahvila: Customer) -> User:
    return make_person("Liisa", Role.MARKETER, kahvila)


@pytest.fixture
def waiting(group: Service, people: list[Contact], connected, rules, mikko: User) -> Campaign:
    campaign = make_scheduled(group, mikko)
    campaign.refresh_from_db()
    assert campaign.state == CampaignState.AWAITING
    return campaign


@pytest.fixture
def ten(group: Service, service: Service) -> list[str]:
    return [make_contact(group, first_name=f"Matti{n}").phone for n in range(10)]


@pytest.fixture
def staged(group: Service, ten, connected, mikko: User) -> Campaign:
    return make_scheduled(group, mikko, first_share=30, wait_minutes=60)


@pytest.fixture
def twenty(group: Service, service: Service) -> list[str]:
    return [make_contact(group, first_name=f"Matti{n}").phone for n in range(20)]


@pytest.fixture
def tried(group: Service, twenty, connected, mikko: User) -> Campaign:
    """Two texts, each to five of twenty."""
    return make_scheduled(
        group, mikko, content="Hei $(firstName)!", more_texts=[text("Moi!")], first_share=50, wait_minutes=60
    )


def text(content: str = "", **fields: Any) -> dict[str, Any]:
    """One more text of a campaign that tries several."""
    return {"content": content, "fallbacks": {}, "template": None, "parameters": []} | fields


def make_campaign(group: Service, by: User, **fields: Any) -> Campaign:
    """A draft that lacks nothing."""
    service = Service.objects.filter(customer=group.customer).one_way().first()
    defaults = {
        "group": group,
        "service": service or make_service(group.customer),
        "sender": "Kahvila",
        "content": GREETING,
        "created_by": by,
    }
    return Campaign.objects.create(customer=group.customer, **(defaults | fields))


def make_template(customer: Customer, **fields: Any) -> Template:
    defaults = {
        "display_name": "Tarjous",
        "body": "Hei {{1}}, tule {{2}}",
        "state": TemplateState.LISTED,
        "remote_id": f"template-{uuid4().hex[:8]}",
    }
    return Template.objects.create(customer=customer, **(defaults | fields))


def make_scheduled(group: Service, by: User, **fields: Any) -> Campaign:
    return schedule(make_campaign(group, by, **fields), by)


def schedule(campaign: Campaign, by: User) -> Campaign:
    found, wording = audience.count_audience(Reach.of(campaign), campaign.wording), campaign.wording
    calls = wording.calls(found.people, campaign.batch_size)
    lifecycle.schedule(campaign, revision=campaign.revision, people=found.number, calls=calls, by=by)
    return campaign


def calls_of(campaign: Campaign) -> list[Operation]:
    return list(Operation.objects.filter(batch=campaign.batch).order_by("pk"))


def answer(operation: Operation) -> None:
    """As SmartDialog does, with an id for each recipient; the drain settles it so."""
    Operation.objects.filter(pk=operation.pk).update(
        state=OperationState.DONE,
        settled_at=timezone.now(),
        attempts=1,
        status=200,
        tried_at=operation.tried_at or clock.now(),
    )
    operation.refresh_from_db()
    recipients = operation.payload["message"]["recipients"]
    phones = [each if isinstance(each, str) else each["address"] for each in recipients]
    sent = Sent("message-1", 1, [SentRecipient(address=phone, id=f"id-{phone}") for phone in phones])
    handler_of(operation).done(QueuedCall(operation), sent)


@pytest.fixture
def sending_now(group: Service, people: list[Contact], connected: Connection, mikko: User) -> Campaign:
    campaign = make_scheduled(group, mikko)
    sending.send_now(campaign.pk)
    campaign.refresh_from_db()
    return campaign


def refuse(operation: Operation, words: str = "The sender is not yours") -> None:
    operation.state = OperationState.FAILED
    operation.save()
    handler_of(operation).refused(QueuedCall(operation), Refused(words, status=403))


@pytest.fixture
def filled(group, service, people, connected) -> dict[str, Any]:
    """The form as a person fills it for two people, without a fallback for the third."""
    return {
        "uuid": str(uuid4()),
        "channel": "sms",
        "group": group.pk,
        "service": service.pk,
        "sender": "Kahvila",
        "content": GREETING,
        "when": "now",
        "zone": "Europe/Helsinki",
    }


def post(person, filled: dict[str, Any], *, to: str = NEW, htmx: bool = False, **more: Any):
    return client_of(person).post(to, filled | more, **(HTMX if htmx else {}))


def press(person, filled: dict[str, Any], *, to: str = NEW, **more: Any):
    """The one button, with what it said."""
    seen = post(person, filled, to=to, **more).context["summary"]
    agreed = {"expected": seen.expected, "without": seen.left_out_count}
    return post(person, filled, to=to, action="send", **agreed, **more)


def edit_url(campaign: Campaign) -> str:
    return reverse("campaigns:edit", args=[campaign.pk])
