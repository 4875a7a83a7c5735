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
while it is not current. A box is a table: `PK` is its key, `FK` the key of another row, `UK` is unique,
`?` can be null. A box without fields is drawn on its own floor. What states mean: see [states.md](states.md).
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
        empty = ' "?"' if field.null else ""
        yield f"        {_type(field)} {field.column}{_key(field)}{empty}"
    yield "    }"


def _type(field: models.Field) -> str:
    while isinstance(field, models.ForeignKey):
        field = field.target_field
    return next((name for kind, name in TYPES.items() if isinstance(field, kind)), "text")


def _key(field: models.Field) -> str:
    if field.primary_key:
        return " PK"
    return " FK" if field.is_relation else " UK" if field.unique else ""


def _arrows(table: type[models.Model]) -> Iterator[str]:
    for field in table._meta.concrete_fields:
        if field.is_relation:
            one, many = "|o" if field.null else "||", "o|" if field.unique else "o{"
            yield f"    {field.related_model.__name__} {one}--{many} {table.__name__} : {field.name}"
    for field in table._meta.many_to_many:
        if field.related_model._meta.app_label in FLOORS and field.remote_field.through._meta.auto_created:
            yield f"    {field.related_model.__name__} }}o--o{{ {table.__name__} : {field.name}"


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    DOCUMENT.write_text(document())
