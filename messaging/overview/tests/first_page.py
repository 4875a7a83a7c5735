"""The first page as somebody sees it, and what fills it."""

from django.utils import timezone

from messaging.campaigns.models import Campaign, CampaignState, Recipient, RecipientState
from messaging.inbox.models import Direction, Message, Thread
from tests.markup import markup
from tests.people import client_of

HTMX = {"HTTP_HX_REQUEST": "true"}


def page(person, **headers: str) -> str:
    response = client_of(person).get("/", **headers)
    assert response.status_code == 200
    return markup(response)


def context(person) -> dict:
    return client_of(person).get("/").context


def make_campaign(group, **fields) -> Campaign:
    defaults = {"name": "Joulukampanja", "content": "Hei", "state": CampaignState.SENDING}
    campaign = Campaign.objects.create(customer=group.customer, group=group, **(defaults | fields))
    if campaign.is_under_way or campaign.state == CampaignState.SENT:
        Campaign.objects.filter(pk=campaign.pk).update(begun_at=fields.get("begun_at", timezone.now()))
    return campaign


def make_recipients(campaign: Campaign, *states: RecipientState) -> None:
    first = Recipient.objects.count()
    Recipient.objects.bulk_create(
        Recipient(campaign=campaign, phone=f"+35840{first + number:07}", state=state)
        for number, state in enumerate(states)
    )


def make_thread(number, **fields) -> Thread:
    """It waits for an answer."""
    defaults = {
        "address": f"+35850{Thread.objects.count():07}",
        "last_message_at": timezone.now(),
        "unanswered_since": timezone.now(),
    }
    return Thread.objects.create(customer=number.customer, service=number, **(defaults | fields))


def make_message(thread: Thread, **fields) -> Message:
    defaults = {"direction": Direction.IN, "content": "Hei", "at": timezone.now()}
    return Message.objects.create(thread=thread, **(defaults | fields))
