"""No two public classes of the dashboard have one name, so that a name says which is meant."""

import ast
from collections import defaultdict
from pathlib import Path

from django.conf import settings

FLOORS = ("accounts", "gateway", "contacts", "messaging", "smartdialog_admin")
# `Channel` is what kombu wants its own called; a wing's is another's only beside its own models.
SHARED = {"Channel"}


def public_classes() -> dict[str, set[str]]:
    """The modules of each; what is of every command is called Command, as Django has it."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for floor in FLOORS:
        for path in Path(settings.BASE_DIR, floor).rglob("*.py"):
            if {"tests", "migrations"}.isdisjoint(path.parts):
                for node in ast.parse(path.read_text()).body:
                    if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                        found[node.name].add(str(path))
    del found["Command"]
    return found


def test_a_class_has_a_name_of_its_own():
    found = public_classes()

    assert len(found) > 400
    assert {name for name, paths in found.items() if len(paths) > 1} == SHARED
