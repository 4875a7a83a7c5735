import re
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import grimp
import pytest
from django.conf import settings
from django.utils.module_loading import import_string

PACKAGES = ["accounts", "gateway", "contacts", "messaging", "smartdialog_admin", "sandbox"]
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
