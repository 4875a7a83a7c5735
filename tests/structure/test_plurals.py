"""One helper says how many there are of what, `quantities`; templates reach it by its filters."""

import re
from pathlib import Path

import pytest
from django.conf import settings

FLOORS = ("accounts", "gateway", "contacts", "messaging", "smartdialog_admin")
HELPER = Path("accounts/wording/quantities.py")

IN_TEMPLATES = re.compile(
    r"\|\s*pluralize"
    r"|%\}(?:e?s|ies)\{%\s*endif"  # contact{% if n != 1 %}s{% endif %}
    r"|\|count\s*\}\}(?:\{%[^%]*%\})?\s+(?:people|(?!ms\b|as\b)[a-z]+s\b)"  # {{ n|count }} rows, of 1, too
)
IN_SCRIPTS = re.compile(r"\$\{(?!most\})[\w.]+\} (?!bytes\b)[a-z]{3,}s\b")  # `${number} results`, of 1, too
IN_PYTHON = re.compile(
    r"""["'](?:e?s|ies)["']\s+if\b|\belse\s+["'](?:e?s|ies)["']"""  # "s" if n != 1, "" if n == 1 else "s"
    r"""|["'](?:An?|1) [^"']+["'] if [^"'\n]* == 1\b"""  # "An answer" if n == 1
    r"""|\.pluralize\b|\bngettext\b"""
)


def _found(pattern: re.Pattern[str], paths: list[Path]) -> list[str]:
    return [
        f"{path}: {' '.join(match.group().split())}"
        for path in paths
        for match in pattern.finditer(Path(settings.BASE_DIR, path).read_text())
    ]


def _files(*places: str, ending: str) -> list[Path]:
    base = Path(settings.BASE_DIR)
    paths = [path.relative_to(base) for place in places for path in (base / place).rglob(f"*{ending}")]
    return [path for path in paths if path != HELPER and {"tests", "migrations"}.isdisjoint(path.parts)]


def test_templates_make_no_plural_of_their_own():
    templates = _files("templates", "sandbox/templates", ending=".html")

    assert len(templates) > 200
    assert _found(IN_TEMPLATES, templates) == []


def test_scripts_make_no_plural_without_a_singular():
    assert _found(IN_SCRIPTS, _files("static/js", ending=".js")) == []


def test_python_makes_no_plural_of_its_own():
    assert _found(IN_PYTHON, _files(*FLOORS, ending=".py")) == []


@pytest.mark.parametrize(
    "text",
    [
        "call{{ n|pluralize }}",
        "{{ n }} contact{% if n != 1 %}s{% endif %}",
        "match{% if n == 1 %}es{% endif %}",
        "{{ n|count }} people",
        "{{ n|count }}\n  rows read",
        "{% if a %}{{ a|count }}{% else %}{{ b|count }}{% endif %} people",
    ],
)
def test_each_way_of_a_template_is_found(text):
    assert IN_TEMPLATES.search(text)


def test_the_way_of_scripts_is_found():
    assert IN_SCRIPTS.search("textContent = number ? `${number} results` : none")


@pytest.mark.parametrize(
    "text", ["call{'s' if n != 1 else ''}", '"" if n == 1 else "s"', "'An answer' if n == 1"]
)
def test_each_way_of_python_is_found(text):
    assert IN_PYTHON.search(text)
