"""A campaign from a segment to its result: approval, two texts, the rest, a STOP on the way, a second try.

By SMS, and by WhatsApp.
"""

from collections import Counter
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser import campaign_pages, sandbox_pages, template_pages
from tests.browser.browser_sessions import BrowserSessions
from tests.faults.stack import Stack, running_stack, wait_until

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]

OUR_NUMBER = "+358451234567"  # which people can write to
UNREACHED = "+358402000000"  # the sandbox cannot deliver to it
TURKU, A, B = 12, "Hei, kahvi 1 e", "Moi, pulla 1 e"
TEMPLATES = {"Kahvitarjous": A, "Pullatarjous": B}
PEOPLE = f"""
from accounts.models import User
from contacts.models import Segment
from gateway.hooks import subscriptions
from gateway.models import Service
from messaging.campaigns.models import CampaignRules
from tests.factories import make_contact
group = Service.objects.groups().get(name="Jäsenet")
CampaignRules.objects.create(customer=group.customer, approved_above=5)
number = Service.objects.two_way().get(customer=group.customer)
subscriptions.subscribe(number, by=User.objects.get(name__startswith="Mikko"))
make_contact(group, phone="{UNREACHED}", first_name="Matti 0", city="Turku")
for n in range(1, {TURKU}):
    make_contact(group, phone=f"+3584020010{{n:02}}", first_name=f"Matti {{n}}", city="Turku")
make_contact(group, phone="+358402001099", first_name="Liisa", city="Helsinki")
Segment.objects.create(customer=group.customer, name="Turkulaiset", text="city = Turku")
answer = None
"""
WAITING = """
from messaging.campaigns.models import Campaign
answer = Campaign.objects.get().recipients.filter(state="planned").order_by("-pk").first().phone
"""
HAS_STOPPED = "from contacts.models import Suppression\nanswer = Suppression.objects.exists()"
STATE = "from messaging.campaigns.models import Campaign\nanswer = Campaign.objects.get().state"


@pytest.fixture
def stack(tmp_path) -> Iterator[Stack]:
    """A call for each person, and few calls a minute: there is time to say no, and to pause."""
    with running_stack(tmp_path, SMARTDIALOG_CALLS_PER_MINUTE="24", SMARTDIALOG_BATCH_SIZE="1") as running:
        yield running


@pytest.fixture
def windows(chromium, stack: Stack) -> BrowserSessions:
    return BrowserSessions(chromium, stack)


@pytest.mark.parametrize("channel", ["sms", "whatsapp"])
def test_from_a_segment_to_a_second_try_through_two_texts(
    windows: BrowserSessions, stack: Stack, channel: str
):
    with windows.open("mikko") as desk:
        desk.goto("/campaigns/")
        wait_until(lambda: _knows_services(stack), "the services to be read", pause=1)
        stack.ask(PEOPLE)
        if channel == "whatsapp":
            two_templates_are_approved(desk, windows, stack)
        desk.goto("/campaigns/new/")
        write_two_texts(desk) if channel == "sms" else choose_two_templates(desk)
        they_are_for_a_segment(desk)
        with windows.open("aino") as office:
            a_second_person_approves(office, desk)
        the_first_get_one_each(desk, stack)
        the_rest_gets_the_chosen_one(desk)
        stopped = somebody_says_no_on_the_way(desk, stack)
        it_is_paused_and_goes_on(desk, stack)
        nobody_got_it_twice(stack, stopped)
        the_result_tells_it_all(desk)
        who_did_not_get_it_gets_the_same_text_again(desk, stack)


def two_templates_are_approved(desk: Page, windows: BrowserSessions, stack: Stack) -> None:
    with windows.open() as outside:
        for name, body in TEMPLATES.items():
            template_pages.write(desk, name=name, body=body, button="Tulen")
            template_pages.submit(desk, name)
            sandbox_pages.approve_template(outside, stack.sandbox, name)
            template_pages.look_until_listed(desk)


def write_two_texts(desk: Page) -> None:
    desk.get_by_label("From", exact=True).fill("Kahvila")
    desk.get_by_role("textbox", name="Message").fill(A)
    desk.get_by_role("button", name="Try another text").click()
    desk.get_by_label("Text B").fill(B)


def choose_two_templates(desk: Page) -> None:
    first, second = TEMPLATES
    desk.locator(".pick").filter(has_text="WhatsApp").click()
    template_pages.choose(desk, first)
    desk.get_by_role("button", name="Try another text").click()
    template_pages.choose(desk, second, label="Template B")


