"""Custom properties as the database sees them."""

from collections.abc import Iterable
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import CharField
from django.db.models.expressions import Func, Value
from django.db.models.sql.compiler import SQLCompiler

from contacts.fields import PROPERTY_PREFIX


class PropertyValue(Func):
    """The value of a custom property as text, NULL without it; its name may be anything, even "0"."""

    output_field = CharField()

    def __init__(self, name: str) -> None:
        super().__init__("properties", Value(name), function="jsonb_extract_path_text")

    def as_sqlite(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any
    ) -> tuple[str, tuple[Any, ...]]:
        (of, of_params), (name, name_params) = map(compiler.compile, self.source_expressions)
        sql = f"(SELECT CAST(value AS TEXT) FROM json_each({of}) WHERE key = {name})"  # noqa: S608
        return sql, (*of_params, *name_params)


def names_in(contacts: Iterable[Any], mappings: Iterable[Iterable[str]]) -> list[str]:
    """The properties that these contacts have, and that imports with these columns brought, by name."""
    found = {name for contact in contacts for name in contact.properties}
    targets = {target for mapping in mappings for target in mapping if target.startswith(PROPERTY_PREFIX)}
    return sorted(found | {target.removeprefix(PROPERTY_PREFIX) for target in targets}, key=str.casefold)
