"""The outbox's rows and states are the gateway's own: the floors above name calls and use its verbs."""

import ast
import inspect
import re
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest
from django.conf import settings
from django.db.models import Manager, Model, QuerySet

from gateway import outbox
from gateway.models import Backlog, Operation
from gateway.outbox import backlogs

# Foreign keys to a call, which outbox.call_of shows, and to a backlog, which is named by its id.
REFERENCES = {"operation", "look_up", "backlog"}
JOIN = re.compile(r"(operation|look_up|backlog)__(?!isnull$|in$)")
LOADING = {"select_related", "prefetch_related", "prefetch_related_objects"}
CONTACT = "contact:"  # most subjects are contacts; no batch begins so
ROWS = {"Operation", "OperationState", "OperationQuerySet", "Backlog", "BacklogState", "UNSETTLED", "QUEUED"}
ABOVE = [
    path
    for floor in ("contacts", "messaging", "smartdialog_admin")
    for path in Path(settings.BASE_DIR, floor).rglob("*.py")
    if not {"tests", "migrations"} & set(path.parts)
]


def test_floors_above_are_looked_at():
    assert len(ABOVE) > 100


@pytest.mark.parametrize("rule", ["joins", "models", "rooms", "rows", "subjects", "tables"])
def test_no_floor_above_reaches_into_the_outbox(rule):
    assert [found for path in ABOVE for found in BREACHES[rule](path)] == []


@pytest.mark.parametrize("offered", [outbox, backlogs])
def test_what_is_offered_is_verbs_and_values(offered):
    names = {name: value for name, value in _offered(offered).items() if not isinstance(value, ModuleType)}

    assert len(names) > 10
    assert [name for name, value in names.items() if _is_row(value)] == []
    leaking = {name: words for name, value in names.items() if (words := _rows_named(value))}
    leaking.pop("call_of", None)  # takes what a foreign key refers to, unopened
    assert leaking == {}


def test_a_row_that_is_offered_is_found():
    def verb(call: "Operation | None") -> "list[Backlog]": ...

    assert [_is_row(each) for each in (Backlog, Operation.objects, Operation.objects.all())] == [True] * 3
    assert _rows_named(verb) == {"Operation", "Backlog"}


def test_each_rule_finds_its_breach(tmp_path):
    bad = tmp_path / "bad.py"
    bad.write_text(
        "from gateway.models import Operation\n"
        "from gateway import models\n"
        "import gateway.models\n"
        "from gateway.outbox.claiming import claim_next\n"
        "import gateway.outbox.claiming\n"
        "Backlog.objects.all()\n"
        "backlog.save()\n"
        "call._operation\n"
        "message.operation.state\n"
        "contact.backlog.left\n"
        "outbox.add(subject=f'contact:{key}')\n"
        "outbox.supersede(subjects=[f'contact:{key}'])\n"
        "subject.removeprefix('contact:')\n"
        "messages.filter(operation__state='waiting')\n"
        "messages.order_by('operation__pk')\n"
        "messages.select_related('operation__connection')\n"
        "'gateway_operation'\n"
    )

    assert {rule: len(find(bad)) for rule, find in BREACHES.items()} == {
        "joins": 2,
        "models": 3,
        "rooms": 2,
        "rows": 5,
        "subjects": 5,
        "tables": 1,
    }


def _offered(module: ModuleType) -> dict[str, object]:
    """Its public names: all of a package's, else those that it makes itself."""
    public = {name: value for name, value in vars(module).items() if not name.startswith("_")}
    if hasattr(module, "__path__"):
        return public
    return {
        name: value for name, value in public.items() if getattr(value, "__module__", "") == module.__name__
    }


def _is_row(value: object) -> bool:
    rows = (Model, QuerySet, Manager)
    return isinstance(value, rows) or (isinstance(value, type) and issubclass(value, rows))


def _rows_named(value: object) -> set[str]:
    """What its parameters, its answer and its public methods name of the outbox's own tables."""
    if inspect.isclass(value):
        return set().union(*(_rows_named(each) for name, each in vars(value).items() if name[0] != "_"))
    verb = value.fget if isinstance(value, property) else value
    if not inspect.isfunction(verb):
        return set()
    words = " ".join(str(each) for each in verb.__annotations__.values())
    return ROWS & set(re.findall(r"\w+", words))


def _imported_models(path: Path) -> list[str]:
    """Its models, by which name they may be imported."""
    return [
        f"{path}:{node.lineno}: {name}"
        for node, module, name in _imports(path)
        if (module.startswith("gateway.models") and name in ROWS)
        or (module, name) == ("gateway", "models")
        or (not name and module.startswith("gateway.models"))
    ]


def _imported_rooms(path: Path) -> list[str]:
    """What gateway.outbox does not offer itself."""
    return [
        f"{path}:{node.lineno}: {module}"
        for node, module, _ in _imports(path)
        if module.startswith(("gateway.outbox.", "gateway.models."))
    ]


def _touched_rows(path: Path) -> list[str]:
    """A manager of theirs, a backlog written, the row behind a QueuedCall, or what a reference refers to."""
    return [
        f"{path}:{node.lineno}: {ast.unparse(node)}"
        for node in _nodes(path)
        if isinstance(node, ast.Attribute)
        and (
            node.attr == "_operation"
            or (node.attr == "objects" and ast.unparse(node.value) in ROWS)
            or (node.attr in {"save", "delete"} and ast.unparse(node.value) == "backlog")
            or (isinstance(node.value, ast.Attribute) and node.value.attr in REFERENCES)
        )
    ]


def _joined_rows(path: Path) -> list[str]:
    """What a query asks of the row that another refers to; it may be loaded, for outbox.call_of."""
    nodes = _nodes(path)
    loads = [node for node in nodes if isinstance(node, ast.Call) and _called(node) in LOADING]
    loaded = {id(word) for load in loads for word in load.args}
    asked = [(node, node.arg or "") for node in nodes if isinstance(node, ast.keyword)]
    asked += [
        (node, node.value)
        for node in nodes
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in loaded
    ]
    return [f"{path}:{node.lineno}: {word}" for node, word in asked if JOIN.match(word)]


def _spelled_subjects(path: Path) -> list[str]:
    """A row says its own subject, gateway.outbox.named any other, and keys_named which row one names."""
    nodes = _nodes(path)
    given = [node for node in nodes if isinstance(node, ast.keyword) and node.arg in {"subject", "subjects"}]
    parts = [node for node in given if any(isinstance(each, ast.JoinedStr) for each in ast.walk(node.value))]
    parts += [node for node in nodes if isinstance(node, ast.Constant) and node.value == CONTACT]
    return [f"{path}:{node.lineno}: {ast.unparse(node)}" for node in parts]


def _called(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else ast.unparse(call.func)


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
    "joins": _joined_rows,
    "models": _imported_models,
    "rooms": _imported_rooms,
    "rows": _touched_rows,
    "subjects": _spelled_subjects,
    "tables": _spelled_tables,
}


def _imports(path: Path) -> list[tuple[ast.stmt, str, str]]:
    """Each module, and the name taken from it; "" for the whole."""
    found: list[tuple[ast.stmt, str, str]] = []
    for node in _nodes(path):
        if isinstance(node, ast.ImportFrom) and node.module:
            found += [(node, node.module, alias.name) for alias in node.names]
        elif isinstance(node, ast.Import):
            found += [(node, alias.name, "") for alias in node.names]
    return found


@cache
def _nodes(path: Path) -> list[ast.AST]:
    """Parsed once for all rules."""
    return list(ast.walk(ast.parse(path.read_text())))
