"""The documents say what the code does: settings, commands, files and links."""

import ast
import re
from collections import Counter
from pathlib import Path

import pytest
from django.apps import apps

ROOT = Path(__file__).parent.parent.parent
DOCUMENTS = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    ROOT / "CHANGELOG.md",
    *(ROOT / "docs").glob("*.md"),
    *(path for path in ROOT.glob("[a-z]*/**/README.md") if path.parts[-2] != "docs"),
]
FLOORS = {
    "accounts": ROOT / "accounts",
    "gateway": ROOT / "gateway",
    "contacts": ROOT / "contacts",
    "whatsapp": ROOT / "messaging/whatsapp",
    "campaigns": ROOT / "messaging/campaigns",
    "inbox": ROOT / "messaging/inbox",
    "overview": ROOT / "messaging/overview",
}
WITHOUT_TABLES = {  # of this process
    "smartdialog_admin": ROOT / "smartdialog_admin",
    "sandbox": ROOT / "sandbox",
}
HELPERS = {"lifecycle.record", "second_factor.is_right", "transitions.record"}  # of verbs
READERS = {"choice", "text", "flag", "number", "words", "networks", "aliases"}
NAMES = [str(path.relative_to(ROOT)) for path in DOCUMENTS]


def settings_read() -> set[str]:
    """Every variable that settings.py asks the environment for, and those of the sandbox."""
    calls = [node for node in ast.walk(_tree("smartdialog_admin/settings.py")) if isinstance(node, ast.Call)]
    read = {
        call.args[0].value
        for call in calls
        if isinstance(call.func, ast.Attribute) and call.func.attr in READERS and _of(call) == "environment"
    }
    return read | set(re.findall(r'environ\.get\("(\w+)"\)', (ROOT / "sandbox/settings.py").read_text()))


def settings_told() -> set[str]:
    return set(re.findall(r"^\| `([A-Z0-9_]+)` \|", (ROOT / "README.md").read_text(), re.MULTILINE))


def test_the_readme_tells_every_setting_and_no_other():
    assert settings_read() == settings_told()
    assert len(settings_told()) > 20


@pytest.mark.parametrize("document", DOCUMENTS, ids=NAMES)
def test_every_command_that_is_named_exists_and_can_be_run(document):
    for command in re.findall(r"(?<![\w/])(?:bin|\.ci)/[a-z_]+", document.read_text()):
        assert (ROOT / command).stat().st_mode & 0o111, command


@pytest.mark.parametrize("document", DOCUMENTS, ids=NAMES)
def test_every_link_and_picture_leads_to_a_file(document):
    links = re.findall(r"\]\((?!https?://)([^)#]+)\)", document.read_text())

    assert [link for link in links if not (document.parent / link).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=NAMES)
def test_every_file_that_is_named_exists(document):
    named = re.findall(r"`([a-z_]+[\w/.-]*(?:\.(?:py|md|css|js|html)|/))`", document.read_text())

    assert [path for path in named if not path.startswith("var/") and not _exists(document, path)] == []


@pytest.mark.parametrize("folder", (FLOORS | WITHOUT_TABLES).values(), ids=FLOORS | WITHOUT_TABLES)
def test_the_readme_of_a_floor_names_each_of_its_rooms(folder):
    readme = (folder / "README.md").read_text()

    assert _rooms(folder) - set(re.findall(r"`([\w/.]+)`", readme)) == set()
    assert len(readme.splitlines()) <= 60
    assert "docs/glossary.md" in readme


@pytest.mark.parametrize("floor", FLOORS)
def test_the_readme_of_a_floor_names_each_of_its_tables(floor):
    readme = (FLOORS[floor] / "README.md").read_text()
    tables = {table._meta.db_table for table in apps.get_app_config(floor).get_models()}

    assert tables == set(re.findall(rf"`({floor}_\w+)`", readme))


