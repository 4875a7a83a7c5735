"""Save the new and changed rows of a checked import, a chunk at a time; each contact waits for one call."""

from collections.abc import Callable
from typing import Any

from django.db import IntegrityError, connection, models, transaction
from django.db.backends.utils import CursorWrapper
from django.db.models import Count, Max

from accounts.trail import audit
from contacts.consent import opt_outs
from contacts.fields import DETAILS
from contacts.importing import import_lifecycle
from contacts.importing.checking import parameters
from contacts.importing.comparing import ROWS_TO_SAVE, as_kept, comparison_sql, merged_sql, nothing
from contacts.importing.contact_rewrite import ConcurrentChange, rewrite_contacts
from contacts.importing.files import stored_files
from contacts.importing.sql_dialects import adapt_datetime, dialect
from contacts.models import Contact, Import, ImportRow, ImportState
from gateway import clock
from gateway.live_updates import live
from gateway.outbox import BacklogRef, backlogs
from gateway.workers.leases import Lease, LeaseLost

CHUNK = 10_000  # rows of the file
TRIES = 5  # of a chunk, when somebody adds a number of it at the same moment

_ROWS = "r.job_id = %(job)s AND r.line > %(after)s AND r.line <= %(upto)s"
# Who says no; of an erased person there is no number.
_REFUSED = f"{_ROWS} AND r.barred AND r.phone IS NOT NULL"
_APPLIED = f"{_ROWS} AND r.kind IN ('new', 'changed')"
_ADDED = f"{_APPLIED} AND r.before IS NULL"
_REWRITTEN = f"{_APPLIED} AND r.before IS NOT NULL"  # changed, or being deleted and begun anew
_ON_ITS_WAY = """
    sync_state = 'waiting', sync_error = '', found_remotely = NULL, updated_at = %(now)s,
    revision = contacts_contact.revision + 1,
    backlog_id = %(backlog)s, last_import_id = %(job)s,
    imported_revision = contacts_contact.revision + 1,
    known_remotely = (contacts_contact.known_remotely AND NOT new.anew),
    met = CASE WHEN NOT new.anew THEN contacts_contact.met END,
    undecided = (contacts_contact.undecided AND NOT new.anew)"""


def save(job_id: int, *, on_progress: Callable[[Import], None] | None = None) -> None:
    """Go on from the cursor to the last row; leaves at once when another worker is at it.

    `on_progress` hears of each chunk.
    """
    lease = import_lifecycle.acquire(job_id, ImportState.SAVING)
    if lease is None:
        return
    job = Import.objects.select_related("group__customer", "created_by").get(pk=job_id)
    try:
        backlog = backlogs.backlog_of(job.batch)
        if backlog is None:
            _stop(lease, job)
        elif lease.is_hopeless:
            import_lifecycle.hold(lease, job)
        else:
            with lease.counting(stored_files.StoreAway):
                _save_under(lease, job, backlog, on_progress)
    except LeaseLost:
        return
    finally:
        lease.release()


def _save_under(
    lease: Lease, job: Import, backlog: BacklogRef, on_progress: Callable[[Import], None] | None
) -> None:
    last = ImportRow.objects.filter(job=job).aggregate(last=Max("line", default=0))["last"]
    while job.cursor < last:
        upto = min(job.cursor + CHUNK, last)
        job.saved += _save_chunk(lease, job, backlog, after=job.cursor, upto=upto)
        job.cursor = upto
        if on_progress:
            on_progress(job)
    _end(lease, job)


def _save_chunk(lease: Lease, job: Import, backlog: BacklogRef, *, after: int, upto: int) -> int:
    """One transaction: the lease and the cursor, the contacts, and that they wait for their calls."""
    for left in reversed(range(TRIES)):
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                lease.checkpoint(upto)
                chunk = _Chunk(cursor, job, backlog, after, upto)
                saved = chunk.save()
                lease.write(saved=models.F("saved") + saved)
                backlogs.add_rows(backlog, saved + chunk.stopped)
        except ConcurrentChange:
            if not left:
                raise
        else:
            return saved
    raise AssertionError("the last try raises")


