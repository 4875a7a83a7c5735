"""python -m tests.browser.screenshots: take the README's pictures of a dashboard that just did a week's work.

Everything on them went through the real processes, by way of the pages. Only the days of the earlier
campaigns are moved back, as nobody wants to wait a week.
"""

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Page, expect, sync_playwright

from tests.browser import campaign_pages, import_pages, inbox_pages, sandbox_pages, template_pages
from tests.browser.browser_sessions import DESKTOP, PATIENCE_MS, PHONE, BrowserSessions
from tests.browser.conftest import ARGUMENTS
from tests.faults import invariants
from tests.faults.stack import Stack, running_stack

FOLDER = Path(__file__).parent.parent.parent / "docs" / "screenshots"
MAX_BYTES = 250_000  # of one picture
LOOKS = {
    "": {"viewport": DESKTOP, "color_scheme": "light"},
    "-dark": {"viewport": DESKTOP, "color_scheme": "dark"},
    "-phone": {"viewport": PHONE, "color_scheme": "light"},
}
AS_FOR_REAL = {"SMARTDIALOG_CALLS_PER_MINUTE": "100", "SMARTDIALOG_BATCH_SIZE": "500"}
OUR_NUMBER = "+358451234567"
MEMBERS = 106  # that jasenet.csv holds and that can be taken
CAMPAIGNS = {  # name: days ago, the text around the first name
    "Uusi kausi alkaa": (8, "Hei ", ", uusi kausi alkaa ensi viikolla. Kahvi tarjolla, tervetuloa mukaan!"),
    "Kevättalkoot": (4, "Hei ", ", talkoot ovat lauantaina klo 10. Pääsetkö? Vastaa tähän viestiin."),
    "Kutsu jäseniltaan": (0, "Hei ", ", tuletko perjantain jäseniltaan? Vastaa tähän, niin varaamme paikan."),
}
ANSWERS = [
    "Kiitos kutsusta, tulen mielelläni!",
    "En pääse tällä kertaa, mutta seuraavaan kyllä.",
    "Monelta ilta alkaa?",
    "Tulemme molemmat. Onko tarjolla gluteenitonta?",
    "Tulen, jos ehdin töistä ajoissa.",
]
QUESTION = "Saako ystävä tulla mukaan?"
TEMPLATE = "Varausvahvistus"
TEMPLATE_TEXT = "Hei {{1}}, paikkasi jäseniltaan on nyt varattu. Nähdään perjantaina!"


def main() -> int:
    with (
        TemporaryDirectory() as folder,
        running_stack(Path(folder), **AS_FOR_REAL) as stack,
        _windows(stack) as windows,
    ):
        pages = fill(windows, stack)
        FOLDER.mkdir(parents=True, exist_ok=True)
        for name, path in pages.items():
            take(windows, name, path)
    heavy = [path.name for path in FOLDER.glob("*.png") if path.stat().st_size > MAX_BYTES]
    if heavy:
        print(f"Over {MAX_BYTES:,} bytes: {', '.join(heavy)}", file=sys.stderr)
    return 1 if heavy else 0


def fill(windows: BrowserSessions, stack: Stack) -> dict[str, str]:
    """A path for each picture's page."""
    stack.sandbox.post("/_switches", {"delivery_seconds": 1})
    with windows.open("mikko") as desk, windows.open() as outside:
        import_members(desk)
        inbox_pages.open_inbox(desk)
        template = write_templates(desk, outside, stack)
        campaign = send_campaigns(desk, stack)
        schedule_for_tomorrow(desk)
        thread = let_people_answer(desk, outside, stack)
        check = check_a_newer_file(desk)
    return {"overview": "/", "import": check, "template": template, "campaign": campaign, "inbox": thread}


def import_members(desk: Page) -> None:
    import_pages.choose_file(desk, "Jäsenet", import_pages.FILES / "jasenet.csv")
    import_pages.check_rows(desk)
    import_pages.decide_unclear(desk, region="Finland (1)")
    import_pages.save(desk)
    import_pages.wait_until_done(desk)


def write_templates(desk: Page, outside: Page, stack: Stack) -> str:
    template_pages.write(desk, name=TEMPLATE, body=TEMPLATE_TEXT, button="Peru varaus")
    template_pages.submit(desk, TEMPLATE)
    sandbox_pages.approve_template(outside, stack.sandbox, TEMPLATE)
    template_pages.look_until_listed(desk)
    return _path(desk)


