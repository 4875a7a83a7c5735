"""Canaries: words that name the person, put into every column that a holder covers."""

import re
from typing import Any

from django.apps import apps

from tests.erasure import columns
from tests.erasure.person_rows import EMAIL, PHONE, ROWS, World
from tests.erasure.shapes import SHAPES

# As people write it.
WRITTEN = {
    "number": PHONE,
    "national": "040 911 97-53",
    "no plus": "358409119753",
    "email": EMAIL,
    "name": "Zyxqvia Testiviidakko",
    "last name first": "TESTIVIIDAKKO, Zyxqvia",
}
SHORT = "Zyx"  # where there is no room for more
CANARY = re.compile(
    r"(?<![a-z0-9])zyx|testiviid|kvantti|911(\W|%20){0,3}97(\W|%20){0,3}53|3579119", re.IGNORECASE
)


def plant(world: World, word: str) -> None:
    for label, rows in ROWS.items():
        for row in rows(world):
            chosen = [name for name in columns.of_model(label) if name not in row.but.split()]
            values = {name: _planted(world, label, name, word) for name in chosen}
            apps.get_model(label).objects.filter(pk=row.of.pk).update(**values)


def _planted(world: World, label: str, name: str, word: str) -> Any:
    if (shape := SHAPES.get(f"{label}.{name}")) is not None:
        return shape(world, word)
    field = apps.get_model(label)._meta.get_field(name)
    if field.get_internal_type() == "JSONField":
        return [word]
    longest = getattr(field, "max_length", None) or len(word)
    return word if len(word) <= longest else SHORT[:longest]
