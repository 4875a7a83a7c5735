"""An import beyond the usual: many rows, pasted ones, a cell mended where it stands, a pause, a way back."""

import http.client
import re
import time
from contextlib import closing

import pytest
from playwright.sync_api import Page, expect

from contacts.tests.workbook_files import archive, by_hand, text, written
from tests.browser import import_pages
from tests.browser.browser_sessions import BrowserSessions
from tests.faults.stack import Stack

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]

GROUP = "Uutiskirje"
ROWS = 100_000
HEADER = "Puhelin;Etunimi;Jäsentaso\r\n"


@pytest.fixture
def page(windows: BrowserSessions) -> Page:
    with windows.open("mikko") as opened:
        yield opened


def csv(name: str, rows: str) -> dict:
    return {"name": name, "mimeType": "text/csv", "buffer": (HEADER + rows).encode()}


def test_each_kind_of_bad_file_is_refused_with_its_words(page: Page):
    import_pages.choose_file(page, GROUP, csv("hyvä.csv", "0401230001;Aino;kulta\r\n"))
    expect(page.get_by_role("button", name="Check every row")).to_be_visible()
    import_pages.cancel(page)
    import_pages.open_group(page, GROUP)
    page.get_by_role("link", name="Import contacts").first.click()
    for name, (content, words) in unusable().items():
        page.get_by_label("Spreadsheet").set_input_files(
            {"name": name, "mimeType": "application/octet-stream", "buffer": content}
        )
        page.get_by_role("button", name="Continue").click()
        expect(page.get_by_role("alert")).to_contain_text(words)


def unusable() -> dict[str, tuple[bytes, str]]:
    """Files, and words of what is said about each."""
    return {
        "leveä.csv": ((";".join(["Puhelin"] * 5000) + "\n040\n").encode(), "more than 300 columns"),
        "lainaus.csv": (b'Puhelin;Etunimi\n0401234567;"A\n0401234568;B\n', "is never closed"),
        "pitkä.csv": (b"Puhelin;Etunimi\n0401234567;" + b"x" * 200_000, "longer than any contact needs"),
        "arkisto.csv": (archive({"a.csv": b"Puhelin"}), "not a spreadsheet"),
        "pommi.xlsx": (by_hand(text(["a"]), other={"xl/b": bytes(60 * 1024**2)}), "unpacks to more"),
        "rikki.xlsx": (written([["Puhelin"], ["0401234567"]])[:-300], "is damaged"),
        "lista.csv": (b'[{"phone": "0401234567"}]', "a list for programs"),
        "tavuja.csv": (bytes(range(256)) * 20, "not text"),
    }


def test_a_cell_is_mended_where_it_stands_and_rows_can_be_pasted(page: Page):
    import_pages.open_group(page, GROUP)
    page.get_by_role("link", name="Import contacts").first.click()
    page.get_by_text("Paste rows instead").click()
    page.get_by_label("Pasted rows").fill("Puhelin\tEtunimi\n3,58E+11\tAino\n0401230003\tToivo\n")
    page.get_by_role("button", name="Continue").click()
    import_pages.check_rows(page)

    page.get_by_test_id("chip-invalid").click()
    cell = page.get_by_label("Phone number in row 2")
    expect(page.get_by_role("main")).to_contain_text("Excel has shortened this number")
    cell.fill("040 123 0002")
    cell.press("Enter")

    expect(page.get_by_role("status").filter(has_text="Row 2 is now new.")).to_be_attached()
    expect(page.locator("#row-2")).to_be_focused()
    expect(page.get_by_role("button", name="Save 2 new")).to_be_visible()
    assert import_pages.counts(page)["new"] == 2
    assert import_pages.counts(page)["invalid"] == 0
    page.get_by_role("link", name="Columns").click()
    expect(page.get_by_role("button", name="Check every row")).to_be_visible()
    page.go_back()
    assert import_pages.counts(page)["new"] == 2
    import_pages.cancel(page)


def test_rows_of_a_kind_are_searched_as_one_types_and_mended_where_they_are_found(page: Page):
    bad = "".join(f"040 {number};Matti{number};hopea\r\n" for number in range(60))
    import_pages.choose_file(
        page, GROUP, csv("etsitään.csv", f"{bad}0401230004;Helmi;kulta\r\n041;Helmi;hopea\r\n")
    )
    import_pages.check_rows(page)
    page.get_by_test_id("chip-invalid").click()
    rows, box = page.locator("#rows tbody tr"), page.get_by_label("Search these rows")
    expect(rows).to_have_count(50)

    box.press_sequentially("hopea he", delay=120)  # slower than it searches, and then it goes on
    expect(page.locator("#found")).to_have_text("1 row matches")
    expect(box).to_be_focused()
    expect(box).to_have_value("hopea he")
    expect(rows).to_contain_text("Helmi")
    box.fill("")
    expect(rows).to_have_count(50)
    box.fill("helmi")
    expect(rows).to_have_count(1)
    page.get_by_test_id("chip-new").click()
    expect(box).to_have_value("helmi")
    expect(rows).to_contain_text("Helmi")
    page.go_back()

    cell = page.get_by_label("Phone number in row 63")
    cell.fill("040 123 0005")
    cell.press("Enter")
    expect(page.locator("#row-63")).to_contain_text("Row 63 is now new.")
    page.get_by_test_id("chip-invalid").click()
    expect(page.get_by_role("main")).to_contain_text("Nobody among the invalid rows matches “helmi”")
    page.get_by_role("link", name="Show all invalid rows").click()
    expect(rows).to_have_count(50)
    expect(box).to_have_value("")
    import_pages.cancel(page)


