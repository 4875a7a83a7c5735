"""A template from its first word to its use, in two languages, against a platform with WhatsApp's rules."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser import campaign_pages, inbox_pages, page_list, template_pages
from tests.browser.browser_sessions import PHONE, BrowserSessions
from tests.faults.stack import Stack

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

LAPTOP = {"width": 1366, "height": 768}
OUR_WHATSAPP = "+358457000001"
MAIJA, VEIKKO = "+358402220005", "+358402220007"
STRICT = {"meta_rules": True, "list_all_templates": True}
PEOPLE = f"""
from accounts.models import Customer
from contacts.models import Contact
from gateway.models import ServiceKind
from tests.factories import make_contact, make_service
customer = Customer.objects.get(remote_id={page_list.KAHVILA!r})
group = make_service(customer, kind=ServiceKind.GROUP, name="Maistajat")
for phone, name in [({MAIJA!r}, "Maija"), ({VEIKKO!r}, "Veikko")]:
    make_contact(group, phone=phone, first_name=name)
answer = group.pk
"""
FINNISH = "{{etunimi}}, leivomme uutta leipää,\t ja sinulle on varattu maistiainen {{ aika }}"
SWEDISH = "Hej {{etunimi}}, vi bakar nytt bröd och du är välkommen att smaka      hos oss {{aika}}"


@pytest.fixture
def people(windows: BrowserSessions, stack: Stack) -> Iterator[None]:
    with windows.open("mikko"):
        stack.ask(PEOPLE)
    stack.sandbox.post("/_switches", STRICT)
    yield
    stack.sandbox.post("/_switches", dict.fromkeys(STRICT, False))


def test_a_template_is_written_mended_submitted_judged_and_used(windows, stack, people):
    with windows.open("mikko", viewport=LAPTOP) as desk:
        writes_and_mends_all_by_presses(desk)
        sees_it_as_somebody_gets_it(desk)
        translates_it(desk)
        for name in ("Maistiaiset sv", "Maistiaiset"):
            submits_and_sees_it_listed(desk, name)
        rejects_the_swedish_one_by_hand(desk)
        a_campaign_before_the_approval_shows_that_there_is_none(desk)
        stack.sandbox.post("/_events", {"type": "review", "template": "Maistiaiset", "verdict": "approved"})
        a_campaign_after_it_shows_that_there_is(desk)
        an_answer_gets_a_template_from_the_inbox(desk, stack)


def writes_and_mends_all_by_presses(desk: Page) -> None:
    desk.goto("/templates/new/")
    desk.get_by_label("Name", exact=True).fill("Maistiaiset")
    desk.get_by_label("Category").select_option("Marketing")
    desk.get_by_label("Language").select_option("Finnish")
    message = desk.get_by_role("textbox", name="Message")
    message.fill(FINNISH)
    expect(desk.get_by_text("Begin with words")).to_be_in_viewport()
    presses = [
        "Begin with a greeting",
        "Replace the tabs",
        "Write them as {{1}}",
        "End with thanks",
        "Add a way to stop",
    ]
    for words in presses:
        desk.get_by_role("button", name=words, exact=True).click()
        expect(desk.get_by_role("button", name=words, exact=True)).to_have_count(0)
    expect(desk.locator("#findings-title")).to_contain_text("Ready to submit")
    expect(message).to_have_value(
        "Hei {{etunimi}}, leivomme uutta leipää,  ja sinulle on varattu maistiainen {{aika}}. Kiitos!\n\n"
        "Lopeta viestit: vastaa STOP"
    )


def sees_it_as_somebody_gets_it(desk: Page) -> None:
    desk.get_by_label("aika", exact=True).fill("perjantaina")
    template_pages.expect_preview(desk, "varattu maistiainen perjantaina", "Hei etunimi")
    desk.get_by_text("Show it to one of your people").click()
    desk.get_by_label("One of").select_option("Maistajat")
    desk.get_by_label("Look for").fill("Maija")
    desk.get_by_label("Maija").check()
    template_pages.expect_preview(desk, "Hei Maija", "maistiainen perjantaina")
    expect(desk.get_by_label("aika", exact=True)).to_have_value("perjantaina")


def translates_it(desk: Page) -> None:
    desk.get_by_role("link", name="Languages").click()
    desk.get_by_label("Another language").select_option("Swedish")
    desk.get_by_role("button", name="Begin a translation").click()
    expect(desk.get_by_role("heading", level=1, name="Maistiaiset sv")).to_be_visible()
    desk.get_by_role("textbox", name="Message").fill(SWEDISH)
    for words in ["Collapse the spaces", "End with thanks", "Add a way to stop"]:
        desk.get_by_role("button", name=words, exact=True).click()
        expect(desk.get_by_role("button", name=words, exact=True)).to_have_count(0)
    expect(desk.locator("#findings-title")).to_contain_text("Ready to submit")
    desk.get_by_role("link", name="Side by side").click()
    expect(desk.locator(".beside > li")).to_contain_text(["Hei etunimi", "Hej etunimi"])
    expect(desk.locator(".missing")).to_have_count(0)


def submits_and_sees_it_listed(desk: Page, name: str) -> None:
    desk.goto("/templates/?state=draft")
    desk.get_by_role("link", name=name, exact=True).click()
    template_pages.submit(desk, name)
    template_pages.look_until_listed(desk)


def rejects_the_swedish_one_by_hand(desk: Page) -> None:
    desk.get_by_role("navigation", name="Languages").get_by_role("link", name="Swedish").click()
    desk.get_by_role("link", name="I know its approval").click()
    desk.get_by_label("WhatsApp rejected it").check()
    desk.get_by_label("How do you know").fill("Arena wrote so")
    desk.get_by_role("button", name="Save").click()
    expect(desk.locator("#template")).to_contain_text("said that WhatsApp rejected it")
    expect(desk.locator("#template")).to_contain_text("Arena wrote so")


def a_campaign_before_the_approval_shows_that_there_is_none(desk: Page) -> None:
    _sends(desk, "Liian aikaisin")
    expect(desk.locator("body")).to_contain_text("WhatsApp has no approved template of this name")
    _opens(desk)
    expect(desk.locator("#template")).to_contain_text("WhatsApp refused a message with it")
    expect(desk.get_by_role("link", name="Liian aikaisin Failed")).to_be_visible()
    desk.get_by_role("link", name="Correct its approval").click()
    desk.get_by_label("I do not know").check()
    desk.get_by_role("button", name="Save").click()
    expect(desk.locator("#template")).to_contain_text("Whether WhatsApp approved it")


def a_campaign_after_it_shows_that_there_is(desk: Page) -> None:
    _sends(desk, "Nyt")
    campaign_pages.expect_receipt(desk, 2, "Delivered")
    _opens(desk)
    expect(desk.locator("#template")).to_contain_text("so WhatsApp had approved it then")
    expect(desk.locator("#template")).to_contain_text("4 sent, 2 delivered, 2 failed")


def an_answer_gets_a_template_from_the_inbox(desk: Page, stack: Stack) -> None:
    inbox_pages.open_inbox(desk)
    words = "Tulen perjantaina varmasti"
    stack.sandbox.post("/_events", {"type": "inbound", "from": MAIJA, "to": OUR_WHATSAPP, "text": words})
    inbox_pages.open_thread(desk, words)
    desk.get_by_role("link", name="Template", exact=True).click()
    template_pages.choose(desk, "Maistiaiset (")
    desk.get_by_role("button", name="Choose").click()
    desk.get_by_label("Etunimi").fill("Maija")
    desk.get_by_label("Aika").fill("lauantaina")
    template_pages.expect_preview(desk, "Hei Maija", "maistiainen lauantaina")
    desk.get_by_role("button", name="Send template").click()
    expect(desk.get_by_role("region", name="Messages")).to_contain_text("maistiainen lauantaina")


def _sends(desk: Page, name: str) -> None:
    """The variables are called as their writer called them; what is meant is chosen already."""
    desk.goto("/campaigns/new/")
    desk.locator(".pick").filter(has_text="WhatsApp").click()
    template_pages.choose(desk, "Maistiaiset (")
    expect(desk.get_by_role("combobox", name="Etunimi")).to_have_value("firstName")
    desk.get_by_label("Fallback for Aika").fill("perjantaina")
    campaign_pages.choose_audience(desk, "Maistajat")
    campaign_pages.send_now(desk, name, people=2)


def _opens(desk: Page) -> None:
    desk.goto("/templates/")
    desk.get_by_role("link", name="Maistiaiset", exact=True).click()


def test_on_a_phone_one_writes_sees_what_is_wrong_and_mends_it(windows: BrowserSessions):
    with windows.open("mikko", viewport=PHONE) as phone:
        template_pages.write(phone, name="Puhelimella", body="Hei {{nimi}}, nähdään {{aika}}", button="Tulen")
        phone.get_by_role("textbox", name="Message").focus()
        expect(phone.locator("#lint-bar-words")).to_contain_text("1 thing left")
        expect(phone.locator("#lint-bar-words")).to_be_in_viewport()
        phone.get_by_role("link", name="Show", exact=True).click()
        phone.get_by_role("button", name="End with thanks").click()
        expect(phone.locator("#lint-bar-words")).not_to_contain_text("left before you can submit")
        phone.get_by_role("link", name="Preview", exact=True).click()
        expect(phone.locator("#preview")).to_be_in_viewport()
