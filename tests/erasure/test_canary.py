"""Somebody whom every column names that may hold a person, as people write it: erased, no canary is left."""

from unittest.mock import patch

import pytest

from contacts.erasure import erasing, person_search
from contacts.erasure.registry import HOLDERS
from contacts.tests.answers import take
from gateway.models import Operation, OperationState
from tests.erasure import columns, whole_database
from tests.erasure.person_rows import PHONE, ROWS, World, make_world
from tests.erasure.planting import CANARY, WRITTEN, plant
from tests.factories import make_connection

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(kahvila, aino, tmp_path, settings) -> World:
    settings.UPLOADS_DIR = tmp_path / "uploads"
    make_connection(aino)
    return make_world(kahvila, aino)


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
