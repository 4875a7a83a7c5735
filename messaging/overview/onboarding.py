"""The way to a customer's first campaign, and to what people answer."""

from dataclasses import dataclass

from django.urls import reverse

from accounts.models import Customer
from contacts.models import Contact
from messaging.campaigns.models import Campaign
from messaging.inbox.incoming import inbound_setup
from messaging.whatsapp.models import Template


@dataclass(frozen=True)
class OnboardingStep:
    title: str
    text: str
    url: str
    action: str
    is_done: bool


def has_begun(customer: Customer) -> bool:
    return Campaign.objects.of_customer(customer).exclude(begun_at=None).exists()


def first_steps(customer: Customer) -> list[OnboardingStep]:
    """None once a campaign has begun. At most five queries."""
    if has_begun(customer):
        return []
    return [
        OnboardingStep(
            "Import your contacts",
            "A CSV or Excel file. You see every row before anything is saved.",
            reverse("contacts:groups"),
            "Choose a group",
            Contact.objects.present().filter(group__customer=customer).exists(),
        ),
        OnboardingStep(
            "Write a WhatsApp template",
            "WhatsApp approves it first, which takes a day or so. Text messages need none.",
            reverse("whatsapp:new"),
            "Write a template",
            Template.objects.of_customer(customer).exists(),
        ),
        *_receiving(customer),
        OnboardingStep(
            "Send your first campaign",
            "To groups or a segment, now or at a time you choose. You see what it costs before it goes.",
            reverse("campaigns:new"),
            "Write a campaign",
            False,
        ),
    ]


def _receiving(customer: Customer) -> list[OnboardingStep]:
    """Where there is a number that people can write to."""
    status = inbound_setup.inbound_status(customer)
    if not status.services:
        return []
    text = "What people answer comes to the inbox from then on; what they wrote before cannot be fetched."
    is_done = not status.unsubscribed
    return [OnboardingStep("Receive messages", text, reverse("inbox:threads"), "Open the inbox", is_done)]
