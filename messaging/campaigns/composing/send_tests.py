"""A test of a campaign, to one number, as somebody in the audience would get it."""

from uuid import uuid4

from django.db import transaction

from accounts.errors import UserError
from accounts.models import Customer, User
from accounts.trail import audit
from contacts.models import Suppression
from contacts.models.erased_numbers import erased_among
from gateway import outbox
from gateway.models import Lane
from gateway.outbox import QueuedCall
from gateway.sign_in import connections
from messaging.campaigns.dispatch import calls
from messaging.campaigns.models import Campaign, OwnPhone

SHOWN = 5  # tests of a campaign
PREVIEWED = "previewed"  # in the payload: whose values it says


class CannotTest(UserError):
    """`text` says why, and what to do."""


@transaction.atomic
def send(
    campaign: Campaign, *, phone: str, values: tuple[str, ...], by: User, previewed: str = ""
) -> QueuedCall:
    """`values`: what fills the gaps, of whoever has the number `previewed`.

    One at a time; raises CannotTest, NotConnected.
    """
    list(Campaign.objects.filter(pk=campaign.pk).select_for_update(no_key=True))  # of two presses, one waits
    if outbox.is_underway(batch=campaign.test_batch):
        raise CannotTest("Your last test is still on its way. Wait until it has left.")
    if Suppression.objects.stopping(campaign.customer, phone).exists():
        raise CannotTest(f"{phone} has opted out. Test with another number.")
    if erased_among(campaign.customer, [phone]):
        raise CannotTest(f"{phone} is of somebody who asked to be erased. Test with another number.")
    assert campaign.service
    request_id = f"{campaign.uuid}-test-{uuid4().hex[:12]}"
    call = outbox.add(
        connection=connections.for_user(by),
        customer=campaign.customer,
        kind=calls.TEST_SMS if campaign.is_sms else calls.TEST_TEMPLATE,
        lane=Lane.INTERACTIVE,
        batch=campaign.test_batch,
        request_id=request_id,
        payload={
            "campaign": campaign.pk,
            "customer": campaign.customer.remote_id,
            "service": campaign.service.remote_id,
            PREVIEWED: previewed,
            "message": calls.build_message(campaign, [(phone, values)], request_id=request_id).to_json(),
        },
        by=by,
    )
    OwnPhone.objects.update_or_create(user=by, customer=campaign.customer, defaults={"phone": phone})
    audit.record(actor=by, customer=campaign.customer, verb="campaign.tested", subject=campaign)
    return call


def remembered_phone(customer: Customer, user: User) -> str:
    """Where the person's last test for the customer went."""
    return OwnPhone.objects.filter(user=user, customer=customer).values_list("phone", flat=True).first() or ""


def recent(campaign: Campaign) -> list[tuple[QueuedCall, str]]:
    """The last tests, the newest first, each with its number; "" where that is kept no more."""
    found = outbox.calls_of(batch=campaign.test_batch)[-SHOWN:]
    return [(call, _number(call)) for call in reversed(found)]


def _number(call: QueuedCall) -> str:
    recipients = call.payload.get("message", {}).get("recipients") or [""]
    first = recipients[0]
    return first if isinstance(first, str) else str(first["address"])
