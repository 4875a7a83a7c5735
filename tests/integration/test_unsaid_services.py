"""Services listed twice, or that vanish, or were never there; and addresses that SmartDialog cannot reach.

Each is switched at the sandbox; what can be sent is sent, and who can mend it is told what is so.
"""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Customer, Role, User
from gateway.hooks import subscribe
from gateway.models import HookEvent, Service, SubscriptionState
from gateway.outbox.draining import drain
from gateway.smartdialog import directory
from messaging.campaigns.models import Campaign, CampaignState
from messaging.overview.attention import attention_items
from tests.factories import make_contact
from tests.integration.conftest import make_mikko
from tests.integration.test_campaigns import send, states
from tests.sandbox_process import Sandbox

pytestmark = pytest.mark.django_db

PEOPLE = 5


@pytest.fixture
def admin(mikko_signed_in: User) -> User:
    User.objects.filter(pk=mikko_signed_in.pk).update(role=Role.ADMIN)
    mikko_signed_in.refresh_from_db()
    return mikko_signed_in


@pytest.fixture
def group(mikko_signed_in: User) -> Service:
    group = Service.objects.groups().get(name="Jäsenet")
    for number in range(PEOPLE):
        make_contact(group, phone=f"+35840123000{number}", first_name="Maija")
    return group


def throw(sandbox: Sandbox, **switches: object) -> None:
    sandbox.post("/_switches", switches).raise_for_status()


def read_again(person: User) -> None:
    directory.enqueue_all_read(person.connection)
    drain(person.connection.pk)


def kahvila() -> Customer:
    return Customer.objects.get(name="Kahvila Aalto")


def page(browser, address: str) -> str:
    return " ".join(browser.client.get(address).content.decode().split())


def test_a_service_of_two_kinds_sends_and_receives(browser, sandbox, admin, group):
    throw(sandbox, services_in_two_kinds=True)
    read_again(admin)

    ours = Service.objects.of_customer(kahvila()).offered()
    kinds = ours.one_way(), ours.two_way()
    one_way, two_way = (set(kind.values_list("remote_id", flat=True)) for kind in kinds)
    assert len(one_way & two_way) > 1
    hook = subscribe(ours.two_way().first(), by=admin)
    campaign = send(browser, group)
    drain(admin.connection.pk)

    hook.refresh_from_db()
    assert hook.state == SubscriptionState.ACTIVE
    assert states(campaign) == ["accepted"] * PEOPLE


@pytest.mark.parametrize("left", ["first", "none"])
def test_what_vanished_is_offered_no_more_and_keeps_what_was_written(browser, sandbox, admin, group, left):
    form = {
        "channel": "sms",
        "group": group.pk,
        "service": Service.objects.of_customer(kahvila()).one_way().get().pk,
        "content": "Hei",
        "when": "now",
    }
    throw(sandbox, services_listed=left)
    read_again(admin)

    gone = Service.objects.of_customer(kahvila()).exclude(gone_at=None)
    assert gone.exists()
    fields = browser.client.get("/campaigns/new/").context["form"].fields
    assert not (fields["service"].queryset | fields["group"].queryset) & gone
    group.refresh_from_db()
    if group.gone_at:
        told = browser.client.post("/campaigns/new/", form | {"action": "send"})
        assert "SmartDialog lists it no more. Choose another." in told.content.decode()
        assert group.contacts.count() == PEOPLE
    if left == "none":
        assert "SmartDialog lists no services of this kind" in page(browser, "/campaigns/new/")

    throw(sandbox, services_listed="all")
    read_again(admin)
    assert not Service.objects.of_customer(kahvila()).exclude(gone_at=None).exists()


def test_a_campaign_whose_service_has_vanished_at_smartdialog_is_told_in_its_words(
    browser, sandbox, admin, group
):
    campaign = send(browser, group)
    throw(sandbox, services_listed="none")

    drain(admin.connection.pk)

    campaign.refresh_from_db()
    assert campaign.state == CampaignState.SENT
    assert states(campaign) == ["failed"] * PEOPLE
    assert "no such service" in campaign.recipients.first().reason
    assert not sandbox.state(only="messages")["messages"]


def test_who_never_had_services_is_told_why_there_is_nothing_to_choose(browser, sandbox):
    throw(sandbox, services_listed="none")
    mikko = make_mikko()
    browser.come_back(browser.consent(browser.start(), person="mikko"))

    drain(mikko.connection.pk)

    assert not Service.objects.exists()
    for address in ("/campaigns/new/", "/contacts/"):
        assert "SmartDialog lists no services of this kind for" in page(browser, address)
        assert "ask Arena" in page(browser, address)


def test_an_address_that_is_never_reached_is_seen_by_the_reports_that_do_not_come(
    browser, sandbox, admin, group, settings
):
    throw(sandbox, callbacks_arrive=False)
    campaign = send(browser, group)
    drain(admin.connection.pk)
    long_ago = timezone.now() - timedelta(days=1)

    Campaign.objects.update(begun_at=long_ago, created_at=long_ago, finished_at=long_ago)

    assert states(campaign) == ["accepted"] * PEOPLE
    assert not HookEvent.objects.exists()
    told = [each for each in attention_items(admin, kahvila()) if "No delivery report" in each.title]
    assert [each.text for each in told] == [
        f"See whether {settings.PUBLIC_URL}/hooks/ can be reached from the internet."
    ]
