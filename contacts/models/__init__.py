"""Contacts of groups, numbers that want no messages, and imports."""

from contacts.models.contact import Contact, Gender, SyncState
from contacts.models.imports import Import, ImportRow, ImportState
from contacts.models.suppression import Suppression

__all__ = [
    "Contact",
    "Gender",
    "Import",
    "ImportRow",
    "ImportState",
    "Suppression",
    "SyncState",
]
