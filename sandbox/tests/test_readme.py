from pathlib import Path

import pytest

from sandbox.api.faults import ACTIONS
from sandbox.control.events import EVENT_HANDLERS
from sandbox.control.state import PARTS
from sandbox.control.urls import urlpatterns

README = (Path(__file__).resolve().parents[1] / "README.md").read_text("utf-8")


@pytest.mark.parametrize("word", [*ACTIONS, *EVENT_HANDLERS])
def test_the_readme_names_every_fault_and_event(word: str) -> None:
    assert f"`{word}`" in README


def test_the_readme_names_every_part_and_address_of_the_control_api() -> None:
    assert ",".join(PARTS) in README
    for address in (str(each.pattern) for each in urlpatterns if str(each.pattern).startswith("_")):
        assert f"/{address.split('/')[0]}" in README
