"""The table of a group: what is asked for, its pages, counts, columns, and selections."""

from accounts.db.paging import Page
from contacts.listing.paging import page
from contacts.listing.table_query import SORTS, STATES, TableQuery
