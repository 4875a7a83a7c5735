"""The outbox's rows and states are the gateway's own: the floors above name calls and use its verbs."""

import ast
from pathlib import Path

import pytest
from django.conf import settings

REFERENCES = {"operation", "look_up"}  # foreign keys to a call: shown by outbox.call_of
ROWS = {"Operation", "OperationState", "OperationQuerySet", "Backlog", "BacklogState", "UNSETTLED", "QUEUED"}
ABOVE = [
    path
    for floor in ("contacts", "messaging", "smartdialog_admin")
    for path in Path(settings.BASE_DIR, floor).rglob("*.py")
    if not {"tests", "migrations"} & set(path.parts)
]


def test_floors_above_are_looked_at():
    assert len(ABOVE) > 100


@pytest.mark.parametrize("rule", ["models", "rooms", "rows", "subjects", "tables"])
def test_no_floor_above_reaches_into_the_outbox(rule):
    assert [found for path in ABOVE for found in BREACHES[rule](path)] == []


def test_each_rule_finds_its_breach(tmp_path):
    bad = tmp_path / "bad.py"
    bad.write_text(
        "from gateway.models import Operation\n"
        "from gateway.outbox.claiming import claim_next\n"
        "Backlog.objects.all()\n"
        "call._operation\n"
        "message.operation.state\n"
        "outbox.add(subject=f'contact:{key}')\n"
        "'gateway_operation'\n"
    )

    assert {rule: len(find(bad)) for rule, find in BREACHES.items()} == {
        "models": 1,
        "rooms": 1,
        "rows": 3,
        "subjects": 1,
        "tables": 1,
    }


def _imported_models(path: Path) -> list[str]:
    """Its models, by which name they may be imported."""
    return [
        f"{path}:{node.lineno}: {name}"
        for node, module, name in _imports(path)
        if module.startswith("gateway.models") and name in ROWS
    ]


def _imported_rooms(path: Path) -> list[str]:
    """What gateway.outbox does not offer itself."""
    return [
        f"{path}:{node.lineno}: {module}"
        for node, module, _ in _imports(path)
        if module.startswith(("gateway.outbox.", "gateway.models."))
    ]


def _touched_rows(path: Path) -> list[str]:
    """A manager of theirs, the row behind a QueuedCall, or what a reference refers to."""
    return [
        f"{path}:{node.lineno}: {ast.unparse(node)}"
        for node in _nodes(path)
        if isinstance(node, ast.Attribute)
        and (
            node.attr == "_operation"
            or (node.attr == "objects" and ast.unparse(node.value) in ROWS)
            or (isinstance(node.value, ast.Attribute) and node.value.attr in REFERENCES)
        )
    ]


def _spelled_subjects(path: Path) -> list[str]:
    """A row says its own subject, and gateway.outbox.named any other."""
    return [
        f"{path}:{node.value.lineno}: {ast.unparse(node.value)}"
        for node in _nodes(path)
        if isinstance(node, ast.keyword) and node.arg == "subject" and isinstance(node.value, ast.JoinedStr)
    ]


def _spelled_tables(path: Path) -> list[str]:
    tables = ("gateway_operation", "gateway_backlog")
    return [
        f"{path}:{node.lineno}: {node.value[:60]}"
        for node in _nodes(path)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and any(table in node.value for table in tables)
    ]


BREACHES = {
    "models": _imported_models,
    "rooms": _imported_rooms,
    "rows": _touched_rows,
    "subjects": _spelled_subjects,
    "tables": _spelled_tables,
}


def _imports(path: Path) -> list[tuple[ast.ImportFrom, str, str]]:
    return [
        (node, node.module, alias.name)
        for node in _nodes(path)
        if isinstance(node, ast.ImportFrom) and node.module
        for alias in node.names
    ]


def _nodes(path: Path) -> list[ast.AST]:
    return list(ast.walk(ast.parse(path.read_text())))
