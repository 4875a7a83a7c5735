import os
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
