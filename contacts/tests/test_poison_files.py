"""Files made to hurt are refused with true words, by a process that could not take more if it tried."""

import pytest

from contacts.importing.columns import first_look
from contacts.importing.files import child_process, file_reader, parsers, process_limits
from contacts.importing.files.parsers import FileRow
from contacts.importing.files.process_limits import ReaderDied, ReaderLimits
from contacts.importing.files.reading import Reading
from contacts.importing.files.refusals import FileRefused
from contacts.tests.old_workbooks import old_workbook
from contacts.tests.poison_files import costly_files, poison_files
from contacts.tests.poison_parts import strings, xlsx

POISON = poison_files(scale=0.2)
MB = 1024 * 1024


@pytest.fixture
def path(tmp_path):
    return tmp_path / "book.upload"


@pytest.mark.parametrize("name", POISON)
def test_a_hostile_file_is_refused_with_the_right_reason(path, name):
    make, codes = POISON[name]
    path.write_bytes(make())

    with pytest.raises(FileRefused) as refusal:
        read(path)

    assert refusal.value.code in codes


@pytest.mark.parametrize("name", costly_files())
def test_what_says_as_much_as_it_may_is_read(path, name):
    path.write_bytes(costly_files()[name]())

    read(path)


def read(path) -> None:
    """As an upload is looked at, and then checked."""
    look = first_look.look(path, Reading(), [])
    with file_reader.open_rows(path, look.reading) as rows:
        list(rows)


@pytest.mark.parametrize(("columns", "judged"), [(1, 500), (20, 500), (300, 67)])
def test_the_wider_a_file_the_fewer_of_its_rows_are_judged_before_a_person_is_asked(columns, judged):
    """Each cell may be looked up as a number, in the process that serves pages."""
    rows = (FileRow(line, ["0401234567"] * columns) for line in range(1, 10_000))

    assert len(parsers.first_rows(rows, Reading(), 500)) == judged


@pytest.mark.parametrize("last", [20_000, 65_535])
@pytest.mark.parametrize("padding", [0, 1_390_000])
def test_an_old_workbook_of_two_cells_far_apart_is_too_large(path, last, padding):
    """Between them lie millions of empty ones, which the library would hold."""
    path.write_bytes(old_workbook([(0, 0, 1), (last, 255, 2)], padding=padding))

    with pytest.raises(FileRefused) as refusal:
        read(path)

    assert refusal.value.code == "too_large"


def test_an_old_workbook_as_large_as_people_make_them_is_read(path):
    path.write_bytes(old_workbook((row, column, 7) for row in range(9_000) for column in range(8)))

    with file_reader.open_rows(path, Reading(sheet="Sheet1")) as rows:
        assert [len(row.cells) for row in rows] == [8] * 9_000


def test_of_a_card_of_very_many_numbers_the_first_are_read(path):
    lines = ["BEGIN:VCARD", "VERSION:3.0", "FN:Anna", *(f"TEL:{n}" for n in range(5_000)), "END:VCARD"]
    path.write_text("\n".join([*lines, "BEGIN:VCARD", "TEL:0401234567", "FN:Ben", "END:VCARD", ""]))

    with file_reader.open_rows(path, Reading()) as rows:
        _, anna, ben = rows

    assert anna.cells[:2] == ["0", "Anna"]
    assert 100 < len(anna.cells[-1].split()) < 200
    assert ben.cells[:2] == ["0401234567", "Ben"]


@pytest.mark.parametrize(
    ("limits", "code"),
    [
        (ReaderLimits(memory=256 * MB, seconds=1, silence=60), "too_slow"),
        (ReaderLimits(memory=8 * MB, seconds=60, silence=60), "too_large"),
        (ReaderLimits(memory=256 * MB, seconds=60, silence=0.01), "too_slow"),
    ],
)
def test_what_no_count_would_stop_is_stopped_by_the_limits_of_its_process(path, monkeypatch, limits, code):
    path.write_bytes(strings("".join(f"<si><t>{number} text</t></si>" for number in range(500_000))))
    monkeypatch.setattr(process_limits, "for_all_rows", lambda size, **how: limits)

    with pytest.raises(FileRefused) as refusal, file_reader.open_rows(path, Reading()) as rows:
        list(rows)

    assert refusal.value.code == code


def test_while_rows_are_left_out_that_were_done_before_somebody_hears_of_it(path, monkeypatch):
    monkeypatch.setattr(child_process, "BEAT", 0)
    path.write_bytes(xlsx("<row><c><v>1</v></c></row>" * 5_000))
    heard = []

    with file_reader.open_rows(path, Reading(), on_wait=lambda: heard.append(1)) as rows:
        next(rows)
        list(rows)

    assert len(heard) > 5


def test_a_parser_that_is_killed_is_no_end_of_the_file_and_no_refusal():
    assert isinstance(process_limits.why_ended(-9), ReaderDied)
    assert isinstance(process_limits.why_ended(-6), FileRefused)
