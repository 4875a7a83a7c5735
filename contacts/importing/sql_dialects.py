"""The few words in which PostgreSQL and SQLite differ, for the statements of an import."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection


@dataclass(frozen=True)
class SqlDialect:
    """`merged`, `without_nulls` and `each_text` are templates of JSON expressions.

    `differs` compares nulls, too.
    """

    json_object: str
    json_type: str
    time_type: str
    as_json: str
    without_nulls: str
    merged: str
    no_properties: str
    member: str  # of a JSON object as text, and as JSON
    json_member: str
    each_text: str  # of a JSON array, as rows of a table `each` with a column `value`
    differs: str
    hold: str  # what is selected, until the commit; SQLite has one writer, which is us
    prepare: str  # a transaction in which each row is looked up by an index, however large the group is


_POSTGRESQL = SqlDialect(
    json_object="jsonb_build_object",
    json_type="jsonb",
    time_type="timestamptz",
    as_json="{}",
    without_nulls="jsonb_strip_nulls({})",
    merged="jsonb_strip_nulls({} || {})",
    no_properties="'{}'::jsonb",
    member="{} ->> '{}'",
    json_member="{} -> '{}'",
    each_text="jsonb_array_elements_text({}) AS each(value)",
    differs="IS DISTINCT FROM",
    hold="FOR UPDATE OF c",
    prepare="; ".join(
        [f"SET LOCAL enable_{way} = off" for way in ("seqscan", "hashjoin", "mergejoin", "material")]
        + ["SET LOCAL jit = off", "SET LOCAL work_mem = '64MB'"]
    ),
)
_SQLITE = SqlDialect(
    json_object="json_object",
    json_type="text",
    time_type="text",
    as_json="json({})",
    without_nulls="json_patch('{{}}', {})",
    merged="json_patch({}, {})",
    no_properties="'{}'",
    member="json_extract({}, '$.{}')",
    json_member="json_extract({}, '$.{}')",
    each_text="json_each({}) AS each",
    differs="IS NOT",
    hold="",
    prepare="SELECT 1",
)


def dialect() -> SqlDialect:
    return _POSTGRESQL if connection.vendor == "postgresql" else _SQLITE


def adapt_datetime(at: datetime) -> Any:
    """A time as a statement of ours gives it to the database."""
    return connection.ops.adapt_datetimefield_value(at)
