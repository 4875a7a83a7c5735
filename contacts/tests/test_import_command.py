"""manage.py import_contacts: the same import, headless, with words for people and JSON for programs."""

import json
from pathlib import Path

import pytest
from django.core.management import call_command

from contacts.models import Contact, Import, ImportState
from contacts.tests.conftest import HEADER, stored_names
from gateway import outbox
from tests.factories import make_contact


@pytest.fixture
def run(group, connected, tmp_path, capsys):
    """Import a text with the usual header (or bytes as they are); the exit code and the JSON."""

    def run(content: str | bytes, *options: str, customer: str = "", group_id: str = "") -> tuple[int, dict]:
        file = tmp_path / "jäsenet.csv"
        file.write_bytes(content if isinstance(content, bytes) else (HEADER + content).encode())
        where = ["--customer", customer or group.customer.remote_id, "--group", group_id or group.remote_id]
        code = 0
        try:
            call_command("import_contacts", str(file), *where, *options, "--json")
        except SystemExit as end:
            code = int(end.code or 0)
        return code, json.loads(capsys.readouterr().out)

    return run


def test_all_rows_taken_is_success(run, group):
    code, said = run("0401111111;Anna\n0402222222;Ben\n\n")

    assert code == 0
    assert said.pop("seconds") >= 0
    assert said == {
        "outcome": "imported",
        "reason": "",
        "rows": 2,
        "new": 2,
        "changed": 0,
        "unchanged": 0,
        "opted_out": 0,
        "invalid": 0,
        "duplicates": 0,
        "unclear": 0,
        "hidden": 0,
        "cells_left_out": 0,
    }
    job = Import.objects.get()
    assert (job.state, outbox.progress_of(job.batch).waiting) == (ImportState.SYNCING, 2)


def test_rows_are_the_sum_of_the_six_kinds_and_some_not_taken_is_one(run, group):
    make_contact(group, phone="+358401111111", first_name="Anna")
    make_contact(group, phone="+358402222222", active=False)
    make_contact(group, phone="+358405555555", first_name="Eve")

    code, said = run("0401111111;Anne\n0402222222;B\n040;C\n0404444444;D\n+358404444444;D\n0405555555;Eve\n")

    assert code == 1
    kinds = ("new", "changed", "unchanged", "opted_out", "invalid", "duplicates")
    assert [said[kind] for kind in kinds] == [1] * 6
    assert said["rows"] == 6


@pytest.mark.parametrize(("content", "reason"), [(b"", "empty"), (b"%PDF-1.7", "not_a_spreadsheet")])
def test_a_refused_file_is_two_and_says_why(run, content, reason):
    code, said = run(content)

    assert (code, said["outcome"], said["reason"], said["rows"]) == (2, "rejected", reason, 0)
    assert not Import.objects.exists()


def test_a_file_that_breaks_half_way_is_refused_whole(run):
    code, said = run("0401111111;Anna\n" * 200 + '0402222222;"Ben\n')

    assert (code, said["reason"]) == (2, "open_quote")
    assert not Contact.objects.exists()


def test_a_dry_run_says_the_same_and_keeps_nothing(run, group, uploads):
    code, said = run("0401111111;Anna\n040;Ben\n", "--dry-run")

    assert (code, said["new"], said["invalid"]) == (1, 1, 1)
    assert not Contact.objects.exists()
    assert not Import.objects.exists()
    assert [*uploads.iterdir(), *stored_names()] == []


@pytest.mark.parametrize(
    ("option", "said", "reason"),
    [
        ("--encoding", "bogus", "encoding"),
        ("--encoding", "rot13", "encoding"),
        ("--delimiter", ";;", "delimiter"),
        ("--delimiter", '"', "delimiter"),
        ("--unclear", "FI,SE", "unclear"),
        ("--unclear", ",", "unclear"),
    ],
)
def test_an_option_that_means_nothing_is_said_so(run, option, said, reason):
    code, answer = run("0401111111;Anna\n", option, said)

    assert (code, answer["reason"]) == (2, reason)
    assert not Import.objects.exists()
    assert stored_names() == []


@pytest.mark.parametrize("name", ["utf8", "UTF-8", "utf-8-sig"])
def test_an_encoding_is_known_by_any_of_its_names(run, name):
    code, said = run(f"\ufeff{HEADER}0401111111;Äijä\n".encode(), "--encoding", name)

    assert (code, said["new"]) == (0, 1)
    assert (Contact.objects.get().first_name, Import.objects.get().encoding) == ("Äijä", "utf-8")


def test_an_import_that_breaks_before_it_begins_leaves_nothing(run, monkeypatch):
    def broken(*args, **named):
        raise RuntimeError

    monkeypatch.setattr("contacts.importing.import_lifecycle.start_checking", broken)

    with pytest.raises(RuntimeError):
        run("0401111111;Anna\n")

    assert not Import.objects.exists()
    assert stored_names() == []


def test_rejects_can_be_imported_again(run, group, tmp_path):
    rejects = tmp_path / "rejects.csv"
    run("040;Anna\n0402222222;Ben\n0402222222;Benny\n", "--rejects", str(rejects))

    mended = rejects.read_text(encoding="utf-8-sig").replace("040;Anna", "0401111111;Anna")
    code, said = run(mended.encode())

    assert (said["rows"], said["new"], said["changed"], code) == (2, 1, 1, 0)


def test_the_region_reads_national_numbers(run):
    _, said = run("347 123 4567;Anna\n", "--region", "IT,FI")

    assert said["new"] == 1
    assert Contact.objects.get().phone == "+393471234567"


