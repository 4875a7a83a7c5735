"""A test of a campaign, to one number, as somebody in the audience would get it."""

from uuid import uuid4

from django.db import transaction

from accounts import audit
from accounts.models import User
from contacts.models import Suppression
from gateway import connections, outbox
from gateway.models import Lane, Operation
from messaging.campaigns import calls
from messaging.campaigns.models import Campaign


class CannotTest(Exception):
    """`text` says why, and what to do."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


@transaction.atomic
def send(campaign: Campaign, *, phone: str, values: tuple[str, ...], by: User) -> Operation:
    """`values`: what fills the gaps. One at a time; raises CannotTest, NotConnected."""
    if Operation.objects.filter(batch=campaign.test_batch).unsettled().exists():
        raise CannotTest("Your last test is still on its way. Wait until it has left.")
    if Suppression.objects.filter(customer=campaign.customer_id, phone=phone).exists():
        raise CannotTest(f"{phone} asked for no messages. Test with another number.")
    assert campaign.service
    request_id = f"{campaign.uuid}-test-{uuid4().hex[:12]}"
    operation = outbox.add(
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
            "message": calls.build_message(campaign, [(phone, values)], request_id=request_id).to_json(),
        },
        by=by,
    )
    audit.record(actor=by, customer=campaign.customer, verb="campaign.tested", subject=campaign)
    return operation


def latest(campaign: Campaign) -> Operation | None:
    return Operation.objects.filter(batch=campaign.test_batch).order_by("-pk").first()
