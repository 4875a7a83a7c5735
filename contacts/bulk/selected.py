"""Whom an action is still to reach."""

from contacts.listing import Listing
from contacts.models import BulkAction
from contacts.models.contact import ContactQuerySet
from contacts.selecting import Selection


def selected(action: BulkAction) -> ContactQuerySet:
    """After the last that is done, and none who came after it was agreed to."""
    ids = None if action.ids is None else tuple(action.ids)
    selection = Selection(action.group, Listing.kept(action.filter), ids)
    return selection.contacts().filter(pk__gt=action.cursor, pk__lte=action.ceiling)
