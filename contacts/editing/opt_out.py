"""A number that asked for no more messages, wherever it asked."""

from django.db import transaction

from accounts import audit
from accounts.models import Customer, Role, User
from contacts.editing import crud
from contacts.models import Suppression
from gateway.models import Connection, ConnectionState


@transaction.atomic
def opt_out(*, customer: Customer, phone: str, reason: str, by: User | None = None) -> int:
    """Keep the number as suppressed, and make its contacts inactive here and at SmartDialog; how many.

    `by` None: the person asked for it themselves, and whoever works for the customer carries the news.
    """
    known = Suppression.objects.filter(customer=customer, phone=phone).exists()
    stopped = crud.suppress(customer, phone=phone, reason=reason, by=by, connection=_carrier(customer, by))
    if not known:
        audit.record(
            actor=by, customer=customer, verb="number.opted_out", subject=phone, after={"reason": reason}
        )
    return stopped


def _carrier(customer: Customer, by: User | None) -> Connection | None:
    """The person's own connection, else a writer's that works, else one that will work again."""
    if by is not None and (own := Connection.objects.of(by)):
        return own
    reaching = Connection.objects.filter(
        user__customers=customer, user__is_active=True, user__role__in=[Role.MARKETER, Role.ADMIN]
    ).order_by("-pk")
    return reaching.filter(state=ConnectionState.ACTIVE).first() or reaching.first()
