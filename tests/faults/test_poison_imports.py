"""A file made to hurt, checked by a real worker: it is refused, and everybody else's work goes on."""

import pytest

from tests.faults import poison_imports
from tests.faults.stack import Stack, wait_until

pytestmark = [pytest.mark.faults, pytest.mark.serial, pytest.mark.timeout(300)]


def test_hostile_files_are_refused_and_another_customers_import_is_checked(stack: Stack, tmp_path):
    numbers = [f"040{1_000_000 + number}" for number in range(2_000)]
    files = poison_imports.hostile_files() | {"calm": "\n".join(["Puhelin", *numbers]).encode()}

    keys = poison_imports.start(stack, files, tmp_path)
    found: dict[str, list[str]] = {}

    def all_are_read() -> bool:
        found.update(poison_imports.states(stack, keys))
        return "checking" not in {state for state, _ in found.values()}

    wait_until(all_are_read, "all to be read")

    assert found.pop("calm") == ["checked", ""]
    assert {state for state, _ in found.values()} == {"refused"}
    assert {code for _, code in found.values()} == {"damaged", "long_cell"}
    assert stack.worker.look() == ""
    assert stack.is_up()
