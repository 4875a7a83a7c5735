"""Whom an action is still to reach."""

from contacts.listing import Listing
from contacts.models import BulkAction
from contacts.models.contact import ContactQuerySet
from contacts.selecting import Selection


def selected(action: BulkAction) -> ContactQuerySet:
    """After the last that is done, and none who came after it was agreed to."""
    return selection_of(action).contacts().filter(pk__gt=action.cursor, pk__lte=action.ceiling)


def selection_of(action: BulkAction) -> Selection:
    ids = None if action.ids is None else tuple(action.ids)
    return Selection(action.group, Listing.kept(action.filter), ids)
