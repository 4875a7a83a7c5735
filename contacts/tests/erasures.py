"""The person who asks to be erased, what could hold something of them, and SmartDialog's part of it."""

from django.core.serializers import serialize

from accounts.models import AuditEvent, Customer
from contacts.models import Contact, Erasure, Import, ImportRow, Suppression
from contacts.models.erased_numbers import digest_of
from contacts.tests.answers import take
from gateway import clock
from gateway.models import Operation

PHONE = "+358401234567"


def everything() -> str:
    """Every row that could hold something, as text."""
    models = (Contact, Import, ImportRow, Suppression, AuditEvent, Operation, Erasure)
    return "".join(serialize("json", model.objects.all()) for model in models)


def make_erased(customer: Customer, phone: str = PHONE) -> Erasure:
    """Somebody who was erased before."""
    digest = digest_of(customer, phone)
    return Erasure.objects.create(
        customer=customer, digest=digest, ending=phone[-2:], finished_at=clock.now()
    )


def settle(erasure: Erasure) -> None:
    """SmartDialog deletes the person."""
    for operation in Operation.objects.filter(batch=erasure.batch):
        take(operation)
