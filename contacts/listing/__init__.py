"""The table of a group: what is asked for, its pages, counts, columns, and selections."""

from contacts.listing.paging import Page, page
from contacts.listing.table_query import SORTS, STATES, TableQuery

__all__ = ["SORTS", "STATES", "Page", "TableQuery", "page"]
