"""The main job from end to end, in one walk, at the call limit of the real platform."""

import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser import (
    campaign_pages,
    import_pages,
    inbox_pages,
    sandbox_pages,
    settings_pages,
    sign_in_pages,
    template_pages,
)
from tests.browser.browser_sessions import BrowserSessions
from tests.faults import invariants
from tests.faults.stack import Stack, running_stack, wait_until

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]

RAILI = "+358402607639"  # the first in the file
OUR_NUMBER = "+358451234567"  # of Kahvila Aalto, which people can write to
TEMPLATE = "Jäsenilta"
LIMIT = 100  # calls in any 60 seconds
NEW = 106  # what the file holds: contacts that can be taken, and rows that cannot
WARNED = {
    4: "This is not an email address.",
    16: "This is not a year of birth. Write it with four digits.",
    28: "Use female, male or other (also nainen, mies, muu; kvinna, man; femmina, maschio).",
    78: "This is not a country we know. Use its name or its code, such as Finland or FIN.",
    83: "A year of birth is between 1900 and 2026.",
}
INVALID = {
    11: "Excel has shortened this number and lost its last digits. "
    "Format the column as text in Excel, and enter the number again.",
    19: "There is no phone number.",
    25: "This is too short to be a phone number.",
    33: "This has letters in it. A phone number has digits only.",
    40: "This is not a phone number in Finland. "
    "Write numbers of other countries with + and the country code.",
    46: "This has too many digits to be a phone number.",
    55: "No phone number begins like this or has this length. Check the country code and the digits.",
    63: "There are no digits here.",
}


@pytest.fixture(scope="module")
def stack(tmp_path_factory) -> Iterator[Stack]:
    """The dashboard keeps the limit by itself; the platform would let it make more calls."""
    folder = tmp_path_factory.mktemp("loop")
    with running_stack(
        folder, SMARTDIALOG_CALLS_PER_MINUTE=str(LIMIT), SMARTDIALOG_BATCH_SIZE="500"
    ) as running:
        yield running


@pytest.fixture(scope="module")
def windows(chromium, stack: Stack) -> BrowserSessions:
    return BrowserSessions(chromium, stack)


def test_the_main_job_from_sign_in_to_an_answered_reply(windows: BrowserSessions, stack: Stack):
    with windows.open() as desk, windows.open("aino") as office, windows.open() as outside:
        signs_in_through_the_platform(desk)
        sees_only_their_own(desk, windows, stack)
        saving = imports_the_members(desk)

        a_newcomer_waits_and_is_let_in(outside, office)
        what_happened_is_in_the_audit_trail(office)

        the_members_arrive_within_the_limit(saving, stack)
        desk = saving
        an_sms_campaign_is_accepted_then_delivered(desk, stack)
        an_answer_appears_and_is_answered(desk, windows, stack)
        a_template_is_written_and_approved(desk, outside, stack)
        a_second_campaign_sends_it(desk, stack)
        what_fails_is_seen_and_retried(desk, office, stack)
        within_the_limit(stack)


def signs_in_through_the_platform(desk: Page) -> None:
    sign_in_pages.sign_in(desk, "mikko")
    expect(desk.get_by_text("You are signed in as Mikko Mäkinen")).to_be_visible()
    expect(desk.get_by_role("link", name="Overview")).to_have_attribute("aria-current", "page")


def sees_only_their_own(desk: Page, windows: BrowserSessions, stack: Stack) -> None:
    with windows.open("otto") as other:
        import_pages.expect_groups(other, ["Outsiders"])
    import_pages.expect_groups(desk, ["Jäsenet", "Uutiskirje"])
    outsiders = stack.pk_of("gateway.models", "Service", name="Outsiders")
    assert desk.request.get(f"/contacts/{outsiders}/").status == 404
    desk.locator(".topbar__customer summary").click()
    customers = desk.locator(".topbar__customer .menu__item")
    assert customers.all_inner_texts() == ["Kahvila Aalto", "Trattoria Sole"]


def imports_the_members(desk: Page) -> Page:
    """As far as the progress bar; then the tab is closed, and the page opened in a new one."""
    import_pages.choose_file(desk, "Jäsenet", import_pages.FILES / "jasenet.csv")
    assert import_pages.columns(desk) == import_pages.JASENET_COLUMNS
    import_pages.check_rows(desk)
    import_pages.decide_unclear(desk, region="Finland (1)")  # the row's country is Atlantis
    counted = {"new": NEW, "duplicate": 4, "invalid": len(INVALID), "warnings": len(WARNED)}
    nobody = dict.fromkeys(["changed", "unchanged", "opted_out", "unclear", "hidden"], 0)
    assert import_pages.counts(desk) == nobody | counted
    assert import_pages.reasons(desk, "invalid") == INVALID
    assert import_pages.reasons(desk, "warnings") == WARNED
    expect(desk.get_by_test_id("cost")).to_contain_text("It takes at most about 2 minutes, done ")
    import_pages.save(desk)
    page, address = desk.context.new_page(), desk.url
    desk.close()
    page.goto(address)
    expect(page.get_by_test_id("progress")).to_contain_text("left, done ")
    return page


