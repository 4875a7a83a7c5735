"""The filters of the table as a segment, to be kept for colleagues, campaigns and other groups."""

from collections.abc import Iterator

from accounts.models import User
from contacts.fields import PROPERTY_PREFIX
from contacts.listing.table_query import CONSENT, TableQuery
from contacts.models import Import
from contacts.segments import subjects
from contacts.segments.parser import parse
from contacts.segments.serializer import written
from contacts.segments.syntax import Comparison, Node, Relation, SegmentError, conjunction
from gateway.models import Service

_STATES = {
    **{state: ("consent", said) for state, said in CONSENT.items()},
    "waiting": ("sync", "waiting"),
    "failed": ("sync", "failed"),
    "synced": ("sync", "synced"),
}


def text_of(listing: TableQuery, group: Service) -> str:
    """Its text; "" where the condition of the list cannot be read. At most two queries."""
    try:
        return written(conjunction(_parts(listing, group)))
    except SegmentError:
        return ""


def _parts(listing: TableQuery, group: Service) -> Iterator[Node]:
    yield _is(subjects.GROUP, group.name)
    if listing.where:
        yield parse(listing.where)
    if listing.text:
        yield Comparison(subjects.ANYTHING, Relation.CONTAINS, listing.text)
    if listing.state:
        yield _is(*_STATES[listing.state])
    if listing.having:
        key = PROPERTY_PREFIX + listing.having
        yield _is(key, listing.value) if listing.value else Comparison(key, Relation.EMPTY)
    for person in User.objects.filter(pk=listing.importer) if listing.importer else ():
        yield _is(subjects.IMPORTED_BY, person.name)
    for job in Import.objects.filter(pk=listing.job, group=group) if listing.job else ():
        yield _is(subjects.IMPORT, job.original_name)
    if listing.since:
        yield Comparison("changed", Relation.SINCE, listing.since.isoformat())


def _is(subject: str, value: str) -> Comparison:
    return Comparison(subject, Relation.EQUALS, value)
