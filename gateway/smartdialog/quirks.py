"""How SmartDialog treats a customer where its documents do not say: found by its answers, or set."""

from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from accounts.db.kept_queries import kept
from accounts.models import Customer, User
from accounts.trail import audit
from gateway import clock
from gateway.live_updates import live
from gateway.models import Quirks, Service

TOPIC = "quirks"


def of(customer: Customer | int | None) -> Quirks:
    """As far as is known; what the contract promises where nothing is."""
    if customer is None:
        return Quirks()
    key = customer if isinstance(customer, int) else customer.pk
    return next(iter(_known(key)), Quirks(customer_id=key))


@kept
def _known(customer: int) -> QuerySet[Quirks]:
    return Quirks.objects.filter(customer=customer)


@transaction.atomic
def learn(customer: Customer, *, by: User | None = None, **found: Any) -> bool:
    """Keep what was found, or what an admin says, and tell it; whether it was news."""
    known = lock(customer)
    before, after = audit.differences({name: getattr(known, name) for name in found}, found)
    if not after:
        return False
    Quirks.objects.filter(pk=known.pk).update(**after, changed_at=clock.now())
    audit.record(
        actor=by, customer=customer, verb="smartdialog.learnt", subject=customer, before=before, after=after
    )
    live.announce(customer, TOPIC)
    return True


@transaction.atomic
def say(customer: Customer, said: dict[str, Any], *, groups_refuse_empty: bool | None, by: User) -> None:
    """What an admin says of it. `groups_refuse_empty`: they take no empty fields; None: nobody said."""
    learn(customer, by=by, **said)
    if groups_refuse_empty is None:
        return
    others = Service.objects.of_customer(customer).groups().exclude(refuses_empty=groups_refuse_empty)
    if others.update(refuses_empty=groups_refuse_empty):
        told = {"refuses_empty": groups_refuse_empty}
        audit.record(
            actor=by, customer=customer, verb="smartdialog.groups_said", subject=customer, after=told
        )


def lock(customer: Customer) -> Quirks:
    """The customer's row, ours until the commit."""
    return Quirks.objects.select_for_update(no_key=True).get_or_create(customer=customer)[0]


def has_taken(customer: Customer, recipients: int) -> None:
    """A call with so many recipients was taken."""
    fewer = Quirks.objects.filter(customer=customer, recipients_taken__lt=recipients)
    if not fewer.update(recipients_taken=recipients):
        Quirks.objects.get_or_create(customer=customer, defaults={"recipients_taken": recipients})
