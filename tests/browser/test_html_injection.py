"""Text stays text, wherever it comes from and wherever it is shown."""

import csv
import io
import unicodedata
from collections.abc import Iterator

import pytest
from playwright.sync_api import FilePayload, Page

from tests.browser import import_pages, inbox_pages, page_list, sign_in_pages, xss_payloads
from tests.browser.browser_sessions import BrowserSessions
from tests.faults.remote_python import run_python
from tests.faults.stack import Stack, running_stack, wait_until

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]

GROUP = xss_payloads.PAYLOADS[14]
OUR_NUMBER = "+393401234567"
RENAME = f"""
import django
django.setup()
from sandbox.models import Customer, Person, Service
Service.objects.filter(name="Clienti").update(name={GROUP!r})
Customer.objects.filter(name="Trattoria Sole").update(name={xss_payloads.PAYLOADS[0]!r})
Person.objects.filter(username="nina").update(name={xss_payloads.PAYLOADS[6]!r})
"""
SHOWN = """() => {
    const fields = [...document.querySelectorAll("input, textarea, option")]
    const held = fields.map((each) => each.value + each.label)
    return [document.body.innerText, document.title, ...held].join("\\n")
}"""


@pytest.fixture(scope="module")
def stack(tmp_path_factory) -> Iterator[Stack]:
    """One of its own: nobody else wants a platform with these names."""
    with running_stack(tmp_path_factory.mktemp("hostile")) as running:
        yield running


@pytest.fixture(scope="module")
def windows(chromium, stack: Stack) -> BrowserSessions:
    return BrowserSessions(chromium, stack)


def test_hostile_text_of_every_source_is_shown_as_typed_and_does_nothing(
    windows: BrowserSessions, stack: Stack
):
    the_platform_has_hostile_names(stack)
    with windows.open() as desk, windows.open() as office, windows.open() as outside:
        for page, person in ((desk, "mikko"), (office, "aino"), (outside, "nina")):
            sign_in_pages.sign_in(page, person)
        sign_in_pages.switch_customer(desk, xss_payloads.PAYLOADS[0])
        imported = a_hostile_file_is_imported(desk)
        people_write_hostile_texts(desk, stack)
        furnished = page_list.create_sample_pages(
            stack, page_list.TRATTORIA, xss_payloads.PAYLOADS, xss_payloads.ALL_PAYLOADS
        )

        sign_in_pages.switch_customer(office, xss_payloads.PAYLOADS[0])
        shown = [text_of(office, path) for path in [*furnished.values(), *imported, "/search/?q=alert"]]
        shown += [text_of(office, stack.sandbox.url + path) for path in ("/_control/", "/_phones/")]

    missing = [each for each in xss_payloads.PAYLOADS if not any(plain(each) in text for text in shown)]
    assert missing == []


def the_platform_has_hostile_names(stack: Stack) -> None:
    """A group, a customer and a person: names that the dashboard did not choose."""
    run_python("-c", RENAME, **stack.environment | {"DJANGO_SETTINGS_MODULE": "sandbox.settings"})


def a_hostile_file_is_imported(desk: Page) -> list[str]:
    """In its name, its headers and its cells."""
    import_pages.choose_file(desk, GROUP, hostile_file())
    columns = f"{desk.url.partition('?')[0]}?step=columns"
    import_pages.check_rows(desk)
    import_pages.save(desk)
    import_pages.wait_until_done(desk)
    return [columns, desk.url]


def hostile_file() -> FilePayload:
    rows = [["Puhelin", "Etunimi", "Kaupunki", *xss_payloads.PAYLOADS[:5]]]
    for number, each in enumerate(xss_payloads.PAYLOADS):
        rows.append([f"+358401238{number:03}", each, each, *[each] * 5])
    written = io.StringIO()
    csv.writer(written).writerows(rows)
    content = written.getvalue().encode()
    return {"name": f"{xss_payloads.PAYLOADS[6]}.csv", "mimeType": "text/csv", "buffer": content}


def people_write_hostile_texts(desk: Page, stack: Stack) -> None:
    inbox_pages.open_inbox(desk)
    written = [
        {"type": "inbound", "from": f"+358401238{number:03}", "to": OUR_NUMBER, "text": each}
        for number, each in enumerate(xss_payloads.PAYLOADS)
    ]
    stack.sandbox.post("/_events", written)
    received = "from messaging.inbox.models import Thread\nanswer = Thread.objects.count()"
    wait_until(lambda: stack.ask(received) >= len(written), "every text to arrive", pause=1)


def text_of(page: Page, path: str) -> str:
    """All that the page shows and that its fields hold."""
    answer = page.goto(path)
    assert answer.status < 500, f"{path} answers {answer.status}"
    return plain(page.evaluate(SHOWN))


def plain(text: str) -> str:
    """With single spaces, and without the marks that turn the direction of text: an import takes them out."""
    kept = "".join(each for each in text if unicodedata.category(each) != "Cf")
    return " ".join(kept.split())