def test_an_offered_answer_is_taken_by_its_button_not_what_stands_in_the_cell(page: Page):
    rows = {"name": "luvat.csv", "mimeType": "text/csv"}
    rows["buffer"] = "Puhelin;Lupa\r\n0401230041;ehkä\r\n0401230042;kyllä\r\n".encode()
    import_pages.choose_file(page, GROUP, rows)
    import_pages.check_rows(page)
    page.get_by_test_id("chip-unclear").click()

    page.get_by_role("button", name="Yes for row 2").click()

    expect(page.locator("#row-2")).to_contain_text("Row 2 is now new.")
    expect(page.get_by_test_id("chip-new")).to_contain_text("2")
    import_pages.cancel(page)


def test_whoever_mends_many_rows_goes_on_to_the_next_and_keeps_what_they_typed(page: Page):
    bad = "".join(f"040 {number};Matti{number};hopea\r\n" for number in range(40))
    import_pages.choose_file(page, GROUP, csv("korjataan.csv", bad))
    import_pages.check_rows(page)
    page.get_by_test_id("chip-invalid").click()
    cells = {line: page.get_by_label(f"Phone number in row {line}") for line in (30, 31, 35)}
    cells[35].fill("040 123 0035")
    cells[30].fill("040 123 0030")
    cells[30].evaluate("cell => cell.scrollIntoView({ block: 'center' })")  # so that row 31 is in sight, too
    before = cells[31].bounding_box()

    cells[30].press("Enter")
    expect(cells[31]).to_be_focused()
    expect(page.locator("#row-30")).to_contain_text("+358401230030")
    after = cells[31].bounding_box()
    assert abs(after["y"] - before["y"]) < 60  # what comes above moves nobody who is mending
    cells[31].fill("12")
    cells[31].press("Enter")

    expect(page.locator("#mended")).to_have_text("Row 31 is still invalid.")
    expect(cells[31]).to_be_focused()
    expect(cells[35]).to_have_value("040 123 0035")
    assert import_pages.counts(page)["invalid"] == 39
    import_pages.cancel(page)


def test_many_rows_are_checked_saved_paused_and_taken_back(page: Page):
    rows = "".join(f"+35840{5_000_000 + number};Aino{number};kulta\r\n" for number in range(ROWS))
    import_pages.choose_file(page, GROUP, csv("paljon.csv", rows + "040;Eino;\r\n" + rows[:30]))
    page.get_by_role("button", name="Check every row").click()
    expect(page.get_by_test_id("cost")).to_have_text(
        re.compile(r"about 10 hours [0-9]+ minutes, done "), timeout=120_000
    )
    assert import_pages.counts(page)["new"] == ROWS
    page.get_by_role("link", name="Next rows").click()
    expect(page.get_by_role("link", name="Previous rows")).to_be_visible()

    import_pages.save(page)
    progress = page.get_by_test_id("progress")
    expect(progress).to_contain_text("100,000 of 100,000", timeout=120_000)
    page.get_by_role("button", name="Pause the import").click()
    expect(page.get_by_text("The import is paused", exact=True)).to_be_visible()
    page.get_by_role("button", name="Resume the import").click()
    expect(page.get_by_role("button", name="Pause the import")).to_be_visible()
    page.get_by_role("link", name="Undo import").click()
    expect(page.get_by_role("dialog")).to_contain_text(re.compile("100,000 contacts that it added"))
    page.get_by_role("dialog").get_by_role("button", name="Undo import").click()
    expect(page.get_by_text("This import was undone")).to_be_visible(timeout=120_000)


def test_a_body_that_never_ends_is_answered_at_once(page: Page, stack: Stack):
    import_pages.open_group(page, GROUP)
    page.get_by_role("link", name="Import contacts").first.click()
    begun = time.monotonic()

    with_a_length = send(page, stack, {"Content-Length": str(1024**3)})
    without = send(page, stack, {"Transfer-Encoding": "chunked"}, chunked=True)

    assert "This file is too large: the most is 200 MB" in with_a_length[1]
    assert "This file was not taken, and nothing was changed" in without[1]
    assert time.monotonic() - begun < 20  # on a busy machine; neither was read


def send(page: Page, stack: Stack, headers: dict[str, str], *, chunked: bool = False) -> tuple[int, str]:
    """The beginning of an upload whose rest does not come."""
    token = page.locator("main input[name=csrfmiddlewaretoken]").first.input_value()
    cookies = "; ".join(f"{each['name']}={each['value']}" for each in page.context.cookies())
    start = (
        f"--x\r\nContent-Disposition: form-data; name=csrfmiddlewaretoken\r\n\r\n{token}\r\n"
        "--x\r\nContent-Disposition: form-data; name=file; filename=a.csv\r\n\r\n"
    ).encode() + b"0401234567\r\n" * 50_000
    connection = http.client.HTTPConnection(stack.url.removeprefix("http://"), timeout=15)
    with closing(connection):
        connection.putrequest("POST", "/" + page.url.split("/", 3)[3])
        sent = {"Cookie": cookies, "Origin": stack.url, "Content-Type": "multipart/form-data; boundary=x"}
        for name, value in (headers | sent).items():
            connection.putheader(name, value)
        connection.endheaders()
        connection.send(b"%x\r\n%s\r\n0\r\n\r\n" % (len(start), start) if chunked else start)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