def a_newcomer_waits_and_is_let_in(outside: Page, office: Page) -> None:
    sign_in_pages.sign_in(outside, "nina")
    expect(outside.get_by_text("An admin of this dashboard has to let you in first")).to_be_visible()
    settings_pages.approve(office, "Nina Newcomer", "Viewer")
    settings_pages.change_role(office, "Nina Newcomer", "Marketer")
    outside.get_by_role("link", name="Look again").click()
    expect(outside.get_by_role("heading", level=1, name="Kahvila Aalto")).to_be_visible()


def what_happened_is_in_the_audit_trail(office: Page) -> None:
    settings_pages.expect_audited(office, "Aino Aalto", "Person: approved", "Nina Newcomer")
    settings_pages.expect_audited(office, "Aino Aalto", "Person: role changed", "Nina Newcomer")
    settings_pages.expect_audited(office, "Mikko Mäkinen", "Import: confirmed", "jasenet.csv")
    settings_pages.expect_called(office, "Contact: ")


def the_members_arrive_within_the_limit(saving: Page, stack: Stack) -> None:
    import_pages.wait_until_done(saving)
    phones = [contact["phone"] for contact in invariants.contacts_at(stack, "Jäsenet")]
    assert (len(phones), len(set(phones))) == (NEW, NEW)
    within_the_limit(stack)


def within_the_limit(stack: Stack) -> None:
    """By the platform's clock and count."""
    assert stack.sandbox.ledger(limit=1)["summary"]["max_window"] <= LIMIT


def an_sms_campaign_is_accepted_then_delivered(desk: Page, stack: Stack) -> None:
    stack.sandbox.post("/_switches", {"delivery_seconds": 8})
    campaign_pages.write_sms(
        desk, group="Jäsenet", sender=OUR_NUMBER, before="Hei ", after=", tuletko iltaan?"
    )
    campaign_pages.send_now(desk, "Kutsu jäsenille", people=NEW)
    campaign_pages.expect_accepted(desk)
    campaign_pages.expect_receipt(desk, NEW, "Delivered", patience_ms=90_000)
    assert len(texts(stack)) == NEW
    assert texts(stack)[RAILI] == "Hei Raili, tuletko iltaan?"


def an_answer_appears_and_is_answered(desk: Page, windows: BrowserSessions, stack: Stack) -> None:
    inbox_pages.open_inbox(desk)
    with windows.open() as phone:
        sandbox_pages.open_phone(phone, stack.sandbox, RAILI)
        expect(sandbox_pages.bubbles(phone)).to_contain_text(["Hei Raili, tuletko iltaan?"])
        sandbox_pages.reply_from_phone(phone, "Tulen mielelläni")
        answered_at = time.monotonic()
        expect(inbox_pages.thread(desk, "Tulen mielelläni")).to_be_visible()
        print(f"the answer was in the open inbox {time.monotonic() - answered_at:.2f} s later")
        inbox_pages.open_thread(desk, "Tulen mielelläni")
        sandbox_pages.reply_from_phone(phone, "Saako ystävä tulla?")
        expect(desk.get_by_role("region", name="Messages")).to_contain_text("Saako ystävä tulla?")
        inbox_pages.reply(desk, "Tervetuloa molemmat")
        expect(sandbox_pages.bubbles(phone).last).to_contain_text("Tervetuloa molemmat")


def a_template_is_written_and_approved(desk: Page, outside: Page, stack: Stack) -> None:
    body = "Hei {{1}}, paikkasi jäseniltaan on nyt varattu. Nähdään perjantaina!"
    template_pages.write(desk, name=TEMPLATE, body=body, button="Tulen")
    template_pages.expect_preview(desk, "paikkasi jäseniltaan on nyt varattu", "Tulen")
    template_pages.submit(desk, TEMPLATE)
    sandbox_pages.approve_template(outside, stack.sandbox, TEMPLATE)
    template_pages.look_until_listed(desk)


def a_second_campaign_sends_it(desk: Page, stack: Stack) -> None:
    campaign_pages.write_whatsapp(desk, group="Jäsenet", template=TEMPLATE, field="First name")
    campaign_pages.send_now(desk, "Paikat", people=NEW)
    campaign_pages.expect_receipt(desk, NEW, "Delivered", patience_ms=90_000)
    assert texts(stack)[RAILI] == "Hei Raili, paikkasi jäseniltaan on nyt varattu. Nähdään perjantaina!"


def texts(stack: Stack) -> dict[str, str]:
    """By number, the text of the latest message; each was accepted once."""
    sent = [
        each for message in stack.sandbox.state(only="messages")["messages"] for each in message["recipients"]
    ]
    assert {each["accepted"] for each in sent} == {1}
    return {each["address"]: each["text"] for each in sent}


def what_fails_is_seen_and_retried(desk: Page, office: Page, stack: Stack) -> None:
    stack.sandbox.post("/_faults", [{"op": "UpdateGroupContact", "do": "403"}])
    import_pages.open_group(desk, "Jäsenet")
    import_pages.rename_first(desk, "Kirsikka")
    wait_until(lambda: _calls(stack, "UpdateGroupContact") == 1, "the refused call")
    stack.sandbox.post("/_faults", [])
    settings_pages.retry_failed(office, "Contact: update")
    wait_until(
        lambda: "Kirsikka" in [each.get("firstName") for each in invariants.contacts_at(stack, "Jäsenet")],
        "the retry",
    )


def _calls(stack: Stack, operation: str) -> int:
    return stack.sandbox.ledger(operation=operation, limit=1)["summary"]["calls"]