class _Chunk:
    """The statements that save the rows after one line, up to another."""

    def __init__(
        self, cursor: CursorWrapper, job: Import, backlog: BacklogRef, after: int, upto: int
    ) -> None:
        self._cursor, self._job, self._now = cursor, job, clock.now()
        self.stopped = 0  # contacts whom the file opts out
        self._given = {
            **parameters(job),
            "after": after,
            "upto": upto,
            "backlog": backlog.id,
            "now": adapt_datetime(self._now),
            "file": job.original_name,
            "by": job.created_by_id,
        }
        cursor.execute(dialect().prepare)

    def save(self) -> int:
        """How many contacts are added or rewritten."""
        self._hold()
        self._opt_out()
        self._compare_again()
        return self._add() + self._rewrite()

    def _hold(self) -> None:
        """Keep these contacts ours until the commit: no edit slips between comparing and writing."""
        self._run(f"""
            SELECT COUNT(*) FROM (SELECT c.id FROM contacts_importrow r
            JOIN contacts_contact c ON c.group_id = %(group)s AND c.phone = r.phone
            WHERE {_APPLIED} {dialect().hold}) AS held""")

    def _compare_again(self) -> None:
        """Validated again at commit: people may have edited or opted out after the check."""
        differs = dialect().differs
        self._run(f"""
            UPDATE contacts_importrow SET kind = found.found_kind, before = found.found_before
            FROM ({comparison_sql(ROWS_TO_SAVE)}) AS found
            WHERE contacts_importrow.job_id = %(job)s AND contacts_importrow.line = found.line
            AND (contacts_importrow.kind <> found.found_kind
                OR contacts_importrow.before {differs} found.found_before)""")

    def _opt_out(self) -> None:
        """The file's No: on the record, and applied in every group; before the same file's Yes is saved.

        Whom an earlier chunk brought is still what this import left, so that it can be taken back.
        """
        if not self._run(f"""
            INSERT INTO contacts_suppression (customer_id, phone, since, source, words, place, by_id,
                job_id, lift_source, lift_words, lift_place)
            SELECT DISTINCT %(customer)s, r.phone, CAST(%(now)s AS {dialect().time_type}), 'file', '',
                %(file)s, CAST(%(by)s AS bigint), %(job)s, '', '', ''
            FROM ({_refusing()}) AS r WHERE NOT EXISTS (
                SELECT 1 FROM contacts_suppression x
                WHERE x.job_id = %(job)s AND x.phone = r.phone AND x.lifted_at IS NULL)"""):
            return
        self.stopped = self._run(f"""
            UPDATE contacts_contact SET active = FALSE, before_opt_out = 'active', sync_state = 'waiting',
                sync_error = '', found_remotely = NULL, updated_at = %(now)s, revision = revision + 1,
                imported_revision = CASE WHEN last_import_id = %(job)s AND imported_revision = revision
                    THEN revision + 1 ELSE imported_revision END,
                backlog_id = %(backlog)s
            WHERE active AND sync_state <> 'deleting'
            AND group_id IN (SELECT id FROM gateway_service WHERE customer_id = %(customer)s)
            AND phone IN ({_refusing()})""")
        opt_outs.spell_out(self._job, self._now)

    def _add(self) -> int:
        values, given = _new_contact()
        self._given |= given
        try:
            return self._run(f"""
                INSERT INTO contacts_contact ({", ".join(values)}) SELECT {", ".join(values.values())}
                FROM contacts_importrow r WHERE {_ADDED} ORDER BY r.line""")
        except IntegrityError as error:
            raise ConcurrentChange from error

    def _rewrite(self) -> int:
        """Those that were there, or were being deleted: those begin anew."""
        fields = ", ".join(f"{expression} AS {field}" for field, expression in merged_sql().items())
        become = f"""
            SELECT c.id, c.phone, c.revision, c.sync_state = 'deleting' AS anew, {fields}
            FROM contacts_importrow r JOIN contacts_contact c ON c.group_id = %(group)s AND c.phone = r.phone
            WHERE {_REWRITTEN}"""
        return rewrite_contacts(self._cursor, self._given, become=become, sets=_ON_ITS_WAY)

    def _run(self, statement: str) -> int:
        self._cursor.execute(statement, self._given)
        return int(self._cursor.rowcount)


def _refusing() -> str:
    """The numbers of those who say no, where a row has several, too."""
    return f"""SELECT r.phone FROM contacts_importrow r WHERE {_REFUSED}
        UNION SELECT each.value FROM contacts_importrow r, {dialect().each_text.format("r.barred_too")}
        WHERE {_REFUSED}"""


def _new_contact() -> tuple[dict[str, str], dict[str, Any]]:
    """A value for each column (the row's, the import's, or its default), and the parameters in those."""
    fields = {field.name: as_kept(field, f"COALESCE(r.{field.name}, {nothing(field)})") for field in DETAILS}
    said = fields | {
        "group_id": "%(group)s",
        "phone": "r.phone",
        "phone_type": "r.phone_type",
        "properties": dialect().without_nulls.format("r.properties"),
        "name_key": "r.name_key",
        "search_text": "r.search_text",
        "created_at": "%(now)s",
        "updated_at": "%(now)s",
        "revision": "1",
        "backlog_id": "%(backlog)s",
        "last_import_id": "%(job)s",
        "imported_revision": "1",
    }
    given = {
        str(field.column): field.get_db_prep_save(field.get_default(), connection)
        for field in Contact._meta.concrete_fields
        if field.column not in said and not field.primary_key and not field.generated
    }
    return said | {column: f"%({column})s" for column in given}, given


def _stop(lease: Lease, job: Import) -> None:
    """The connection that was to make the calls is gone with its person: what is saved stays."""
    with transaction.atomic():
        lease.move(ImportState.SAVING, to=ImportState.CANCELLED, finished_at=clock.now())
        audit.record(
            actor=None,
            customer=job.group.customer,
            verb="import.cancelled",
            subject=job,
            after={"why": "The connection of the person who confirmed it is gone."},
        )
    stored_files.delete(job.stored_name)


def _end(lease: Lease, job: Import) -> None:
    counted = ImportRow.objects.filter(job=job).order_by().values_list("kind").annotate(count=Count("line"))
    with transaction.atomic():
        lease.move(ImportState.SAVING, to=ImportState.SYNCING, saved_at=clock.now(), counts=dict(counted))
        live.announce(job.group.customer, "contacts")
    stored_files.delete(job.stored_name)
