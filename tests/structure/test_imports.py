import ast
import os
import pkgutil
import re
import subprocess
import sys
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import grimp
import pytest
from django.conf import settings
from django.utils.module_loading import import_string

PACKAGES = ["accounts", "gateway", "contacts", "messaging", "smartdialog_admin", "sandbox"]
REGISTERS = re.compile(r"^@(?:\w+\.)?(?:handles|holds|plans|event_taker|shows)", re.MULTILINE)
IN_A_SCRIPT = re.compile(
    r"^from ((?:accounts|gateway|contacts|messaging|tests)[\w.]*) import ([\w, ]+)$", re.MULTILINE
)
TASK_NAME = re.compile(r'"((?:\w+\.)+tasks\.\w+)"')


@pytest.fixture(scope="module")
def imports() -> dict[str, set[str]]:
    """Modules by who imports them; apps.py is Django's place to import what registers itself."""
    graph = grimp.build_graph(*PACKAGES, exclude_type_checking_imports=True, cache_dir=None)
    ours = [name for name in graph.modules if not re.search(r"\.(tests|migrations|apps)\b", name)]
    return {name: graph.find_modules_directly_imported_by(name) - {name} for name in ours}


def test_no_module_imports_itself_by_way_of_others(imports):
    try:
        TopologicalSorter(imports).prepare()
    except CycleError as circle:
        pytest.fail(" -> ".join(circle.args[1]))


def test_each_task_that_is_sent_by_name_exists():
    sources = [path for package in PACKAGES for path in Path(settings.BASE_DIR, package).rglob("*.py")]
    named = {name for path in sources for name in TASK_NAME.findall(path.read_text())}

    assert len(named) > 10
    assert all(import_string(name).name == name for name in named)


def test_what_registers_itself_is_imported_when_django_starts():
    """In a process of its own: here, other tests have imported it."""
    sources = {path for package in PACKAGES for path in Path(settings.BASE_DIR, package).rglob("*.py")}
    registering = {path for path in sources if REGISTERS.search(path.read_text())}
    started = "import django, sys; django.setup(); print(*sys.modules)"

    ran = subprocess.run(
        [sys.executable, "-c", started],
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"},
    )

    modules = {".".join(path.relative_to(settings.BASE_DIR).with_suffix("").parts) for path in registering}
    assert len(modules) > 9
    assert modules - set(ran.stdout.split()) == set()


def test_scripts_in_strings_import_what_exists():
    """Tests run such scripts in processes of their own; no linter reads them."""
    sources = [
        *Path(settings.BASE_DIR, "tests").rglob("*.py"),
        *Path(settings.BASE_DIR, "sandbox").rglob("*.py"),
    ]
    named = {name for path in sources for name in _imported_in_strings(path)}

    assert len(named) > 50
    assert [name for name in sorted(named) if not _exists(name)] == []


def _imported_in_strings(path: Path) -> set[str]:
    nodes = ast.walk(ast.parse(path.read_text()))
    texts = [node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    found = [match for text in texts for match in IN_A_SCRIPT.finditer(text)]
    return {f"{match[1]}.{name.split(' as ')[0].strip()}" for match in found for name in match[2].split(",")}


def _exists(name: str) -> bool:
    try:
        pkgutil.resolve_name(name)
    except (ImportError, AttributeError):
        return False
    return True
