"""Contacts of groups, numbers that want no messages, and imports."""

from contacts.models.bulk import BulkAction, BulkPart, BulkState, BulkVerb
from contacts.models.contact import Contact, Gender, SyncState
from contacts.models.erasure import Erasure
from contacts.models.imports import Import, ImportRow, ImportState
from contacts.models.lookups import Lookup, LookupState
from contacts.models.shapes import FileShape
from contacts.models.suppression import Suppression
from contacts.models.table import SavedFilter, TableColumns

__all__ = [
    "BulkAction",
    "BulkPart",
    "BulkState",
    "BulkVerb",
    "Contact",
    "Erasure",
    "FileShape",
    "Gender",
    "Import",
    "ImportRow",
    "ImportState",
    "Lookup",
    "LookupState",
    "SavedFilter",
    "Suppression",
    "SyncState",
    "TableColumns",
]
