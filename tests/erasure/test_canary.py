"""Canaries in every column that may hold a person, as people write one; erased, none is left."""

import re
from unittest.mock import patch

import pytest
from django.apps import apps

from contacts.erasure import erasing, person_search
from contacts.erasure.registry import HOLDERS
from contacts.tests.answers import take
from gateway.models import Operation, OperationState
from tests.erasure import columns, whole_database
from tests.erasure.person_rows import EMAIL, PHONE, ROWS, SHAPES, World, make_world

WRITTEN = {
    "number": PHONE,
    "national": "040 911 97-53",
    "no plus": "358409119753",
    "email": EMAIL,
    "name": "Zyxqvia Testiviidakko",
    "last name first": "TESTIVIIDAKKO, Zyxqvia",
}
SHORT = "Zyx"  # where there is no room for more
CANARY = re.compile(r"zyx|testiviid|kvantti|911(\W|%20){0,3}97(\W|%20){0,3}53|3579119", re.IGNORECASE)

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(kahvila, aino, tmp_path, settings) -> World:
    settings.UPLOADS_DIR = tmp_path / "uploads"
    return make_world(kahvila, aino)


def plant(world: World, word: str) -> None:
    """In every column that a holder covers."""
    for label, rows in ROWS.items():
        for row in rows(world):
            chosen = [name for name in columns.of_model(label) if name not in row.but.split()]
            values = {name: planted(world, f"{label}.{name}", word) for name in chosen}
            apps.get_model(label).objects.filter(pk=row.of.pk).update(**values)


def planted(world: World, column: str, word: str):
    label, _, name = column.rpartition(".")
    if column in SHAPES:
        return SHAPES[column](world, word)
    field = apps.get_model(label)._meta.get_field(name)
    if field.get_internal_type() == "JSONField":
        return [word]
    longest = field.max_length or len(word)
    return word if len(word) <= longest else SHORT[:longest]


def erase(world: World) -> None:
    """And SmartDialog has deleted them."""
    [erasure] = erasing.erase([world.customer], PHONE, by=world.staff)
    for operation in Operation.objects.filter(batch=erasure.batch, state=OperationState.WAITING):
        take(operation)
    erasing.finish_erasure(erasure)


def test_each_model_that_a_holder_covers_has_a_row_to_plant():
    assert {name.rpartition(".")[0] for name in columns.covered()} == set(ROWS)


@pytest.mark.parametrize("word", WRITTEN.values(), ids=WRITTEN)
def test_nothing_is_left_of_somebody_who_is_erased(world, word):
    plant(world, word)
    assert whole_database.where(CANARY)

    erase(world)

    assert whole_database.where(CANARY) == []


@pytest.mark.parametrize("name", [name for name in sorted(HOLDERS.names()) if HOLDERS[name].covers])
def test_without_a_holder_something_is_left(world, name):
    plant(world, WRITTEN["name"])
    others = {each: HOLDERS[each] for each in HOLDERS._entries if each != name}

    with patch.object(HOLDERS, "_entries", others):
        erase(world)

    assert whole_database.where(CANARY)


@pytest.mark.parametrize("asked", [*WRITTEN.values(), "zyxqvia testiviidakko"])
def test_whoever_is_asked_for_is_found(world, asked):
    assert person_search.numbers_for([world.customer], asked) == [PHONE]
