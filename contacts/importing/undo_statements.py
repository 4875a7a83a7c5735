"""The statements that take rows of an import back, and what doing that comes to."""

from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.backends.utils import CursorWrapper

from contacts.fields import DETAILS, Field
from contacts.importing.comparing import as_kept, as_said
from contacts.importing.contact_rewrite import rewrite_contacts
from contacts.importing.sql_dialects import adapt_datetime, dialect
from contacts.models import Contact, Import
from contacts.models.contact import delete_contacts
from gateway import clock, outbox
from gateway.outbox import BacklogRef, backlogs

_APPLIED = "r.job_id = %(job)s AND r.line > %(after)s AND r.line <= %(upto)s AND r.kind IN ('new', 'changed')"
_PAIRED = f"""
    FROM contacts_importrow r JOIN contacts_contact c ON c.group_id = %(group)s AND c.phone = r.phone
    WHERE {_APPLIED} AND c.sync_state <> 'deleting'"""
# Nobody finds their rows by number, so that no row says that they are left alone.
RENUMBERED = """
    SELECT COUNT(*) FROM contacts_contact c
    WHERE c.last_import_id = %(job)s AND c.sync_state <> 'deleting' AND NOT EXISTS (
        SELECT 1 FROM contacts_importrow r WHERE r.job_id = %(job)s AND r.phone = c.phone)"""
_CHANGED = """
    sync_error = '', found_remotely = NULL, revision = contacts_contact.revision + 1, updated_at = %(now)s"""
_ON_ITS_WAY = f"{_CHANGED}, backlog_id = %(backlog)s"
_SETTLED = f"{_CHANGED}, backlog_id = NULL"
_AS_IT_WAS = "sync_state = CASE WHEN contacts_contact.undecided THEN 'failed' ELSE 'synced' END"
_BEFORE_IT = "last_import_id = new.last_import, imported_revision = new.imported_revision"


@dataclass(frozen=True)
class UndoPrice:
    """What taking an import back does to how many contacts, and what it costs."""

    deleted: int
    restored: int
    left_alone: int
    calls: int
    given_back: int = 0

    @property
    def seconds(self) -> float:
        return outbox.seconds_for(self.calls)


def price(job: Import) -> UndoPrice:
    """One statement over all rows of the import: seconds where there are a million."""
    given = _given(job, after=0)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT
                COUNT(CASE WHEN same AND added AND NOT met THEN 1 END),
                COUNT(CASE WHEN same AND NOT added THEN 1 END),
                COUNT(CASE WHEN NOT same THEN 1 END) + ({RENUMBERED}),
                COUNT(CASE WHEN same AND heard THEN 1 END),
                COUNT(CASE WHEN same AND added AND met THEN 1 END)
            FROM (SELECT {_fate()} {_PAIRED}) AS found""",
            given,
        )
        return UndoPrice(*cursor.fetchone())


def take_back(job: Import, backlog: BacklogRef, after: int) -> dict[str, int]:
    """The rows after one line up to the cursor, in the transaction of the lease; how many of each fate."""
    given = _given(job, after) | {"backlog": backlog.id, "now": adapt_datetime(clock.now())}
    with connection.cursor() as cursor:

        def run(statement: str) -> int:
            cursor.execute(statement, given)
            return int(cursor.rowcount)

        run(dialect().prepare)
        run(f"SELECT COUNT(*) FROM (SELECT c.id {_PAIRED} {dialect().hold}) AS held")
        run(f"""CREATE TEMPORARY TABLE import_taken AS
            SELECT r.line, c.id, {_fate()} {_PAIRED}""")
        run("CREATE UNIQUE INDEX import_taken_lines ON import_taken (line)")
        run("CREATE UNIQUE INDEX import_taken_contacts ON import_taken (id)")
        left_alone = run("""UPDATE contacts_importrow SET left_alone = TRUE
            WHERE job_id = %(job)s AND line IN (SELECT line FROM import_taken WHERE NOT same)""")
        given_back = len(_taken_contacts(cursor, "added AND met"))
        unheard = _taken_contacts(cursor, "added AND NOT heard")
        delete_contacts(unheard)
        deleting = run(f"""UPDATE contacts_contact SET sync_state = 'deleting', {_ON_ITS_WAY}
            WHERE id IN (SELECT id FROM import_taken WHERE same AND added AND heard)""")
        called = rewrite_contacts(
            cursor, given, become=_old("t.heard"), sets=f"sync_state = 'waiting', {_ON_ITS_WAY}, {_BEFORE_IT}"
        )
        silent = rewrite_contacts(
            cursor, given, become=_old("NOT t.heard"), sets=f"{_AS_IT_WAS}, {_SETTLED}, {_BEFORE_IT}"
        )
        run("DROP TABLE import_taken")
    backlogs.add_rows(backlog, deleting + called)
    deleted = len(unheard) + deleting - given_back
    fates = {"deleted": deleted, "restored": called + silent, "left_alone": left_alone}
    return fates | ({"given_back": given_back} if given_back else {})


def _taken_contacts(cursor: CursorWrapper, which: str) -> list[int]:
    cursor.execute(f"SELECT id FROM import_taken WHERE same AND {which}")
    return [key for (key,) in cursor.fetchall()]


def _given(job: Import, after: int) -> dict[str, Any]:
    return {
        "job": job.pk,
        "group": job.group_id,
        "batch": job.batch,
        "after": after,
        "upto": job.cursor,
    }


def _fate() -> str:
    return f"{_same()} AS same, {_heard()} AS heard, r.kind = 'new' AS added, c.met IS NOT NULL AS met"


def _same() -> str:
    """Whether the contact is as the import left it."""
    return "COALESCE(c.last_import_id = %(job)s AND c.revision = c.imported_revision, FALSE)"


def _heard() -> str:
    """Whether SmartDialog may know what the import did, or was yet to hear what was before: it is called."""
    was = dialect().member.format("r.before", "sync_state")
    called = outbox.called_sql(Contact, key="c.id", batch="%(batch)s")
    return f"""NOT c.undecided AND ({called}
        OR CASE WHEN r.before IS NULL THEN c.known_remotely
            ELSE c.sync_state = 'synced' OR {was} <> 'synced' END)"""


def _old(which: str) -> str:
    """What contacts that were overwritten become: what they were."""
    words = dialect()

    def number(name: str) -> str:
        return f"CAST({words.member.format('r.before', name)} AS integer)"

    def was(field: Field) -> str:
        return number(field.name) if field.is_number else words.member.format("r.before", field.name)

    fields = {field.name: as_kept(field, f"COALESCE({was(field)}, {as_said(field)})") for field in DETAILS}
    same_since = f"{number('imported_revision')} = {number('revision')}"
    others = {
        "properties": f"COALESCE({words.json_member.format('r.before', 'properties')}, c.properties)",
        "last_import": number("last_import"),
        "imported_revision": f"CASE WHEN {same_since} THEN c.revision + 1 END",
    }
    columns = ", ".join(f"{expression} AS {name}" for name, expression in (fields | others).items())
    return f"""
        SELECT c.id, c.phone, c.revision, {columns}
        FROM import_taken t JOIN contacts_contact c ON c.id = t.id
        JOIN contacts_importrow r ON r.job_id = %(job)s AND r.line = t.line
        WHERE t.same AND NOT t.added AND {which}"""
