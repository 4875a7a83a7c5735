"""What each row would do to the group, a set-based diff in one statement: its kind, and what is overwritten.

The statement reads rows `r` beside the contact `c` with their number. A file is checked by it, and what was
checked is compared again when it is saved, since people go on working meanwhile.
"""

from contacts.fields import DETAILS, Field
from contacts.importing.sql_dialects import dialect

# Of whom it changes, what an undo needs: for the revision, see Contact.imported_revision.
_ALWAYS = {name: name for name in ("revision", "sync_state", "imported_revision")} | {
    "last_import": "last_import_id"
}
# Where rows to compare come from; `repeated` says that an earlier row of the file has the number. Each number
# is looked for once, and until it is found: a file may have one in all of its rows.
STAGED_ROWS = """
    SELECT s.*, known.phone IS NOT NULL
        OR ROW_NUMBER() OVER (PARTITION BY s.phone, s.hidden ORDER BY s.line) > 1 AS repeated
    FROM import_staging s LEFT JOIN (
        SELECT each.phone FROM (SELECT DISTINCT phone FROM import_staging) each
        WHERE EXISTS (SELECT 1 FROM contacts_importrow e
            WHERE e.job_id = %(job)s AND e.phone = each.phone AND e.kind NOT IN ('duplicate', 'hidden'))
    ) known ON known.phone = s.phone
"""
ROWS_TO_SAVE = """
    SELECT s.*, FALSE AS repeated FROM contacts_importrow s
    WHERE s.job_id = %(job)s AND s.line > %(after)s AND s.line <= %(upto)s AND s.kind IN ('new', 'changed')
"""
FIXED_ROW = """
    SELECT s.*, ROW_NUMBER() OVER (PARTITION BY s.phone, s.hidden ORDER BY s.line) > 1 AS repeated
    FROM contacts_importrow s
    WHERE s.job_id = %(job)s AND (s.line = %(line)s OR s.phone IN (%(was)s, %(phone)s))
"""
# Whether the number of a row wants no messages, in whatever group.
_STOPPED = """EXISTS (SELECT 1 FROM contacts_suppression x
    WHERE x.customer_id = %(customer)s AND x.phone = r.phone AND x.lifted_at IS NULL)"""


def comparison_sql(rows: str) -> str:
    """A SELECT of `rows` (STAGED_ROWS, ROWS_TO_SAVE or FIXED_ROW) with `found_kind` and `found_before`."""
    return f"""
        SELECT r.*, {_before()} AS found_before, CASE
            WHEN r.hidden THEN 'hidden'
            WHEN r.barred THEN 'opted_out'
            WHEN r.unclear THEN 'unclear'
            WHEN r.phone IS NULL THEN 'invalid'
            WHEN r.repeated THEN 'duplicate'
            WHEN {_STOPPED} OR NOT COALESCE(c.active, TRUE) THEN 'opted_out'
            WHEN c.id IS NULL OR c.sync_state = 'deleting' THEN 'new'
            WHEN {" OR ".join(_differences().values())} THEN 'changed'
            ELSE 'unchanged' END AS found_kind
        FROM ({rows}) r
        LEFT JOIN contacts_contact c ON c.phone = r.phone AND c.group_id = %(group)s
    """


def merged_sql() -> dict[str, str]:
    """What the fields of a contact `c` become by a row `r`; one that is being deleted begins with nothing."""
    words = dialect()

    def kept(there: str, otherwise: str) -> str:
        return f"CASE WHEN c.sync_state = 'deleting' THEN {otherwise} ELSE {there} END"

    fields = {
        field.name: as_kept(field, f"COALESCE(r.{field.name}, {kept(as_said(field), nothing(field))})")
        for field in DETAILS
    }
    properties = words.merged.format(kept("c.properties", words.no_properties), "r.properties")
    return fields | {"properties": properties}


def nothing(field: Field) -> str:
    """What a row says to empty the field."""
    return "0" if field.is_number else "''"


def as_said(field: Field) -> str:
    """What the contact has, as a row would say it."""
    return f"COALESCE(c.{field.name}, 0)" if field.is_number else f"c.{field.name}"


def as_kept(field: Field, said: str) -> str:
    """What a row says, as a contact has it."""
    return f"NULLIF({said}, 0)" if field.is_number else said


def _before() -> str:
    """Of a contact that the row changes: _ALWAYS, and each field that was otherwise; else null.

    Whether somebody is stopped is asked of those alone: most rows of a file that comes again change nobody.
    """
    words = dialect()
    was = {field.name: as_said(field) for field in DETAILS}
    was["properties"] = words.as_json.format("c.properties")
    fields = ", ".join(
        f"'{name}', CASE WHEN {differs} THEN {was[name]} END" for name, differs in _differences().items()
    )
    always = ", ".join(f"'{name}', c.{column}" for name, column in _ALWAYS.items())
    old = words.without_nulls.format(f"{words.json_object}({always}, {fields})")
    begun_anew = f"{words.json_object}({always})"
    return f"""CASE
        WHEN c.id IS NULL OR r.hidden OR r.phone IS NULL OR r.repeated OR NOT c.active THEN NULL
        WHEN c.sync_state <> 'deleting' AND ({" OR ".join(_differences().values())}) IS NOT TRUE THEN NULL
        WHEN {_STOPPED} THEN NULL
        WHEN c.sync_state = 'deleting' THEN {begun_anew}
        ELSE {old} END"""


def _differences() -> dict[str, str]:
    """By field, when a row changes it; a field that says nothing differs from nothing."""
    words = dialect()
    merged = words.merged.format("c.properties", "r.properties")
    fields = {field.name: f"r.{field.name} <> {as_said(field)}" for field in DETAILS}
    return fields | {"properties": f"{merged} <> {words.as_json.format('c.properties')}"}
