"""The exports of programs that people keep their contacts in, from the file to the check, at first sight."""

import pytest
from playwright.sync_api import Page, expect

from contacts.tests.test_known_exports import EXPORTS
from tests.browser import import_pages
from tests.browser.browser_sessions import BrowserSessions

pytestmark = [pytest.mark.browser, pytest.mark.timeout(200)]

GROUP = "Uutiskirje"
IPHONE = """BEGIN:VCARD
VERSION:3.0
PRODID:-//Apple Inc.//iPhone OS 17.5//EN
N:Aalto;Aino;;;
FN:Aino Aalto
EMAIL;type=INTERNET;type=HOME;type=pref:aino@example.com
TEL;type=CELL;type=VOICE;type=pref:040 111 0001
ADR;type=HOME;type=pref:;;Katu 1;Oulu;;90100;Finland
END:VCARD
"""
MAILCHIMP = "Email Address,First Name,Last Name,Phone Number,MEMBER_RATING,OPTIN_TIME,CONFIRM_TIME"
AINO = "aino@example.com,Aino,Aalto,040 111 0001,2,2026-01-02 10:00:00,2026-01-02 10:00:00"
LEFT = "2026-02-03 10:00:00"
UNSUBSCRIBED = f"{MAILCHIMP},UNSUB_TIME,UNSUB_CAMPAIGN_TITLE,UNSUB_REASON\n{AINO},{LEFT},Kevät,NORMAL\n"
CLEANED = f"{MAILCHIMP},CLEAN_TIME,CLEAN_CAMPAIGN_TITLE\n{AINO},{LEFT},Kevät\n"
# By name of the file: what is in it, and how many get messages.
FILES = {
    **{f"{name}.csv": (f"{header}\n{row}\n", 1) for name, (header, row) in EXPORTS.items()},
    "iPhone.vcf": (IPHONE, 1),
    "subscribed_members_export.csv": (f"{MAILCHIMP}\n{AINO}\n", 1),
    "unsubscribed_members_export.csv": (UNSUBSCRIBED, 0),
    "cleaned_members_export.csv": (CLEANED, 0),
}


@pytest.fixture
def page(windows: BrowserSessions) -> Page:
    with windows.open("mikko") as opened:
        yield opened


@pytest.mark.parametrize("name", FILES)
def test_an_export_is_read_whole_at_first_sight(page: Page, name: str):
    content, active = FILES[name]
    import_pages.choose_file(
        page, GROUP, {"name": name, "mimeType": "application/octet-stream", "buffer": content.encode()}
    )

    import_pages.check_rows(page)

    counts = import_pages.counts(page)
    assert (counts["new"], counts["opted_out"]) == (active, 1 - active)
    assert sum(counts[kind] for kind in ("invalid", "unclear", "duplicate", "hidden")) == 0
    expect(page.get_by_role("table")).to_contain_text("Aalto")
    import_pages.cancel(page)
