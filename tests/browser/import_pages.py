"""Page objects, as functions: the four steps of an import, as somebody at the page takes them."""

from pathlib import Path

from playwright.sync_api import FilePayload, Page, expect

FILES = Path(__file__).parent / "files"
JASENET_COLUMNS = {
    "Puhelin": "Phone number",
    "Etunimi": "First name",
    "Sukunimi": "Last name",
    "Sähköposti": "Email",
    "Sukupuoli": "Gender",
    "Syntymävuosi": "Birth year",
    "Katuosoite": "Street address",
    "Postinumero": "Postal code",
    "Kaupunki": "City",
    "Maa": "Country",
    "Jäsentaso": "Custom property “Jäsentaso”",
    "Lähde": "Custom property “Lähde”",
}


def open_group(page: Page, group: str) -> None:
    page.goto("/contacts/")
    page.get_by_role("row").filter(has_text=group).get_by_role("link", name=group, exact=True).click()
    expect(page.get_by_role("heading", level=1, name=group)).to_be_visible()


def choose_file(page: Page, group: str, file: Path | FilePayload) -> None:
    open_group(page, group)
    page.get_by_role("link", name="Import contacts").first.click()
    page.get_by_label("Spreadsheet").set_input_files(file)
    page.get_by_role("button", name="Continue").click()


def expect_groups(page: Page, names: list[str]) -> None:
    page.goto("/contacts/")
    expect(page.get_by_role("rowheader")).to_have_text(names)


def columns(page: Page) -> dict[str, str]:
    """What each column of the file was recognised as."""
    expect(page.get_by_role("button", name="Check every row")).to_be_visible()
    rows = page.get_by_role("table").locator("tbody tr")
    return {
        row.get_by_role("rowheader").inner_text(): row.locator("option:checked").inner_text()
        for row in rows.all()
    }


def check_rows(page: Page) -> None:
    page.get_by_role("button", name="Check every row").click()
    expect(page.get_by_test_id("cost").or_(page.get_by_role("button", name="Finish"))).to_be_visible()


def decide_unclear(page: Page, region: str) -> None:
    """All alike."""
    page.get_by_test_id("chip-unclear").click()
    page.get_by_label("All unclear numbers are of").select_option(region)
    page.get_by_role("button", name="Apply").click()
    expect(page.get_by_test_id("chip-unclear").locator(".chip__count")).to_have_text("0")


def counts(page: Page) -> dict[str, int]:
    """The chips of the check: how many rows of each kind."""
    chips = page.locator(".chips .chip").all()
    return {chip.get_attribute("data-testid").removeprefix("chip-"): _number(chip) for chip in chips}


def reasons(page: Page, kind: str) -> dict[int, str]:
    """By row of the file, why (a cell of) it is left out."""
    page.get_by_test_id(f"chip-{kind}").click()
    expect(page.get_by_test_id(f"chip-{kind}")).to_have_attribute("aria-current", "true")
    rows = page.get_by_role("table").locator("tbody tr").filter(has=page.locator(".table__reason")).all()
    return {
        int(row.locator("td").first.inner_text()): row.locator(".table__reason").first.inner_text().strip()
        for row in rows
    }


def save(page: Page) -> None:
    page.get_by_role("button", name="Save", exact=False).first.click()
    expect(page.get_by_test_id("progress")).to_be_visible()


def wait_until_done(page: Page, *, patience_ms: int = 120_000) -> None:
    expect(page.get_by_text("The import is done")).to_be_visible(timeout=patience_ms)


def cancel(page: Page) -> None:
    page.get_by_role("link", name="Cancel the import").click()
    page.get_by_role("dialog").get_by_role("button", name="Cancel the import").click()
    expect(page.get_by_text("This import was cancelled")).to_be_visible()


def rename_first(page: Page, first_name: str) -> None:
    """Open the first contact of the group's table and give it another first name."""
    page.locator("tbody tr").first.get_by_role("link").click()
    page.locator("#sheet").get_by_role("link", name="Edit").click()
    page.get_by_label("First name").fill(first_name)
    page.get_by_role("button", name="Save changes").click()
    expect(page.get_by_text("Your changes are saved")).to_be_visible()


def _number(chip) -> int:
    return int(chip.locator(".chip__count").inner_text().replace(",", ""))
