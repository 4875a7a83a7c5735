"""Files of strangers, each with its right answer: what is taken of it, asked about and refused.

They are written after public bug reports and the exports of other programs; names and numbers are invented.
"""

import contextlib
import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import override_settings

from gateway.models import ServiceKind
from tests.factories import make_connection, make_service

FOLDER = Path(__file__).parent
CASES = json.loads((FOLDER / "cases.json").read_text())["cases"]
VARIANTS = json.loads((FOLDER / "variants.json").read_text())
ASKED_OF_A_ROW = {"hidden_rows": "hidden", "numbers": "unclear", "consent": "unclear"}


@dataclass
class Answer:
    said: dict[str, Any]
    rows: list[dict[str, Any]]

    @property
    def taken(self) -> dict[str, str]:
        """First name by number, of whom would be added."""
        return {row["phone"]: row["first_name"] for row in self.rows if row["kind"] == "new"}

    @property
    def kinds(self) -> Counter[str]:
        return Counter(row["kind"] for row in self.rows)

    @property
    def asked(self) -> set[str]:
        kinds = self.kinds
        of_rows = {about for about, kind in ASKED_OF_A_ROW.items() if kinds[kind]}
        return of_rows | {each["about"] for each in self.said.get("questions", [])}


@pytest.fixture
def answer(kahvila, mikko, tmp_path, capsys):
    group = make_service(kahvila, kind=ServiceKind.GROUP, name="Jäsenet")
    make_connection(mikko)

    def answer(case: dict[str, Any]) -> Answer:
        rows = tmp_path / "rows.jsonl"
        options = ["--region", case["regions"], "--dry-run", "--json", "--rows", str(rows)]
        where = ["--customer", kahvila.remote_id, "--group", group.remote_id]
        # It ends with a code that tells less than the JSON.
        with override_settings(UPLOADS_DIR=tmp_path / "uploads"), contextlib.suppress(SystemExit):
            call_command("import_contacts", str(FOLDER / case["file"]), *where, *options)
        lines = rows.read_text().splitlines() if rows.exists() else []
        return Answer(json.loads(capsys.readouterr().out), [json.loads(line) for line in lines])

    return answer


@pytest.mark.parametrize("case", CASES, ids=[case["file"] for case in CASES])
def test_a_strangers_file_is_read_as_its_owner_sees_it(case, answer):
    found = answer(case)

    if case.get("or_refused") and found.said["outcome"] == "rejected":
        return
    if question := case.get("question"):
        assert question in found.asked
    if found.said["outcome"] == "asks":
        assert found.asked & {case.get("question"), case.get("or_question")}
        return
    assert found.said["outcome"] == "imported", found.said
    check_taken(case, found)
    check_counts(case, found)
    check_never(case, found)


def check_taken(case: dict[str, Any], found: Answer) -> None:
    for phone, first_name in case.get("taken", []):
        if case.get("or_question") == "numbers" and phone not in found.taken:
            assert any(row["kind"] == "unclear" and phone in row["reason"] for row in found.rows)
            continue
        assert phone in found.taken, found.rows
        if first_name is not None:
            assert found.taken[phone] == first_name


def check_counts(case: dict[str, Any], found: Answer) -> None:
    kinds = found.kinds
    counted = {
        "taken_count": kinds["new"],
        "refused": kinds["invalid"],
        "asked": kinds["unclear"],
        "duplicates": kinds["duplicate"],
        "landline": sum(row["kind"] == "new" and row["type"] == "landline" for row in found.rows),
    }
    wanted = {name: case[name] for name in counted if name in case}
    assert {name: counted[name] for name in wanted} == wanted, found.rows
    if "refused_at_most" in case:
        assert kinds["invalid"] + kinds["unclear"] <= case["refused_at_most"]


def check_never(case: dict[str, Any], found: Answer) -> None:
    for phone, first_name in case.get("never", []):
        assert phone not in found.taken or first_name not in {None, found.taken[phone]}
    assert not set(case.get("never_first", [])) & set(found.taken.values())
    assert not set(case.get("opted_out_first", [])) & set(found.taken.values())


@pytest.mark.parametrize("case", VARIANTS, ids=[case["about"] for case in VARIANTS])
def test_variants_of_the_cases_come_out_as_they_should(case, answer, tmp_path):
    """`right`: the number of each row, or its kind; or what is asked."""
    path = tmp_path / "variant.csv"
    path.write_text(case["text"])

    found = answer({"file": str(path), "regions": case["regions"]})

    rows = [row["phone"] if row["kind"] == "new" else row["kind"] for row in found.rows]
    asked = [each["about"] for each in found.said.get("questions", [])]
    outcome = found.said["outcome"]
    assert (rows if outcome == "imported" else [outcome, *asked]) == case["right"].split()