def they_are_for_a_segment(desk: Page) -> None:
    desk.get_by_label("First to so many percent").fill("50")
    desk.get_by_label("The rest follows after").select_option("Until I say so")
    desk.locator("summary", has_text="More groups, segments").click()
    desk.get_by_label("Turkulaiset").check()
    desk.get_by_label("Sending service").select_option(campaign_pages.SERVICE)
    desk.get_by_label("Name of the campaign").fill("Kaksi tekstiä")
    desk.get_by_role("button", name="Ask to send 6 of 12 messages now").click()
    expect(desk.get_by_role("heading", level=1, name="Kaksi tekstiä")).to_be_visible()


def a_second_person_approves(office: Page, desk: Page) -> None:
    expect(desk.get_by_text("It waits for a second person")).to_be_visible()
    office.goto(f"{desk.url}approval/")
    office.get_by_role("button", name="Approve it for 12 people").click()
    expect(office.get_by_text("Approved. It goes out as you saw it.")).to_be_visible()


def the_first_get_one_each(desk: Page, stack: Stack) -> None:
    expect(desk.locator("#trial")).to_contain_text("6 people wait until somebody decides.", timeout=90_000)
    assert Counter(held(stack).values()) == {A: 3, B: 3}


def the_rest_gets_the_chosen_one(desk: Page) -> None:
    desk.get_by_role("link", name="Send to the rest now").click()
    dialog = desk.locator("#dialog")
    dialog.get_by_label(f"B: {B}").check()
    dialog.get_by_role("button", name="Send to 6 people").click()
    expect(desk.locator("#trial")).to_contain_text("Sent to the rest")


def somebody_says_no_on_the_way(desk: Page, stack: Stack) -> str:
    """From their phone, while calls are made: it comes through the hook."""
    phone: str = stack.ask(WAITING)
    stop = {"type": "inbound", "from": phone, "to": OUR_NUMBER, "text": "STOP"}
    stack.sandbox.post("/_events", stop).raise_for_status()
    desk.get_by_role("button", name="Pause").click()
    expect(desk.get_by_text("This campaign is paused")).to_be_visible()
    wait_until(lambda: bool(stack.ask(HAS_STOPPED)), "the STOP to be taken in", pause=0.5)
    return phone


def it_is_paused_and_goes_on(desk: Page, stack: Stack) -> None:
    had = len(held(stack))
    assert had < TURKU
    desk.locator("#pause").click()
    desk.get_by_role("button", name="Resume", exact=True).click()
    wait_until(lambda: stack.ask(STATE) == "sent", "the campaign to be over", pause=1)
    desk.reload()
    expect(desk.locator("#trial")).to_contain_text("Sent to the rest")


def nobody_got_it_twice(stack: Stack, stopped: str) -> None:
    assert stopped not in held(stack)
    assert Counter(held(stack).values()) == {A: 3, B: 8}


def the_result_tells_it_all(desk: Page) -> None:
    for number, word in ((TURKU - 2, "Delivered"), (1, "Failed"), (1, "Skipped")):
        campaign_pages.expect_receipt(desk, number, word, patience_ms=90_000)
    reasons = desk.get_by_role("region", name="Why people didn’t get it")
    expect(reasons).to_contain_text("Opted out")
    desk.get_by_role("link", name="Failed 1", exact=True).click()
    people = desk.get_by_role("region", name="People").get_by_role("row")
    expect(people).to_have_count(2)
    expect(people.last).to_contain_text("Matti 0")
    expect(desk.locator("#timeline-title + *")).to_contain_text("approved", ignore_case=True)


def who_did_not_get_it_gets_the_same_text_again(desk: Page, stack: Stack) -> None:
    had = held(stack)
    desk.locator("#resend").click()
    desk.get_by_role("button", name="Resend", exact=True).click()
    wait_until(lambda: count(stack)[UNREACHED] == 2, "it to be sent again", pause=1)
    assert held(stack) == had
    assert {phone for phone, times in count(stack).items() if times > 1} == {UNREACHED}


def messages(stack: Stack) -> list[tuple[str, str]]:
    found = stack.sandbox.state(only="messages")["messages"]
    return [(each["address"], each["text"]) for message in found for each in message["recipients"]]


def held(stack: Stack) -> dict[str, str]:
    return dict(messages(stack))


def count(stack: Stack) -> Counter[str]:
    return Counter(phone for phone, _ in messages(stack))


def _knows_services(stack: Stack) -> bool:
    return stack.ask("from gateway.models import Service\nanswer = Service.objects.count() >= 4")
