"""Save the new and changed rows of a checked import, and queue one call for each."""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import Count, F
from django.utils import timezone

from contacts import pushing
from contacts.importing import leases
from contacts.importing.checking import Standing
from contacts.importing.comparing import APPLIED, Kind, compare
from contacts.importing.leases import Lease, LeaseLost
from contacts.models import Contact, Import, ImportRow, ImportState
from gateway import live

CHUNK = 500

_TAKEN_FIELDS = [
    "first_name",
    "last_name",
    "email",
    "gender",
    "birth_year",
    "street_address",
    "zip_code",
    "city",
    "country_code",
    "properties",
    "active",
    "sync_state",
    "sync_error",
    "known_remotely",
    "revision",
    "last_import",
    "name_key",
    "search_text",
    "updated_at",
]


def save(job_id: int) -> None:
    """Go on from the cursor to the last row; leaves at once when another worker is at it."""
    lease = leases.take(job_id, ImportState.SAVING)
    if lease is None:
        return
    job = Import.objects.select_related("group__customer", "connection", "created_by").get(pk=job_id)
    try:
        while rows := _next_rows(job):
            with transaction.atomic():
                _save_chunk(lease, job, rows)
        _end(lease, job)
    except LeaseLost:
        return
    finally:
        lease.release()


def _next_rows(job: Import) -> list[ImportRow]:
    """A row is of an applied kind until it is saved or found to be settled otherwise since the check."""
    rows = ImportRow.objects.filter(job=job, kind__in=APPLIED, line__gt=job.cursor)
    return list(rows.order_by("line")[:CHUNK])


def _save_chunk(lease: Lease, job: Import, rows: Sequence[ImportRow]) -> None:
    """One transaction: the lease and the cursor, the contacts, their calls."""
    lease.write(cursor=rows[-1].line)
    numbers = [row.phone or "" for row in rows]
    # Writing first, though nothing changes, keeps these rows ours until the commit: no edit slips between.
    Contact.objects.filter(group=job.group, phone__in=numbers).update(revision=F("revision"))
    standing = Standing(job.group, numbers)
    new, changed = _apply(job, rows, standing)
    Contact.objects.bulk_create(new)
    Contact.objects.bulk_update(changed, _TAKEN_FIELDS, batch_size=100)
    for contacts, fresh in ((new, True), (changed, False)):
        pushing.push_many(
            contacts, connection=job.connection, by=job.created_by, batch=job.batch, fresh=fresh
        )
    saved = len(new) + len(changed)
    lease.write(saved=F("saved") + saved)
    job.cursor = rows[-1].line


def _apply(job: Import, rows: Sequence[ImportRow], standing: Standing) -> tuple[list[Contact], list[Contact]]:
    """Compare again, since people may have edited or opted out after the check; new and changed contacts."""
    new, changed, settled = [], [], []
    for row in rows:
        phone = row.phone or ""
        current = standing.values(phone)
        kind, changes = compare(row.values, current)
        if standing.has_opted_out(phone):
            kind, changes = Kind.OPTED_OUT, {}
        if (kind, changes) != (row.kind, row.changes):
            row.kind, row.changes = kind, changes
            settled.append(row)
        if kind in APPLIED:
            known = standing.contacts.get(phone)
            (changed if known else new).append(_contact(job, row, known, anew=current is None))
    ImportRow.objects.bulk_update(settled, ["kind", "changes"])
    return new, changed


def _contact(job: Import, row: ImportRow, known: Contact | None, *, anew: bool) -> Contact:
    """The contact with the row's values, on its way; one that was being deleted begins anew."""
    if known is None or anew:
        contact = Contact(pk=known.pk if known else None, group=job.group, phone=row.phone)
    else:
        contact = known
        contact.group = job.group
    contact.revision = known.revision if known else 0
    contact.take(row.values)
    contact.touch()
    contact.last_import = job
    return contact


def _end(lease: Lease, job: Import) -> None:
    counted = ImportRow.objects.filter(job=job).order_by().values_list("kind").annotate(count=Count("pk"))
    with transaction.atomic():
        lease.end(state=ImportState.SYNCING, saved_at=timezone.now(), counts=dict(counted))
        live.announce(job.group.customer, "contacts")
    job.path.unlink(missing_ok=True)
