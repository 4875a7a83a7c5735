"""What each row would do to the group, a set-based diff in one statement: six kinds, and what is overwritten.

The statement reads rows `r` beside the contact `c` with their number. A file is checked by it, and what was
checked is compared again when it is saved, since people go on working meanwhile.
"""

from contacts.importing.sql_dialects import dialect

TEXT_FIELDS = (
    "first_name",
    "last_name",
    "email",
    "gender",
    "street_address",
    "zip_code",
    "city",
    "country_code",
)
_BLANK = "''"
# Of whom it changes, what an undo needs: for the revision, see Contact.imported_revision.
_ALWAYS = {name: name for name in ("revision", "sync_state", "imported_revision")} | {
    "last_import": "last_import_id"
}
# Where rows to compare come from; `repeated` says that an earlier row of the file has the number.
STAGED_ROWS = """
    SELECT s.*, e.line IS NOT NULL OR ROW_NUMBER() OVER (PARTITION BY s.phone ORDER BY s.line) > 1 AS repeated
    FROM import_staging s LEFT JOIN contacts_importrow e
    ON e.job_id = %(job)s AND e.phone = s.phone AND e.kind <> 'duplicate'
"""
ROWS_TO_SAVE = """
    SELECT s.*, FALSE AS repeated FROM contacts_importrow s
    WHERE s.job_id = %(job)s AND s.line > %(after)s AND s.line <= %(upto)s AND s.kind IN ('new', 'changed')
"""
FIXED_ROW = """
    SELECT s.*, ROW_NUMBER() OVER (PARTITION BY s.phone ORDER BY s.line) > 1 AS repeated
    FROM contacts_importrow s
    WHERE s.job_id = %(job)s AND (s.line = %(line)s OR s.phone IN (%(was)s, %(phone)s))
"""


def comparison_sql(rows: str) -> str:
    """A SELECT of `rows` (STAGED_ROWS, ROWS_TO_SAVE or FIXED_ROW) with `found_kind` and `found_before`."""
    return f"""
        SELECT r.*, {_before()} AS found_before, CASE
            WHEN r.barred THEN 'opted_out'
            WHEN r.phone IS NULL THEN 'invalid'
            WHEN r.repeated THEN 'duplicate'
            WHEN x.phone IS NOT NULL OR NOT COALESCE(c.active, TRUE) THEN 'opted_out'
            WHEN c.id IS NULL OR c.sync_state = 'deleting' THEN 'new'
            WHEN {" OR ".join(_differences().values())} THEN 'changed'
            ELSE 'unchanged' END AS found_kind
        FROM ({rows}) r
        LEFT JOIN contacts_contact c ON c.phone = r.phone AND c.group_id = %(group)s
        LEFT JOIN contacts_suppression x ON x.customer_id = %(customer)s AND x.phone = r.phone
    """


def merged_sql() -> dict[str, str]:
    """What the fields of a contact `c` become by a row `r`; one that is being deleted begins with nothing."""

    def kept(field: str, nothing: str) -> str:
        return f"CASE WHEN c.sync_state = 'deleting' THEN {nothing} ELSE c.{field} END"

    words = dialect()
    texts = {field: f"COALESCE(r.{field}, {kept(field, _BLANK)})" for field in TEXT_FIELDS}
    return texts | {
        "birth_year": f"NULLIF(COALESCE(r.birth_year, {kept('birth_year', 'NULL')}), 0)",
        "properties": words.merged.format(kept("properties", words.no_properties), "r.properties"),
    }


def _before() -> str:
    """Of a contact that the row changes: _ALWAYS, and each field that was otherwise; else null."""
    words = dialect()
    was = {field: f"c.{field}" for field in TEXT_FIELDS} | {
        "birth_year": "COALESCE(c.birth_year, 0)",
        "properties": words.as_json.format("c.properties"),
    }
    fields = ", ".join(
        f"'{field}', CASE WHEN {differs} THEN {was[field]} END" for field, differs in _differences().items()
    )
    always = ", ".join(f"'{name}', c.{column}" for name, column in _ALWAYS.items())
    old = words.without_nulls.format(f"{words.json_object}({always}, {fields})")
    begun_anew = f"{words.json_object}({always})"
    return f"""CASE
        WHEN c.id IS NULL OR r.phone IS NULL OR r.repeated OR x.phone IS NOT NULL OR NOT c.active THEN NULL
        WHEN c.sync_state = 'deleting' THEN {begun_anew}
        WHEN {" OR ".join(_differences().values())} THEN {old} END"""


def _differences() -> dict[str, str]:
    """By field, when a row changes it; a field that says nothing differs from nothing."""
    words = dialect()
    merged = words.merged.format("c.properties", "r.properties")
    return {field: f"r.{field} <> c.{field}" for field in TEXT_FIELDS} | {
        "birth_year": "r.birth_year <> COALESCE(c.birth_year, 0)",
        "properties": f"{merged} <> {words.as_json.format('c.properties')}",
    }
