"""On its floor a module has a name of its own, but where it is a table, a page or an address of one thing."""

from collections import defaultdict
from pathlib import Path

import pytest
from django.conf import settings

FLOORS = (
    "accounts",
    "gateway",
    "contacts",
    "messaging/whatsapp",
    "messaging/campaigns",
    "messaging/inbox",
    "messaging/overview",
    "smartdialog_admin",
)
LAYERS = {"models", "views", "urls"}  # of what the module of that name does
CONVENTIONS = {"__init__", "apps", "erasing", "forms", "offboarding", "retention", "tasks", "urls", "views"}


def modules(floor: str) -> dict[str, list[Path]]:
    found: defaultdict[str, list[Path]] = defaultdict(list)
    folder = Path(settings.BASE_DIR, floor)
    for path in folder.rglob("*.py"):
        rooms = {"tests", "migrations", "commands", *LAYERS} & set(path.relative_to(folder).parts)
        if not rooms and path.stem not in CONVENTIONS:
            found[path.stem].append(path)
    return found


@pytest.mark.parametrize("floor", FLOORS)
def test_a_module_has_a_name_of_its_own(floor):
    found = modules(floor)

    assert found
    assert [name for name, paths in found.items() if len(paths) > 1] == []
