"""Whom an action is still to reach."""

from django.db.models import Exists, OuterRef

from contacts.listing import TableQuery
from contacts.listing.selection import Selection
from contacts.models import BulkAction, BulkPart, Contact
from contacts.models.contact import ContactQuerySet


def remaining_contacts(action: BulkAction) -> ContactQuerySet:
    """After the last that is done, and none who came after it was agreed to."""
    return selection_of(action).contacts().filter(pk__gt=action.cursor, pk__lte=action.ceiling)


def selection_of(action: BulkAction) -> Selection:
    ids = None if action.ids is None else tuple(action.ids)
    return Selection(action.group, TableQuery.from_querystring(action.filter), ids)


def undecided_arrivals(action: BulkAction) -> ContactQuerySet:
    """Whom it moved or copied to where SmartDialog had them before, and nobody has decided about."""
    target = action.options.get("target")
    parts = BulkPart.objects.filter(action=action, group=target)
    brought = Exists(parts.filter(first__lte=OuterRef("pk"), last__gte=OuterRef("pk")))
    return Contact.objects.present().filter(brought, group=target, undecided=True)
