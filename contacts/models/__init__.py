"""Contacts of groups, numbers that want no messages, and imports."""

from contacts.models.bulk import BulkAction, BulkPart, BulkState, BulkVerb
from contacts.models.contact import Contact, SyncState
from contacts.models.erasure import Erasure
from contacts.models.file_shape import FileShape
from contacts.models.import_rows import ImportRow
from contacts.models.imports import Import, ImportState
from contacts.models.lookups import Lookup, LookupState
from contacts.models.number_list import NumberList
from contacts.models.opt_out_request import OptOutDecision, OptOutRequest
from contacts.models.saved_views import SavedFilter, TableColumns
from contacts.models.segment import Segment
from contacts.models.stored_files import StoredChunk, StoredFile
from contacts.models.suppression import ConsentSource, Suppression
