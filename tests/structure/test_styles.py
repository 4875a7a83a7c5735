"""What pages and style sheets name is there: tokens, classes, and the tabs of Settings."""

import re
from pathlib import Path

from django.conf import settings

BASE = Path(settings.BASE_DIR)
FLOORS = ("accounts", "gateway", "contacts", "messaging")
TAB = re.compile(r'\{% tab "([^"]+)"')
SENT_TO = re.compile(r"(?<!\w)Settings(?:,| >) ([A-Z][\w-]+)")  # "in Settings, Failed calls"


def read(folder: str, ending: str) -> str:
    paths = sorted(BASE.joinpath(folder).rglob(f"*{ending}"))
    return "\n".join(path.read_text() for path in paths if {"tests", "migrations"}.isdisjoint(path.parts))


def test_each_token_that_a_style_uses_is_defined():
    styles = read("static/css", ".css")

    used = set(re.findall(r"var\((--[\w-]+)\)", styles))
    assert len(used) > 50
    assert used - set(re.findall(r"(--[\w-]+)\s*:", styles)) == set()


def test_each_class_of_a_page_is_dressed():
    named = {
        each
        for words in re.findall(r'class="([^"{]*)"', read("templates", ".html"))
        for each in words.split()
    }

    assert len(named) > 300
    assert named - set(re.findall(r"\.([a-zA-Z][\w-]*)", read("static/css", ".css"))) == set()


def test_each_part_of_the_settings_that_words_name_has_a_tab():
    tabs = {label.split()[0] for label in TAB.findall(read("templates/settings", "_base.html"))}
    texts = [
        read("templates", ".html"),
        *(read(floor, ".py") for floor in FLOORS),
        (BASE / "README.md").read_text(),
    ]

    named = {name for text in texts for name in SENT_TO.findall(text)}
    assert len(named) > 3
    assert named - tabs == set()