@pytest.mark.parametrize(
    ("where", "reason"),
    [
        ({"group_id": "nothing"}, "unknown_group"),
        ({"customer": "nobody"}, "unknown_group"),
        ({"group_id": "²"}, "unknown_group"),
    ],
)
def test_a_group_that_is_not_there_is_said_so(run, where, reason):
    code, said = run("0401111111;Anna\n", **where)

    assert (code, said["reason"]) == (2, reason)


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (["--user", "Otto"], "no_person"),
        (["--user", "Vera"], "no_person"),
        (["--region", "XX"], "unknown_region"),
    ],
)
def test_only_who_may_import_for_the_customer_can(run, vera, otto, options, reason):
    code, said = run("0401111111;Anna\n", *options)

    assert (code, said["reason"]) == (2, reason)
    assert not Contact.objects.exists()


def test_a_group_of_another_customer_is_not_found(run, clienti):
    code, said = run("0401111111;Anna\n", group_id=clienti.remote_id)

    assert (code, said["reason"]) == (2, "unknown_group")


def test_a_missing_file_is_said_so(group, connected, capsys):
    with pytest.raises(SystemExit) as end:
        call_command(
            "import_contacts",
            str(Path("/nowhere.csv")),
            "--customer",
            group.customer.remote_id,
            "--group",
            group.remote_id,
        )

    assert end.value.code == 2
    assert "There is no file" in capsys.readouterr().err


def test_what_may_be_consent_is_asked_about_and_said_by_an_option(run):
    text = "Puhelin;Etunimi;Lupa\n0401111111;Anna;ehkä\n0402222222;Ben;zzz\n"

    code, said = run(text.encode(), "--dry-run")
    assert (code, said["outcome"], said["questions"][0]["about"]) == (2, "asks", "consent")
    assert said["questions"][0].keys() == {"about", "called", "words", "choices"}
    assert not Import.objects.exists()

    code, said = run(text.encode(), "--dry-run", "--consent", "Lupa=ignore")
    assert (code, said["new"]) == (0, 2)


def test_unclear_numbers_are_left_or_read_as_one_countrys(run):
    assert run("4791234567;Nils\n", "--dry-run")[1]["unclear"] == 1
    assert run("4791234567;Nils\n", "--dry-run", "--unclear", "NO")[1]["new"] == 1


def test_a_column_that_is_said_to_be_consent_drops_no_other_no(run):
    text = "Puhelin;Etunimi;Markkinointikielto;Lista\n0401111111;Anna;kyllä;ei\n0402222222;Ben;ei;ei\n"

    said = run(text.encode(), "--dry-run", "--consent", "Lista=no")[1]

    assert (said["new"], said["opted_out"]) == (1, 1)


@pytest.mark.parametrize(
    ("columns", "reason"),
    [
        (["Puhelin=ignore"], "no_phone_column"),
        (["Puhelin=email"], "no_phone_column"),
        (["Etunimi=email", "Lisä=email"], "column_twice"),
    ],
)
def test_columns_that_cannot_be_read_are_refused_before_anything_is_read(run, columns, reason):
    text = "Puhelin;Etunimi;Lisä\n0401111111;Anna;1\n"

    code, said = run(text.encode(), *(part for each in columns for part in ("--map", each)))

    assert (code, said["outcome"], said["reason"]) == (2, "rejected", reason)
    assert (Import.objects.count(), stored_names()) == (0, [])


def test_a_slip_that_read_no_number_is_not_remembered(run):
    assert run("0401111111;Anna\n", "--map", "Etunimi=phone")[1]["invalid"] == 1

    assert run("0401111111;Anna\n")[1]["new"] == 1


@pytest.mark.parametrize("option", ["--rows", "--rejects"])
def test_a_place_that_cannot_be_written_is_said_before_anything_is_done(run, tmp_path, option):
    code, said = run("0401111111;Anna\n", option, str(tmp_path / "none" / "x"))

    assert (code, said["outcome"], said["reason"]) == (2, "rejected", "cannot_write")
    assert (Import.objects.count(), stored_names()) == (0, [])


@pytest.mark.parametrize("options", [[], ["--dry-run"]])
def test_a_disk_that_is_full_in_the_end_leaves_no_import_behind(run, options):
    code, said = run("0401111111;Anna\n", "--rows", "/dev/full", *options)

    assert (code, said["reason"]) == (2, "cannot_write")
    assert (Import.objects.count(), Contact.objects.count(), stored_names()) == (0, 0, [])


def test_where_it_can_be_written_nothing_is_before_it_is_known_what(run, tmp_path):
    kept, new = tmp_path / "kept.jsonl", tmp_path / "new.csv"
    kept.write_text("before")

    run("0401111111;Anna\n", "--rows", str(kept), "--rejects", str(new), "--map", "Puhelin=ignore")

    assert (kept.read_text(), new.exists()) == ("before", False)


def test_a_choice_that_is_offered_can_be_said_as_an_option(run):
    text = b"A;A;B\n0401111111;0402222222;Anna\n"
    choice = run(text, "--header-row", "1")[1]["questions"][0]["choices"][1]

    code, said = run(text, "--header-row", "1", "--phone-column", choice)

    assert (choice, code, said["new"]) == ("A (2)", 0, 1)
    assert Contact.objects.get().phone == "+358402222222"


def test_each_of_two_columns_with_one_header_is_asked_about_by_a_name_of_its_own(run):
    text = "Puhelin;GDPR;GDPR\n0401111111;kyllä;ei\n0402222222;ei;kyllä\n".encode()

    asked = run(text, "--consent", "GDPR=ignore")[1]["questions"]
    code, said = run(text, "--consent", "GDPR=ignore", "--consent", "GDPR (2)=ignore")

    assert [each["called"] for each in asked] == ["GDPR (2)"]
    assert (code, said["new"]) == (0, 2)
