"""The table of a group: what is asked for, its pages, counts, columns, and selections."""

from contacts.listing.asking import SORTS, STATES, Listing
from contacts.listing.paging import Page, page

__all__ = ["SORTS", "STATES", "Listing", "Page", "page"]
