"""A test of a campaign, to one number, as somebody in the audience would get it."""

from uuid import uuid4

from django.db import transaction

from accounts import audit
from accounts.errors import UserError
from accounts.models import User
from contacts.models import Suppression
from contacts.models.erased_numbers import erased_among
from gateway import connections, outbox
from gateway.models import Lane
from gateway.outbox import QueuedCall
from messaging.campaigns import calls
from messaging.campaigns.models import Campaign

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
    audit.record(actor=by, customer=campaign.customer, verb="campaign.tested", subject=campaign)
    return call


def latest(campaign: Campaign) -> QueuedCall | None:
    return outbox.last_of(batch=campaign.test_batch)