def send_campaigns(desk: Page, stack: Stack) -> str:
    for name, (days, before, after) in CAMPAIGNS.items():
        campaign_pages.write_sms(desk, group="Jäsenet", sender=OUR_NUMBER, before=before, after=after)
        campaign_pages.send_now(desk, name, people=MEMBERS)
        campaign_pages.expect_receipt(desk, MEMBERS, "Delivered", patience_ms=90_000)
        _move_back(stack, name, days)
    return _path(desk)


def schedule_for_tomorrow(desk: Page) -> None:
    campaign_pages.write_whatsapp(desk, group="Jäsenet", template=TEMPLATE, field="First name")
    desk.locator(".pick").filter(has_text="Schedule for later").click()
    desk.get_by_label("Day", exact=True).fill((datetime.now() + timedelta(days=1)).strftime("%Y-%m-%d"))
    desk.get_by_label("Time", exact=True).fill("14:00")
    desk.get_by_label("Name of the campaign").fill("Paikat on varattu")
    desk.get_by_role("button", name="Schedule ").click()
    expect(desk.get_by_role("heading", level=1, name="Paikat on varattu")).to_be_visible()


def let_people_answer(desk: Page, outside: Page, stack: Stack) -> str:
    """The one who answered first is answered; the others are still to be read. The first one's thread."""
    numbers = sorted(each["phone"] for each in invariants.contacts_at(stack, "Jäsenet"))
    for number, answer in reversed(list(zip(numbers[20:], ANSWERS, strict=False))):
        sandbox_pages.open_phone(outside, stack.sandbox, number)
        sandbox_pages.reply_from_phone(outside, answer)
    desk.goto("/inbox/")
    inbox_pages.open_thread(desk, ANSWERS[0])
    inbox_pages.reply(desk, "Hienoa, tervetuloa! Ovet avataan klo 17.30.")
    sandbox_pages.reply_from_phone(outside, QUESTION)
    expect(desk.get_by_role("region", name="Messages")).to_contain_text(QUESTION)
    return _path(desk)


def check_a_newer_file(desk: Page) -> str:
    """The same people some weeks later: some moved, some are new."""
    old = (import_pages.FILES / "jasenet.csv").read_text(encoding="cp1252").splitlines()
    moved = [line.replace(";Rauma;", ";Pori;") for line in old]
    new = [
        f"050 31{number:05};{name};Lehto;;;;;;Turku;FI;;messut" for number, name in enumerate(_names(old), 11)
    ]
    text = "\r\n".join([*moved, *new]).encode("cp1252")
    file = {"name": "jasenet-marraskuu.csv", "mimeType": "text/csv", "buffer": text}
    import_pages.choose_file(desk, "Jäsenet", file)
    import_pages.check_rows(desk)
    desk.get_by_test_id("chip-changed").click()
    expect(desk.get_by_test_id("chip-changed")).to_have_attribute("aria-current", "true")
    return _path(desk)


def take(windows: BrowserSessions, name: str, path: str) -> None:
    for look, options in LOOKS.items():
        with windows.open("mikko", reduced_motion="reduce", **options) as page:
            page.goto(path)
            expect(page.get_by_role("main")).to_be_visible()
            page.wait_for_timeout(500)  # the meter's first answer
            page.screenshot(path=FOLDER / f"{name}{look}.png")


def _names(lines: list[str]) -> list[str]:
    return sorted({line.split(";")[1] for line in lines[1:] if ";" in line} - {""})[:18]


def _move_back(stack: Stack, name: str, days: int) -> None:
    stack.ask(
        "from datetime import timedelta\n"
        "from django.db.models import F\n"
        "from messaging.campaigns.models import Campaign\n"
        f"ago = timedelta(days={days})\n"
        f"answer = Campaign.objects.filter(name={name!r}).update(begun_at=F('begun_at') - ago)"
    )


def _path(page: Page) -> str:
    return page.url.removeprefix("http://").partition("/")[2].join(["/", ""])


@contextmanager
def _windows(stack: Stack) -> Iterator[BrowserSessions]:
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or sys.exit("Set CHROMIUM=/path/to/it.")
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield BrowserSessions(browser, stack)
        browser.close()


if __name__ == "__main__":
    sys.exit(main())
