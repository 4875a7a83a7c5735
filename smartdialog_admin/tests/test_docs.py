"""The documents say what the code does: settings, commands, files and links."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
DOCUMENTS = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    ROOT / "CHANGELOG.md",
    *(ROOT / "docs").glob("*.md"),
]
READERS = {"text", "flag", "number", "words", "aliases"}
NAMES = [path.name for path in DOCUMENTS]


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
    return set(re.findall(r"^\| `([A-Z_]+)` \|", (ROOT / "README.md").read_text(), re.MULTILINE))


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
    for path in re.findall(r"`([a-z_]+/[\w/.]+(?:\.py|\.md|/))`", document.read_text()):
        if not path.startswith("var/"):
            assert (ROOT / path).exists(), path


def _tree(path: str) -> ast.Module:
    return ast.parse((ROOT / path).read_text())


def _of(call: ast.Call) -> str:
    value = call.func.value
    return value.id if isinstance(value, ast.Name) else ""
