"""Compare a file with its group, row by row, into ImportRows. Nothing else changes."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import asdict
from itertools import islice

from django.db import transaction
from django.utils import timezone

from contacts.importing import leases
from contacts.importing.comparing import Kind, compare
from contacts.importing.leases import Lease, LeaseLost
from contacts.importing.reading import Row, open_sheet
from contacts.importing.refusals import FileRefused, header_only
from contacts.importing.values import Reading, Values, read_row
from contacts.models import Contact, Import, ImportRow, ImportState, Suppression, SyncState
from gateway import live
from gateway.models import Service

CHUNK = 1000


def check(job_id: int) -> None:
    """Go on from the cursor to the end of the file; leaves at once when another worker is at it."""
    lease = leases.take(job_id, ImportState.CHECKING)
    if lease is None:
        return
    job = Import.objects.select_related("group__customer").get(pk=job_id)
    try:
        _check_under(lease, job)
    except FileRefused as refusal:
        _refuse(lease, job, refusal)
    except LeaseLost:
        return
    finally:
        lease.release()


def _check_under(lease: Lease, job: Import) -> None:
    with open_sheet(job.path, encoding=job.encoding, delimiter=job.delimiter) as sheet:
        for rows in chunks((row for row in sheet.rows if row.line > job.cursor), CHUNK):
            compared = _compare_all(job, rows)
            job.counts = dict(Counter(job.counts) + Counter(row.kind for row in compared))
            job.warnings += sum(bool(row.problems) and row.kind != Kind.INVALID for row in compared)
            with transaction.atomic():
                lease.write(cursor=rows[-1].line, counts=job.counts, warnings=job.warnings)
                ImportRow.objects.bulk_create(compared)
    if not job.counts:
        raise header_only()
    with transaction.atomic():
        lease.end(state=ImportState.CHECKED, checked_at=timezone.now())
        live.announce(job.group.customer, job.batch)


def _refuse(lease: Lease, job: Import, refusal: FileRefused) -> None:
    """The whole file, before any call: rows that could be read before the fault are not offered."""
    with transaction.atomic():
        lease.end(
            state=ImportState.REFUSED,
            refusal_code=refusal.code,
            refusal_words=refusal.words,
            counts={},
            warnings=0,
            finished_at=timezone.now(),
        )
        ImportRow.objects.filter(job=job).delete()
    job.path.unlink(missing_ok=True)


def _compare_all(job: Import, rows: Sequence[Row]) -> list[ImportRow]:
    readings = [read_row(row.cells, job.mapping, job.regions) for row in rows]
    phones = {str(phone) for reading in readings if (phone := reading.values.get("phone"))}
    seen = set(ImportRow.objects.filter(job=job, phone__in=phones).values_list("phone", flat=True))
    standing = Standing(job.group, phones)
    return [_compare(job, row, reading, standing, seen) for row, reading in zip(rows, readings, strict=True)]


class Standing:
    """What is known of some numbers in a group: two queries."""

    def __init__(self, group: Service, phones: Collection[str]) -> None:
        contacts = Contact.objects.filter(group=group, phone__in=phones)
        suppressions = Suppression.objects.filter(customer=group.customer_id, phone__in=phones)
        self.contacts = {contact.phone: contact for contact in contacts}
        self.suppressed = set(suppressions.values_list("phone", flat=True))

    def has_opted_out(self, phone: str) -> bool:
        contact = self.contacts.get(phone)
        return phone in self.suppressed or (contact is not None and not contact.active)

    def values(self, phone: str) -> Values | None:
        """Of the contact with the number; one that is being deleted counts as gone."""
        contact = self.contacts.get(phone)
        return None if contact is None or contact.sync_state == SyncState.DELETING else contact.values()


def _compare(job: Import, row: Row, reading: Reading, standing: Standing, seen: set[str]) -> ImportRow:
    result = ImportRow(
        job=job,
        line=row.line,
        values=reading.values,
        problems=[asdict(problem) for problem in reading.problems],
    )
    if not reading.is_valid:
        result.kind = Kind.INVALID
    else:
        _compare_valid(result, str(reading.values["phone"]), standing, seen)
    if result.problems or result.kind == Kind.DUPLICATE:
        result.raw = [cell[:500] for cell in row.cells]
    return result


def _compare_valid(result: ImportRow, phone: str, standing: Standing, seen: set[str]) -> None:
    if phone in seen:
        result.kind = Kind.DUPLICATE
        return
    seen.add(phone)
    result.phone = phone
    if standing.has_opted_out(phone):
        result.kind = Kind.OPTED_OUT
    else:
        result.kind, result.changes = compare(result.values, standing.values(phone))


def chunks(rows: Iterable, size: int) -> Iterator[list]:
    rows = iter(rows)
    while chunk := list(islice(rows, size)):
        yield chunk
