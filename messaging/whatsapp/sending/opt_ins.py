"""SmartDialog's register of WhatsApp opt-ins, by two calls that it has called deprecated since April 2022.

It cannot be read: what it was told last is all that is known. Who may be messaged is decided by the record of
consent alone; whoever has opted out there is not opted in here.
"""

from dataclasses import dataclass

from django.db import transaction

from accounts.errors import UserError
from accounts.models import Customer, User
from accounts.trail import audit
from contacts.consent import opt_outs
from contacts.models.erased_numbers import erased_among
from contacts.text.phones import spellings
from gateway import clock, outbox
from gateway.live_updates import live
from gateway.models import WhatsappIdentity
from gateway.sign_in import connections
from gateway.smartdialog import quirks
from gateway.smartdialog.api import E164
from messaging.whatsapp.models import RegisteredOptIn

OPT_IN, OPT_OUT = "whatsapp.opt_in", "whatsapp.opt_out"
TOPIC = "contacts"


class HasOptedOut(UserError):
    text = "They have opted out. Remove the opt-out first, if they agreed to it."


@dataclass(frozen=True)
class OptInRegister:
    """What the register was told of a number, by each WhatsApp number of the customer."""

    customer: Customer
    phone: str
    told: list[tuple[str, RegisteredOptIn | None]]


def register_of(customer: Customer, phone: str) -> OptInRegister | None:
    """None where no admin says that there is one, or a number is missing. At most three queries."""
    has_one = E164.fullmatch(phone) and quirks.of(customer).keeps_opt_ins
    identities = identities_of(customer) if has_one else []
    if not identities:
        return None
    rows = RegisteredOptIn.objects.of_customer(customer).filter(phone=phone)
    told = {each.identity: each for each in rows.select_related("told_by", "operation")}
    return OptInRegister(customer, phone, [(each, told.get(each)) for each in identities])


def identities_of(customer: Customer) -> list[str]:
    found = WhatsappIdentity.objects.filter(customer=customer).order_by("address")
    return list(found.values_list("address", flat=True))


def may_not_be_in(customer: Customer, phone: str) -> bool:
    """Who has opted out, and who was erased at their own wish."""
    ways = spellings(phone)
    return bool(opt_outs.stopped_among(customer, ways) or erased_among(customer, ways))


def forget(customer: Customer, phone: str, identity: str) -> None:
    """It was not told of it."""
    RegisteredOptIn.objects.of_customer(customer).filter(phone=phone, identity=identity).delete()


def tell(customer: Customer, phone: str, identity: str, *, is_in: bool, by: User) -> None:
    """Opt the number in, or out, for that WhatsApp number. Raises HasOptedOut, or NotConnected."""
    connection = connections.for_user(by)
    if is_in and may_not_be_in(customer, phone):
        raise HasOptedOut
    with transaction.atomic():
        said = {"is_in": is_in, "told_at": clock.now(), "told_by": by}
        entry, _ = RegisteredOptIn.objects.update_or_create(
            customer=customer, phone=phone, identity=identity, defaults=said
        )
        outbox.cancel_waiting(subject=entry)
        outbox.supersede(subject=entry)
        call = outbox.add(
            connection=connection,
            customer=customer,
            kind=OPT_IN if is_in else OPT_OUT,
            subject=entry,
            payload={"sender": identity, "recipient": phone},
            by=by,
        )
        RegisteredOptIn.objects.filter(pk=entry.pk).update(operation=call.id)
        verb = "whatsapp.opted_in" if is_in else "whatsapp.opted_out"
        audit.record(actor=by, customer=customer, verb=verb, subject=entry)
        live.announce(customer, TOPIC)
