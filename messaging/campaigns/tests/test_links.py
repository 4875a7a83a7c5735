"""A short link of each person's own: it leads where the campaign says, and its first click counts once."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from contacts.erasure.registry import DataSubject
from gateway.models import Service
from messaging.campaigns import erasing
from messaging.campaigns.dispatch import sending
from messaging.campaigns.models import Campaign, CampaignState, Link, ResultSettings
from messaging.campaigns.outcome import responses
from messaging.campaigns.short_links import links
from messaging.campaigns.short_links.link_addresses import TOKEN_LENGTH, is_web_address, sample
from messaging.campaigns.tests.conftest import answer, calls_of, make_campaign, make_scheduled
from tests.people import client_of

SHOP = "https://kahvila.example/tarjous?a=1"
PHONE = {"User-Agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Safari/604.1"}


@pytest.fixture
def sent(group, people, connected, mikko) -> Campaign:
    campaign = make_scheduled(group, mikko, content="Hei $(firstName): $(link)", link_url=SHOP)
    sending.send_now(campaign.pk)
    campaign.refresh_from_db()
    return campaign


def own_links(campaign: Campaign) -> list[str]:
    """As SmartDialog gets them."""
    [call] = calls_of(campaign)
    return [each["personalization"]["link"] for each in call.payload["message"]["recipients"]]


def path_of(link: Link) -> str:
    return reverse("links:link", args=[link.token])


def clicks(campaign: Campaign) -> int:
    return campaign.links.clicked().count()


def test_each_person_has_a_link_of_their_own_as_long_as_the_sample(sent):
    first, second = own_links(sent)

    assert first != second
    assert {len(first), len(second)} == {len(sample())}
    tokens = {link.rpartition("/")[2] for link in (first, second)}
    assert tokens == set(sent.links.values_list("token", flat=True))
    assert all(len(token) == TOKEN_LENGTH and token.isalnum() for token in tokens)


def test_who_is_left_out_has_none(sent):
    assert set(sent.links.values_list("recipient__state", flat=True)) == {"planned"}
    assert sent.links.count() == 2


def test_it_leads_where_the_campaign_says_for_whoever_is_signed_out(sent):
    answered = Client().get(path_of(sent.links.first()), headers=PHONE)

    assert (answered.status_code, answered["Location"]) == (302, SHOP)
    assert (answered["Referrer-Policy"], answered["Cache-Control"]) == ("no-referrer", "private, no-store")
    assert not answered.cookies


def test_a_person_counts_once_however_often_they_open_it(sent):
    first, second = sent.links.all()
    for _ in range(3):
        Client().get(path_of(first), headers=PHONE)

    assert clicks(sent) == 1
    when = Link.objects.get(pk=first.pk).clicked_at
    Client().get(path_of(first), headers=PHONE)
    assert Link.objects.get(pk=first.pk).clicked_at == when

    Client().get(path_of(second), headers=PHONE)
    assert clicks(sent) == 2


def test_once_it_is_counted_opening_it_costs_one_look_up_and_no_write(sent):
    link = sent.links.first()
    Client().get(path_of(link), headers=PHONE)

    with CaptureQueriesContext(connection) as asked:
        Client().get(path_of(link), headers=PHONE)

    assert [query["sql"].split()[0] for query in asked.captured_queries] == ["SELECT"]


@pytest.mark.parametrize(
    "headers",
    [
        {"User-Agent": "facebookexternalhit/1.1"},
        {"User-Agent": "WhatsApp/2.23.20.0 A"},
        {"User-Agent": "Mozilla/5.0 (compatible; Googlebot/2.1)"},
        {"User-Agent": "TelegramBot (like TwitterBot)"},
        {"User-Agent": "SkypeUriPreview Preview/0.5"},
        {"User-Agent": ""},
        PHONE | {"Sec-Purpose": "prefetch;prerender"},
        PHONE | {"Purpose": "prefetch"},
    ],
)
def test_what_only_looks_for_a_preview_is_led_on_and_not_counted(sent, headers):
    answered = Client().get(path_of(sent.links.first()), headers=headers)

    assert (answered.status_code, clicks(sent)) == (302, 0)


def test_a_head_is_led_on_and_not_counted_and_a_post_is_refused(sent):
    path = path_of(sent.links.first())

    assert Client().head(path, headers=PHONE).status_code == 302
    assert Client().post(path, headers=PHONE).status_code == 405
    assert clicks(sent) == 0


@pytest.mark.parametrize("query", ["?next=https://evil.example", "?url=//evil.example", "?link_url=x"])
def test_nobody_can_make_it_lead_elsewhere(sent, query):
    answered = Client().get(path_of(sent.links.first()) + query, headers=PHONE)

    assert answered["Location"] == SHOP


@pytest.mark.parametrize("token", ["nobodys", "x" * TOKEN_LENGTH, "x" * 3000, "%00", "'", "ä"])
def test_an_unknown_one_leads_nowhere_and_names_nobody(sent, token):
    answered = Client().get(f"/l/{token}", headers=PHONE)

    assert (answered.status_code, b"Kahvila" in answered.content) == (404, False)


@pytest.mark.parametrize(
    "text",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "//evil.example",
        "ftp://a.example",
        "https://",
        "http://[",
        "",
    ],
)
def test_only_a_web_address_is_led_to(sent, text):
    Campaign.objects.update(link_url=text)

    assert not is_web_address(text)
    assert Client().get(path_of(sent.links.first()), headers=PHONE).status_code == 404


def test_without_an_address_link_is_a_field_of_the_person(group, people, connected, mikko):
    people[0].properties = {"link": "https://own.example"}
    people[0].save()
    campaign = make_scheduled(group, mikko, content="Hei $(link)")
    sending.send_now(campaign.pk)

    assert own_links(campaign) == ["https://own.example"]
    assert not Link.objects.exists()


def test_a_held_campaign_leaves_no_links(group, people, connected, mikko):
    campaign = make_scheduled(group, mikko, content="$(link)", link_url=SHOP)
    Campaign.objects.update(people=1)

    sending.send_now(campaign.pk)

    campaign.refresh_from_db()
    assert (campaign.state, campaign.links.count()) == (CampaignState.HELD, 0)


def test_the_result_says_how_many_clicked_and_who(sent, people, mikko):
    answer(calls_of(sent)[0])
    link = sent.links.get(recipient__phone=people[0].phone)
    Client().get(path_of(link), headers=PHONE)
    page = client_of(mikko).get(reverse("campaigns:campaign", args=[sent.pk]), {"state": "clicked"})

    figures = {each.label: each.number for each in page.context["figures"]}
    assert figures["Clicked"] == 1
    assert [each.phone for each in page.context["page"].rows] == [people[0].phone]
    assert "?state=clicked#people" in page.content.decode()
    assert responses.of(sent).clicked == 1


def test_without_a_link_nothing_is_said_of_clicks(sending_now, mikko):
    page = client_of(mikko).get(reverse("campaigns:campaign", args=[sending_now.pk]))

    assert "Clicked" not in page.content.decode()


def test_of_whom_was_erased_the_click_stays_and_not_whose_it_was(sent, people):
    recipient = sent.recipients.get(phone=people[0].phone)
    link = recipient.link
    Client().get(path_of(link), headers=PHONE)

    erasing._forget(recipient)

    link.refresh_from_db()
    assert (link.recipient, clicks(sent)) == (None, 1)
    assert link.token not in str(sent.recipients.values_list("values", flat=True))
    assert Client().get(path_of(link), headers=PHONE)["Location"] == SHOP


def composed(group, user, *, content: str, url: str = SHOP):
    """The answer to a form that is saved."""
    service = Service.objects.filter(customer=group.customer).one_way().get()
    form = {"uuid": str(uuid4()), "channel": "sms", "group": group.pk, "service": service.pk, "when": "now"}
    form |= {"sender": "Kahvila", "content": content, "link_url": url, "action": "save"}
    return client_of(user).post(reverse("campaigns:new"), form)


def test_links_are_counted_only_where_an_admin_says_so(group, service, people, connected, mikko):
    composed(group, mikko, content="$(link)")
    ResultSettings.objects.create(customer=group.customer, tracks_links=True)
    composed(group, mikko, content="$(link)")

    assert list(Campaign.objects.order_by("pk").values_list("link_url", flat=True)) == ["", SHOP]


@pytest.mark.parametrize(
    ("content", "url"), [("Hei", SHOP), ("$(link)", "javascript:alert(1)"), ("$(link)", "ftp://a.example/")]
)
def test_a_link_that_cannot_be_is_refused_as_it_is_written(
    group, service, people, connected, mikko, content, url
):
    ResultSettings.objects.create(customer=group.customer, tracks_links=True)

    assert composed(group, mikko, content=content, url=url).status_code == 422
    assert not Campaign.objects.exists()


def test_the_page_counts_parts_with_the_link_in_and_shows_a_sample(group, people, connected, mikko):
    draft = make_campaign(group, mikko, content="Hei $(link)", link_url=SHOP)

    assert draft.wording.render(draft.wording.values({})) == f"Hei {sample()}"
    assert links.url_of("x" * TOKEN_LENGTH) == sample()


def test_what_is_held_of_a_person_tells_that_they_opened_it(sent):
    link = sent.links.select_related("recipient").first()
    person = DataSubject(sent.customer, link.recipient.phone)
    assert "Link opened" not in erasing.Recipients().held(person)[0]

    Client(headers=PHONE).get(path_of(link))

    link.refresh_from_db()
    assert erasing.Recipients().held(person)[0]["Link opened"] == link.clicked_at
