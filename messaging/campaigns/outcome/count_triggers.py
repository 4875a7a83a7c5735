"""The triggers that count recipients: whoever changes the table, in whatever way, the database counts it.

PostgreSQL adds a row for each statement that changes any number, and so waits for nobody. SQLite, which has
one writer, keeps one row for each state and reason.
"""

from typing import Any

from django.db import connection, transaction

COLUMNS = "campaign_id, state, reason"
TABLE = "campaigns_recipientcount"
TRIGGERS = ("campaigns_count_added", "campaigns_count_changed", "campaigns_count_removed")

_KNOWN = {
    "postgresql": "SELECT tgname FROM pg_trigger WHERE tgrelid = 'campaigns_recipient'::regclass",
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'campaigns_recipient'",
}
# What a count of the table says beyond the rows, of one campaign or all; one statement sees both at once.
_MEND = f"""
INSERT INTO {TABLE} ({COLUMNS}, number, is_sum)
SELECT {COLUMNS}, sum(number), %s FROM (
    SELECT {COLUMNS}, count(*) AS number FROM campaigns_recipient {{where}} GROUP BY {COLUMNS}
    UNION ALL SELECT {COLUMNS}, -number FROM {TABLE} {{where}}
) AS counted GROUP BY {COLUMNS} HAVING sum(number) <> 0
"""  # noqa: S608  our own words
MEND_ALL, MEND_ONE = _MEND.format(where=""), _MEND.format(where="WHERE campaign_id = %s")


@transaction.atomic
def install(**_: Any) -> None:
    """After each migration: SQLite drops the triggers of a table that it makes anew. Then all is counted."""
    if TABLE not in connection.introspection.table_names():  # of an older version, which is migrated back to
        return
    with connection.cursor() as cursor:
        cursor.execute(_KNOWN[connection.vendor])
        if set(TRIGGERS) <= {name for [name] in cursor.fetchall()}:
            return
    uninstall()
    with connection.cursor() as cursor:
        for statement in _postgresql() if connection.vendor == "postgresql" else _sqlite():
            cursor.execute(statement)
        cursor.execute(MEND_ALL, [True])


def uninstall() -> None:
    on = "ON campaigns_recipient" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        for name in TRIGGERS:
            cursor.execute(f"DROP TRIGGER IF EXISTS {name} {on}")


def _postgresql() -> list[str]:
    """A function and a trigger for each event. The rows after it count up, those before it down."""
    more, less = ("1 AS number FROM now_there", "NEW TABLE"), ("-1 AS number FROM was_there", "OLD TABLE")
    made = []
    for name, event, sides in (
        (TRIGGERS[0], "INSERT", [more]),
        (TRIGGERS[1], "UPDATE", [more, less]),
        (TRIGGERS[2], "DELETE", [less]),
    ):
        changes = " UNION ALL ".join(f"SELECT {COLUMNS}, {rows}" for rows, _ in sides)
        tables = " ".join(f"{table} AS {rows.split()[-1]}" for rows, table in sides)
        made.append(
            f"""CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                INSERT INTO {TABLE} ({COLUMNS}, number)
                SELECT {COLUMNS}, sum(number) FROM ({changes}) AS changes
                GROUP BY {COLUMNS} HAVING sum(number) <> 0;
                RETURN NULL;
            END $$"""  # noqa: S608  our own words
        )
        made.append(
            f"CREATE TRIGGER {name} AFTER {event} ON campaigns_recipient REFERENCING {tables} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION {name}()"
        )
    return made


def _sqlite() -> list[str]:
    more, less = _add_in_sqlite("NEW", 1), _add_in_sqlite("OLD", -1)
    is_changed = " OR ".join(f"OLD.{each} <> NEW.{each}" for each in COLUMNS.split(", "))
    added, changed, removed = TRIGGERS
    return [
        f"CREATE TRIGGER {added} AFTER INSERT ON campaigns_recipient BEGIN {more} END",
        (
            f"CREATE TRIGGER {changed} AFTER UPDATE ON campaigns_recipient WHEN {is_changed} "
            f"BEGIN {less} {more} END"
        ),
        f"CREATE TRIGGER {removed} AFTER DELETE ON campaigns_recipient BEGIN {less} END",
    ]


def _add_in_sqlite(row: str, number: int) -> str:
    own = ", ".join(f"{row}.{each}" for each in COLUMNS.split(", "))
    same = " AND ".join(f"{each} = {row}.{each}" for each in COLUMNS.split(", "))
    return f"""
        INSERT INTO {TABLE} ({COLUMNS}, number, is_sum)
            SELECT {own}, 0, 1 WHERE NOT EXISTS (SELECT 1 FROM {TABLE} WHERE {same});
        UPDATE {TABLE} SET number = number + ({number})
            WHERE id = (SELECT min(id) FROM {TABLE} WHERE {same});
    """  # noqa: S608  our own words