@pytest.mark.parametrize("floor", FLOORS)
def test_each_verb_and_task_that_a_readme_names_is_in_the_code(floor):
    named = re.findall(r"`(\w+)\.(\w+)`", (FLOORS[floor] / "README.md").read_text())
    verbs = [(module, name) for module, name in named if name not in {"py", "md"}]

    assert [verb for verb in verbs if not _is_defined(FLOORS[floor], *verb)] == []


@pytest.mark.parametrize("floor", FLOORS)
def test_the_readme_of_a_floor_names_whatever_writes_the_audit_trail(floor):
    named = set(re.findall(r"`(?:\w+\.)*(\w+\.\w+)`", (FLOORS[floor] / "README.md").read_text()))

    assert _recording(FLOORS[floor]) - named == set()


@pytest.mark.parametrize("floor", FLOORS)
def test_the_readme_of_a_floor_names_each_of_its_tasks(floor):
    readme, tasks = (FLOORS[floor] / "README.md").read_text(), FLOORS[floor] / "tasks.py"
    named = set(re.findall(r"`tasks\.(\w+)`", readme)) - {"py"}

    assert named == (_tasks(tasks) if tasks.exists() else set())


def test_each_term_is_in_the_glossary_once():
    rows = re.findall(r"^\| ([^|]+) \|", (ROOT / "docs/glossary.md").read_text(), re.MULTILINE)
    terms = [term for row in rows for term in row.split(", ") if term not in {"Word", "---"}]

    assert len(terms) > 100
    assert [term for term, number in Counter(terms).items() if number > 1] == []


def _exists(document: Path, path: str) -> bool:
    """From the root, from the document, or, as a bare name, anywhere."""
    return (
        (ROOT / path).exists()
        or (document.parent / path).exists()
        or ("/" not in path.rstrip("/") and any(ROOT.glob(f"[a-z]*/**/{path}")))
    )


def _rooms(folder: Path) -> set[str]:
    packages = {f"{path.parent.name}/" for path in folder.glob("*/*.py")} - {"tests/", "migrations/"}
    return packages | {path.name for path in folder.glob("*.py")} - {"__init__.py", "apps.py", "conftest.py"}


def _is_defined(folder: Path, module: str, name: str) -> bool:
    """In a module or, as a name that a package offers, below it."""
    places = [*folder.rglob(f"{module}.py"), *folder.rglob(f"{module}/*.py")]
    return any(re.search(rf"^def {name}\(", place.read_text(), re.MULTILINE) for place in places)


def _recording(folder: Path) -> set[str]:
    """Public functions that call audit.record, by themselves or through a helper of their module."""
    found = set()
    for path in folder.rglob("*.py"):
        if {"tests", "migrations", "views", "management"}.isdisjoint(path.relative_to(folder).parts):
            nodes = ast.parse(path.read_text()).body
            functions = {node.name: node for node in nodes if isinstance(node, ast.FunctionDef)}
            public = [name for name in functions if not name.startswith("_")]
            found |= {f"{path.stem}.{name}" for name in public if _records(functions, name, set())}
    return found - HELPERS


def _records(functions: dict[str, ast.FunctionDef], name: str, seen: set[str]) -> bool:
    calls = [node for node in ast.walk(functions[name]) if isinstance(node, ast.Call)]
    called = {ast.unparse(call.func) for call in calls}
    helpers = {each for each in called & functions.keys() if each.startswith("_")} - seen
    return any(each.startswith("audit.record") for each in called) or any(
        _records(functions, each, seen | helpers) for each in helpers
    )


def _tasks(path: Path) -> set[str]:
    return set(re.findall(r"^@shared_task[^\n]*\n(?:@[^\n]*\n)*def (\w+)\(", path.read_text(), re.MULTILINE))


def _tree(path: str) -> ast.Module:
    return ast.parse((ROOT / path).read_text())


def _of(call: ast.Call) -> str:
    value = call.func.value
    return value.id if isinstance(value, ast.Name) else ""
