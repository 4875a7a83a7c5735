import os
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import timezone

from accounts.models import Role, User
from conftest import is_in_part
from gateway.outbox.draining import drain
from tests.faults.stack import Stack, running_stack
from tests.integration.conftest import browser as browser

pytest.register_assert_rewrite("tests.faults.invariants")  # so that a failed invariant shows its values


HERE = Path(__file__).parent
MIKKO = "22222222-2222-4222-8222-222222222222"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """STEPS=1/3 makes the first of three parts of the kills at each step, FAULTS=1/2 half of all others.

    Without them, all are made; chaos is always.
    """
    others = [item for item in items if item.path.parent == HERE and item.path.name != "test_chaos.py"]
    steps = {item.nodeid for item in others if item.get_closest_marker("steps")}
    left = _left_out(steps, "STEPS") | _left_out({item.nodeid for item in others} - steps, "FAULTS")
    config.hook.pytest_deselected(items=[item for item in items if item.nodeid in left])
    items[:] = [item for item in items if item.nodeid not in left]


def _left_out(names: set[str], variable: str) -> set[str]:
    """Both databases share out the same, whatever else they make."""
    return {name for name in names if not is_in_part(name, os.environ.get(variable, "1/1"))}


@pytest.fixture
def stack(tmp_path) -> Iterator[Stack]:
    with running_stack(tmp_path) as running:
        yield running


@pytest.fixture
def rng() -> random.Random:
    """A seeded generator: FAULT_SEED=… repeats a run."""
    seed = int(os.environ.get("FAULT_SEED") or random.SystemRandom().randrange(10**6))
    print(f"FAULT_SEED={seed}")  # shown when the test fails
    return random.Random(seed)


@pytest.fixture
def signed_in(browser, sandbox, settings) -> User:
    """Mikko, in this process, with what the sandbox lists for him read."""
    settings.PUBLIC_URL = "http://127.0.0.1:1"  # nobody hears the reports
    # So the answer to a repeat has to prove what became of it: a refusal would prove nothing.
    sandbox.post("/_switches", {"duplicate_request_id": "empty_success"}).raise_for_status()
    mikko = User.objects.create(
        username=MIKKO, subject=MIKKO, name="Mikko", role=Role.MARKETER, approved_at=timezone.now()
    )
    browser.come_back(browser.consent(browser.start(), person="mikko"))
    drain(mikko.connection.pk)
    return mikko
