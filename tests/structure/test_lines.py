"""Lines that a person can read: djangofmt wraps tags and words, but not what stands inside of a tag."""

from itertools import chain
from pathlib import Path

import pytest
from django.conf import settings

MAX_LENGTH = 120
FILES = sorted(
    chain.from_iterable(
        (settings.BASE_DIR / folder).rglob(pattern)
        for folder, pattern in (
            ("templates", "*.html"),
            ("static", "*.css"),
            ("static", "*.js"),
            ("sandbox/templates", "*.html"),
            ("sandbox/static", "*.css"),
            ("sandbox/static", "*.js"),
        )
    )
)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(settings.BASE_DIR)))
def test_no_line_of_a_template_style_sheet_or_script_is_longer_than_120(path: Path):
    lines = enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)

    assert [f"{number}: {line}" for number, line in lines if len(line) > MAX_LENGTH] == []
