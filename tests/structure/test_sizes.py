"""Pieces that a person can hold in their head: of functions, modules, and the top of a floor."""

import ast
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

FLOORS = ("accounts", "gateway", "contacts", "messaging", "smartdialog_admin", "sandbox")
MAX_FUNCTION, MAX_MODULE, MAX_AT_THE_TOP = 40, 400, 8
SOURCES = [
    path
    for floor in FLOORS
    for path in Path(settings.BASE_DIR, floor).rglob("*.py")
    if {"tests", "migrations"}.isdisjoint(path.parts)
]


def functions(path: Path) -> Iterator[tuple[str, int]]:
    """Each with its number of lines."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, (node.end_lineno or 0) - node.lineno + 1


def test_no_function_is_longer_than_40_lines():
    found = [(path, name, lines) for path in SOURCES for name, lines in functions(path)]

    assert len(found) > 3000
    assert [each for each in found if each[2] > MAX_FUNCTION] == []


def test_no_module_is_longer_than_400_lines():
    lines = {str(path): len(path.read_text().splitlines()) for path in SOURCES}

    assert [path for path, number in lines.items() if number > MAX_MODULE] == []


def test_few_modules_lie_at_the_top_of_contacts():
    assert len(list(Path(settings.BASE_DIR, "contacts").glob("*.py"))) <= MAX_AT_THE_TOP
