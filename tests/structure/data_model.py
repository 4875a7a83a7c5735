"""Writes the data model as Mermaid diagrams, from the models alone: python -m tests.structure.data_model."""

import os
from collections.abc import Iterator
from pathlib import Path

import django
from django.apps import AppConfig, apps
from django.db import models

ROOT = Path(__file__).parent.parent.parent
DOCUMENT = ROOT / "docs" / "data-model.md"
COMMAND = ".venv/bin/python -m tests.structure.data_model"
FLOORS = ("accounts", "gateway", "contacts", "whatsapp", "campaigns", "inbox")
TITLES = {"whatsapp": "messaging/whatsapp", "campaigns": "messaging/campaigns", "inbox": "messaging/inbox"}
TYPES = {
    models.AutoField: "key",
    models.BooleanField: "boolean",
    models.IntegerField: "integer",
    models.DateField: "time",
    models.JSONField: "json",
    models.UUIDField: "uuid",
    models.BinaryField: "bytes",
    models.FloatField: "float",
}
INTRODUCTION = f"""# The data model

One picture a floor, made from the models by `{COMMAND}`; a test fails
while it is not current. A box is a table: `PK` is its key, `UK` is unique, `FK` is the key of a row in the
table that an arrow leads to or, on another floor, that is named beside it. See [states.md](states.md).
"""


def document() -> str:
    return "\n".join([INTRODUCTION, *(_floor(apps.get_app_config(label)) for label in FLOORS)])


def _floor(app: AppConfig) -> str:
    tables = [each for each in app.get_models() if not each._meta.auto_created]
    return "\n".join(
        [
            f"## {TITLES.get(app.label, app.label)}",
            "",
            *(f"- **{table.__name__}** (`{table._meta.db_table}`): {_first_line(table)}" for table in tables),
            "",
            "```mermaid",
            "erDiagram",
            "    direction LR",
            *(line for table in tables for line in _box(table)),
            *(line for table in tables for line in _arrows(table)),
            "```",
            "",
        ]
    )


def _first_line(table: type[models.Model]) -> str:
    return (table.__doc__ or "").strip().partition("\n")[0]


def _box(table: type[models.Model]) -> Iterator[str]:
    yield f"    {table.__name__} {{"
    for field in table._meta.concrete_fields:
        yield f"        {_type(field)} {field.column}{_key(field)}{_note(table, field)}"
    yield "    }"


def _type(field: models.Field) -> str:
    while isinstance(field, models.ForeignKey):
        field = field.target_field
    return next((name for kind, name in TYPES.items() if isinstance(field, kind)), "text")


def _key(field: models.Field) -> str:
    if field.primary_key:
        return " PK"
    return " FK" if field.is_relation else " UK" if field.unique else ""


def _note(table: type[models.Model], field: models.Field) -> str:
    target = field.related_model.__name__ if field.is_relation and not _is_drawn(table, field) else ""
    note = f"{target} or null" if target and field.null else target or ("or null" if field.null else "")
    return f' "{note}"' if note else ""


def _arrows(table: type[models.Model]) -> Iterator[str]:
    for field in table._meta.concrete_fields:
        if _is_drawn(table, field):
            one, many = "|o" if field.null else "||", "o|" if field.unique else "o{"
            yield f"    {field.related_model.__name__} {one}--{many} {table.__name__} : {field.name}"


def _is_drawn(table: type[models.Model], field: models.Field) -> bool:
    """Arrows lead to tables of the same floor; those of a floor below are named beside the field."""
    return bool(field.is_relation) and field.related_model._meta.app_label == table._meta.app_label


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    DOCUMENT.write_text(document())
