"""The person who asks to be erased, what could hold something of them, and SmartDialog's part of it."""

from django.core.serializers import serialize

from accounts.models import AuditEvent
from contacts.models import Contact, Erasure, Import, ImportRow, Suppression
from contacts.tests.answers import take
from gateway.models import Operation

PHONE = "+358401234567"


def everything() -> str:
    """Every row that could hold something, as text."""
    models = (Contact, Import, ImportRow, Suppression, AuditEvent, Operation, Erasure)
    return "".join(serialize("json", model.objects.all()) for model in models)


def settle(erasure: Erasure) -> None:
    """SmartDialog deletes the person."""
    for operation in Operation.objects.filter(batch=erasure.batch):
        take(operation)
