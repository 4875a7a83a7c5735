"""Pages that follow work under way look again now and then, and focus stays where a person has put it."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.browser_sessions import BrowserSessions
from tests.faults.stack import Stack

pytestmark = pytest.mark.browser

UNDER_WAY = """
from django.urls import reverse
from contacts.models import BulkAction, Erasure, Import
from gateway import clock
from gateway.models import Connection, Service
from messaging.campaigns.models import Campaign
from tests.factories import make_operation
connection = Connection.objects.get(user__name__startswith="Mikko")
customer = connection.user.customers.get(name="Kahvila Aalto")
group = Service.objects.filter(kind="Group", customer=customer).first()
waits = dict(customer=customer, due_at=clock.after(86_400))
campaign = Campaign.objects.create(
    customer=customer, name="Matkalla", state="sending", begun_at=clock.now(), moved_at=clock.now(),
    connection=connection, group=group, sender="Kahvila", content="Hei",
    service=Service.objects.one_way().filter(customer=customer).first(),
)
make_operation(connection, batch=campaign.batch, **waits)
job = Import.objects.create(
    group=group, created_by=connection.user, original_name="matkalla.csv", stored_name="matkalla",
    encoding="utf-8", delimiter=";", header=["Puhelin"], mapping=["phone"], regions=["FI"],
    state="syncing", checked_at=clock.now(),
)
make_operation(connection, batch=job.batch, **waits)
make_operation(connection, subject="contact:987654", **waits)
erasure = Erasure.objects.create(
    customer=customer, digest="1" * 64, ending="12", phone="+358401239912", subjects=["contact:987654"],
    held={"Contacts": 1},
)
action = BulkAction.objects.create(
    group=group, verb="deactivate", state="pending", whom="Everybody", agreed=1, calls=1, ceiling=1,
    created_by=connection.user, begins_at=clock.after(86_400),
)
answer = {
    "campaign": reverse("campaigns:campaign", args=[campaign.pk]),
    "import": reverse("contacts:import_page", args=[job.pk]),
    "bulk action": reverse("contacts:bulk_action", args=[action.pk]),
    "erasure": reverse("erasure:erasure", args=[erasure.pk]),
}
"""
TELL = """
from gateway.live_updates import live
from messaging.campaigns.models import Campaign
campaign = Campaign.objects.filter(name="Matkalla").latest("pk")
live.announce(campaign.customer, campaign.topic)
answer = None
"""
LOOKS = "(count) => (window.looks ?? 0) >= count"
COUNT = 'document.addEventListener("htmx:afterSettle", () => (window.looks = (window.looks ?? 0) + 1))'


@pytest.fixture(scope="module")
def under_way(sample_pages, stack: Stack) -> dict[str, str]:
    return stack.ask(UNDER_WAY)


@pytest.fixture
def page(windows: BrowserSessions) -> Page:
    with windows.open("mikko") as opened:
        yield opened


@pytest.fixture
def admin(windows: BrowserSessions) -> Page:
    with windows.open("aino") as opened:
        yield opened


def see_it_look_again(page: Page, stack: Stack) -> None:
    page.evaluate(COUNT)
    for count in (1, 2):
        stack.ask(TELL)
        page.wait_for_function(LOOKS, arg=count * 3)  # with the meter, which comes beside it


@pytest.mark.parametrize(
    ("where", "control", "then"),
    [
        ("campaign", "#cancel", "dialog"),
        ("campaign", "#copy", None),
        ("campaign", "#pause", "#pause >> text=Resume"),
        ("import", "#cancel", "dialog"),
        ("bulk action", "#undo", "text=Nothing was changed."),
    ],
)
def test_a_control_of_a_page_that_looks_again_keeps_focus_and_works(
    page: Page, stack: Stack, under_way, where, control, then
):
    page.goto(under_way[where])
    page.locator(control).focus()

    see_it_look_again(page, stack)

    expect(page.locator(control)).to_be_focused()
    if then:
        page.keyboard.press("Enter")
        expect(page.locator(then).first).to_be_visible()


def test_when_a_dialog_closes_focus_is_back_where_it_came_from_though_that_was_replaced(
    page: Page, stack: Stack, under_way
):
    page.goto(under_way["campaign"])
    page.locator("#cancel").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()

    see_it_look_again(page, stack)
    page.keyboard.press("Escape")

    expect(page.locator("#cancel")).to_be_focused()


@pytest.mark.parametrize("control", [".toolbar--states .chip >> nth=1", "thead a >> nth=0"])
def test_what_narrows_or_sorts_the_table_keeps_focus(page: Page, sample_pages, control):
    page.goto(sample_pages["contacts:group"])
    pressed = page.locator(control)
    said = pressed.inner_text().split()[0]

    pressed.focus()
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "?" in url)

    expect(page.locator(control)).to_be_focused()
    expect(page.locator(control)).to_contain_text(said)


def test_focus_is_on_what_opens_a_menu_once_something_of_it_was_chosen(page: Page, sample_pages):
    page.goto(sample_pages["inbox:thread"])
    page.locator("#work-assign").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")

    page.keyboard.press("Enter")

    expect(page.locator("#work-assign")).to_contain_text("Mikko")
    expect(page.locator("#work-assign")).to_be_focused()


def test_what_an_erasure_lists_keeps_focus(admin: Page, stack: Stack, under_way):
    admin.goto(under_way["erasure"])
    admin.locator("#held").focus()
    admin.evaluate(COUNT)

    admin.wait_for_function(LOOKS, arg=2)

    expect(admin.locator("#held")).to_be_focused()
