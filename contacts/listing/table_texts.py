"""What the table shows, in words."""

from typing import Any

from accounts.wording.quantities import plural
from contacts.listing.counting import Count
from contacts.listing.table_query import TableQuery


def filters(listing: TableQuery, *, importer: str, job: str) -> list[tuple[str, dict[str, Any]]]:
    """Each filter beyond the search and the state in words, with the change that takes it away."""
    value = f"is {listing.value}" if listing.value else "is not known"
    since = f"{listing.since:%d %B %Y}".lstrip("0") if listing.since else ""
    conditions: list[tuple[Any, str, dict[str, Any]]] = [
        (listing.having, f"{listing.having} {value}", {"having": "", "value": ""}),
        (listing.importer, f"Imported by {importer}", {"importer": None}),
        (listing.job, f"From {job}", {"job": None}),
        (listing.since, f"Changed since {since}", {"since": None}),
        (listing.where, listing.where, {"where": ""}),
    ]
    return [(words, without) for is_set, words, without in conditions if is_set]


def being_deleted(count: Count) -> str:
    if not count:
        return ""
    return f"{count} {plural(count.number + count.is_more, 'contact is', 'contacts are')} being deleted"
