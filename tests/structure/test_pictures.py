"""The pictures of docs/ are those of the code: tables from the models, states from their choices."""

import re

import pytest

from contacts.models import BulkState, ImportState
from gateway.models import OperationState
from messaging.campaigns.models import CampaignState
from messaging.campaigns.models.people_list import PeopleListState
from messaging.inbox.models import MessageState, ThreadState
from messaging.whatsapp.models import TemplateState
from tests.structure import data_model

FLOORS = ("accounts", "gateway", "contacts", "messaging")
STATES = {
    "Operation": OperationState,
    "Import": ImportState,
    "BulkAction": BulkState,
    "PeopleList": PeopleListState,
    "Campaign": CampaignState,
    "Template": TemplateState,
    "Thread": ThreadState,
    "Answer": MessageState,
}
PICTURE = re.compile(r"^## (\w+)\n.*?^```mermaid\nstateDiagram-v2\n(.*?)^```", re.MULTILINE | re.DOTALL)
MOVE = re.compile(r"^    (\S+) --> ([^\s:]+)", re.MULTILINE)


@pytest.fixture(scope="module")
def pictures() -> dict[str, str]:
    return dict(PICTURE.findall(data_model.DOCUMENT.with_name("states.md").read_text()))


def test_the_picture_of_the_data_model_is_current():
    is_current = data_model.DOCUMENT.read_text() == data_model.document()

    assert is_current, f"The models have changed. Draw docs/data-model.md again: {data_model.COMMAND}"


def test_each_model_with_a_picture_of_its_states_has_one(pictures):
    assert list(pictures) == list(STATES)


@pytest.mark.parametrize("name", STATES)
def test_the_states_of_a_picture_are_those_of_the_code(name, pictures):
    moves = MOVE.findall(pictures[name])

    assert {state for move in moves for state in move} == {"[*]", *STATES[name]}
    assert {after for _, after in moves} >= set(STATES[name]), "no way leads to some"
    assert len(moves) == len(set(moves)) == pictures[name].count("-->")


def test_each_function_that_a_sequence_names_is_in_the_code():
    named = re.findall(r"\b(\w+)\.(\w+)\(\)", data_model.DOCUMENT.with_name("sequences.md").read_text())
    sources = [path for floor in FLOORS for path in data_model.ROOT.joinpath(floor).rglob("*.py")]
    defined = {
        (path.stem, name) for path in sources for name in re.findall(r"\bdef (\w+)\(", path.read_text())
    }

    assert len(named) > 20
    assert sorted({*named} - defined - {("module", "function")}) == []
