"""The pictures of docs/ are those of the code: tables of the models, states and moves of what sets them."""

import ast
import re

import pytest

from contacts.models import BulkState, ImportState
from gateway.models import OperationState
from messaging.campaigns.models import CampaignState
from messaging.campaigns.models.hold_reason import HoldReason
from messaging.campaigns.models.people_list import PeopleListState
from messaging.inbox.models import MessageState, ThreadState
from messaging.whatsapp.models import TemplateState
from tests.structure import data_model, state_moves

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


HOLD_REASON = re.compile(r"^\| `(\w+)` \| (.+) \|$", re.MULTILINE)


def test_each_reason_for_which_a_campaign_is_held_is_told_on_the_page():
    told = HOLD_REASON.findall(data_model.DOCUMENT.with_name("states.md").read_text())

    assert told == [(str(code), words) for code, words in HoldReason.choices]


def test_each_reason_to_hold_a_campaign_is_given_by_the_code_and_none_without_one(code):
    said = [ast.unparse(node) for source in code for node in source.nodes if isinstance(node, ast.Attribute)]
    words = [
        ast.unparse(node.value)
        for source in code
        for node in source.nodes
        if isinstance(node, ast.keyword) and node.arg == "held_reason"
    ]
    kept = [
        ast.unparse(value)
        for source in code
        for node in source.nodes
        if isinstance(node, ast.Dict)
        for key, value in zip(node.keys, node.values, strict=True)
        if key is not None and ast.unparse(key) == "'held_reason'"
    ]

    assert {f"HoldReason.{each.name}" for each in HoldReason} - set(said) == set()
    assert {each for each in words + kept if each != "''"} == {"hold.words", "found.words"}


@pytest.fixture(scope="module")
def code() -> list[state_moves.Source]:
    return state_moves.sources()


@pytest.fixture(scope="module")
def moves(code) -> set[state_moves.Move]:
    return state_moves.moves(code, tuple(STATES.values()))


@pytest.mark.parametrize("name", STATES)
def test_the_arrows_of_a_picture_are_the_moves_of_the_code(name, pictures, moves):
    kind = STATES[name].__name__
    drawn = {move for move in MOVE.findall(pictures[name]) if "[*]" not in move and move[0] != move[1]}

    assert drawn == {(before, to) for of, before, to in moves if of == kind}


def test_a_state_is_set_by_a_move_alone(code):
    assert state_moves.others(code, tuple(STATES.values())) == []


def test_each_way_to_set_a_state_is_found():
    text = (
        "rows.update(state=ThreadState.OPEN)\n"
        "thread.state = ThreadState.OPEN\n"
        "thread.state, thread.team = ThreadState.OPEN, None\n"
        "fields = {'state': ThreadState.OPEN}\n"
        "move(rows, *NOT_OPEN, to=ThreadState.OPEN)\n"
        "def over(thread, *, to): move(rows, ThreadState.OPEN, to=to)\n"
        "over(thread, to=ThreadState.CLOSED)\n"
    )
    source = state_moves.Source(data_model.ROOT / "words.py", text)
    source._names = {"ThreadState": ThreadState, "NOT_OPEN": [ThreadState.SNOOZED], "rows": None}

    assert len(state_moves.others([source], (ThreadState,))) == 4
    found = {(before, to) for _, before, to in state_moves.moves([source], (ThreadState,))}
    assert found == {("snoozed", "open"), ("open", "closed")}


def test_each_function_that_a_sequence_names_is_in_the_code():
    named = re.findall(r"\b(\w+)\.(\w+)\(\)", data_model.DOCUMENT.with_name("sequences.md").read_text())
    sources = [path for floor in FLOORS for path in data_model.ROOT.joinpath(floor).rglob("*.py")]
    defined = {
        (path.stem, name) for path in sources for name in re.findall(r"\bdef (\w+)\(", path.read_text())
    }

    assert len(named) > 20
    assert sorted({*named} - defined - {("module", "function")}) == []
