"""The campaign pages: what is on them, and who may see and change what."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from contacts.models import Contact
from messaging.campaigns import lifecycle
from messaging.campaigns.dispatch import sending
from messaging.campaigns.models import Campaign, CampaignState, Recipient, RecipientState
from messaging.campaigns.tests.conftest import GREETING, HTMX, answer, calls_of, make_campaign, make_scheduled
from tests.factories import make_contact
from tests.people import client_of

JUNK = ["'", "\0", "-1", "9" * 40, "a" * 5000, "%00", "٣", "../.."]
POSTS = ["cancellation", "release", "retries"]


@pytest.fixture
def sent(group, people, connected, mikko) -> Campaign:
    """One of two people has it."""
    campaign = make_scheduled(group, mikko)
    sending.send_now(campaign.pk)
    answer(calls_of(campaign)[0])
    campaign.recipients.filter(phone=people[0].phone).update(state=RecipientState.DELIVERED)
    campaign.refresh_from_db()
    return campaign


def url(name: str, *args: object) -> str:
    return reverse(f"campaigns:{name}", args=args)


def test_a_marketer_opens_every_page(group, people, sent, mikko):
    draft, held = make_campaign(group, mikko), make_campaign(group, mikko, state=CampaignState.HELD)
    scheduled = make_scheduled(group, mikko)
    client = client_of(mikko)

    pages = [url("list"), url("new"), url("edit", draft.pk), url("edit", held.pk), url("campaign", held.pk)]
    pages += [url("campaign", sent.pk), url("campaign", scheduled.pk), url("new") + f"?copy={sent.pk}"]
    pages += [url("release", held.pk), url("cancellation", scheduled.pk)]
    for page in pages:
        assert client.get(page).status_code == 200, page


def test_a_stranger_finds_nothing(group, sent, mikko, otto):
    draft, stranger = make_campaign(group, mikko), client_of(otto)

    for name in ["campaign", "edit", "cancellation", "release"]:
        for campaign in (sent, draft):
            answered = stranger.get(url(name, campaign.pk))
            assert (answered.status_code, b"Meik" in answered.content) == (404, False), name
    for name in ["edit", *POSTS]:
        assert stranger.post(url(name, draft.pk), {"action": "save"}).status_code == 404, name
    assert str(sent).encode() not in stranger.get(url("list")).content
    assert stranger.get(url("new"), {"copy": sent.pk}).context["summary"].campaign.content == ""


def test_a_viewer_looks_and_changes_nothing(group, sent, mikko, vera):
    draft, viewer = make_campaign(group, mikko), client_of(vera)

    for page in [url("list"), url("campaign", sent.pk), url("campaign", draft.pk)]:
        answered = viewer.get(page)
        assert (answered.status_code, b"New campaign" in answered.content) == (200, False), page
    for page in [url("new"), url("edit", draft.pk)]:
        assert viewer.get(page).status_code == 403
        assert viewer.post(page, {"action": "save"}).status_code == 403
    for name in POSTS:
        assert viewer.post(url(name, sent.pk)).status_code == 403, name


def test_each_page_is_a_page_and_a_fragment(group, sent, mikko):
    client = client_of(mikko)

    for page, root in [
        (url("list"), b'<section class="section" id="campaigns"'),
        (url("campaign", sent.pk), b'id="result"'),
    ]:
        whole, part = client.get(page), client.get(page, **HTMX)
        assert b"<html" in whole.content
        assert root in whole.content
        assert b"<html" not in part.content
        assert root in part.content
        assert "HX-Request" in part["Vary"]


@pytest.mark.parametrize("parameter", ["state", "before"])
def test_junk_in_the_url_is_as_if_it_were_not_there(sent, mikko, parameter):
    browser = client_of(mikko)

    for junk in JUNK:
        for page in [url("list"), url("campaign", sent.pk)]:
            answered = browser.get(page, {parameter: junk})
            assert (answered.status_code, len(answered.context["page"].rows)) == (
                200,
                1 if page == url("list") else 5,
            )


@pytest.mark.parametrize("parameter", ["copy", "group", "template"])
def test_junk_on_the_way_to_a_new_campaign_is_as_if_it_were_not_there(group, mikko, parameter):
    browser = client_of(mikko)

    for junk in JUNK:
        assert browser.get(url("new"), {parameter: junk}).status_code == 200


def test_the_list_takes_as_many_queries_for_many_campaigns_as_for_one(group, people, sent, mikko):
    few = queries(mikko, url("list"))
    for _ in range(8):
        make_campaign(group, mikko)
    Recipient.objects.bulk_create(
        Recipient(campaign=campaign, phone="+358401") for campaign in Campaign.objects.exclude(pk=sent.pk)
    )

    assert queries(mikko, url("list")) == few


def test_a_result_takes_as_many_queries_for_many_people_as_for_few(group, people, sent, mikko):
    few = queries(mikko, url("campaign", sent.pk))
    for number in range(30):
        contact = make_contact(group)
        sent.recipients.create(contact=contact, phone=contact.phone, reason=f"{number}", state="failed")

    assert queries(mikko, url("campaign", sent.pk)) == few


def test_composing_takes_as_many_queries_for_a_large_group_as_for_a_small_one(
    group, people, connected, mikko
):
    draft = make_campaign(group, mikko)
    few = queries(mikko, url("edit", draft.pk))
    for _ in range(30):
        make_contact(group, first_name="Uusi")

    assert queries(mikko, url("edit", draft.pk)) == few


def test_the_list_filters_by_state_and_keeps_it_in_the_address(group, sent, mikko):
    make_campaign(group, mikko, name="Luonnos")

    shown = client_of(mikko).get(url("list"), {"state": "draft"})

    assert [str(campaign) for campaign, _, _ in shown.context["rows"]] == ["Luonnos"]
    assert b'href="/campaigns/?state=sent"' in shown.content


def test_the_next_page_of_a_filtered_list_keeps_the_filter(group, mikko):
    for _ in range(51):
        make_campaign(group, mikko)

    first = client_of(mikko).get(url("list"), {"state": "draft"})

    oldest = first.context["page"].next
    assert f"state=draft&amp;before={oldest}" in first.content.decode()
    second = client_of(mikko).get(url("list"), {"state": "draft", "before": oldest})
    assert len(second.context["rows"]) == 1


def test_an_empty_list_offers_the_first_campaign_to_who_may_write_it(kahvila, mikko, vera):
    assert b"Write the first campaign" in client_of(mikko).get(url("list")).content
    assert b"Write the first campaign" not in client_of(vera).get(url("list")).content


def test_a_result_adds_up_and_says_accepted_apart_from_delivered(sent, mikko):
    page = client_of(mikko).get(url("campaign", sent.pk))

    stats = page.context["stats"]
    assert (stats.delivered, stats.accepted, stats.skipped, stats.total) == (1, 1, 3, 5)
    text = " ".join(page.content.decode().split())
    for words in ["</span> Delivered", "</span> Accepted", "</span> Skipped", "Audience: 5"]:
        assert words in text
    assert "Accepted: handed to SmartDialog." in text


def test_without_a_way_for_reports_accepted_is_called_not_confirmed(sent, mikko, settings):
    settings.USES_SANDBOX, settings.PUBLIC_URL = False, "http://127.0.0.1:8000"

    assert b"Accepted, not confirmed" in client_of(mikko).get(url("campaign", sent.pk)).content


def test_names_and_reasons_are_words_of_the_page_and_no_markup(sent, people, mikko):
    Contact.objects.filter(pk=people[0].pk).update(first_name="<script>alert(1)</script>")
    sent.recipients.filter(phone=people[0].phone).update(reason='<b title="x">odd</b>')

    page = client_of(mikko).get(url("campaign", sent.pk)).content.decode()

    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert "&lt;b title=&quot;x&quot;&gt;odd" in page


def test_whose_contact_is_gone_stays_among_the_people(sent, people, mikko):
    sent.recipients.filter(phone=people[0].phone).update(contact=None)

    page = client_of(mikko).get(url("campaign", sent.pk)).content.decode()

    assert "Deleted contact" in page
    assert f'href="{reverse("contacts:contact", args=[people[1].pk])}"' in page


def test_people_can_be_filtered_by_what_became_of_them(sent, people, mikko):
    page = client_of(mikko).get(url("campaign", sent.pk), {"state": "delivered"})

    assert [each.phone for each in page.context["page"].rows] == [people[0].phone]
    assert b"Opted out" in client_of(mikko).get(url("campaign", sent.pk)).content


def test_a_campaign_that_waits_for_a_lost_connection_says_so_with_the_way_out(
    group, people, connected, mikko
):
    campaign = make_scheduled(group, mikko)
    sending.send_now(campaign.pk)
    connected.state = "reconnect"
    connected.save()

    page = client_of(mikko).get(url("campaign", campaign.pk))

    assert b"your SmartDialog sign-in has ended" in page.content
    assert reverse("accounts:connect").encode() in page.content


def test_cancelling_asks_first_and_says_what_cannot_be_called_back(group, people, connected, mikko):
    campaign = make_scheduled(group, mikko)
    sending.send_now(campaign.pk)

    asked = client_of(mikko).get(url("cancellation", campaign.pk), **HTMX)

    assert b"cannot be called back" in asked.content
    campaign.refresh_from_db()
    assert campaign.state == CampaignState.SENDING
    client_of(mikko).post(url("cancellation", campaign.pk))
    campaign.refresh_from_db()
    assert campaign.state == CampaignState.CANCELLED


def test_cancelling_what_is_over_changes_nothing(sent, mikko):
    client_of(mikko).post(url("cancellation", sent.pk))

    sent.refresh_from_db()
    assert sent.state == CampaignState.SENT


def test_a_held_campaign_is_sent_only_for_what_the_person_saw(group, people, connected, mikko):
    held = make_campaign(group, mikko, state=CampaignState.HELD, held_reason="Its time went by.")
    client = client_of(mikko)
    seen = client.get(url("release", held.pk)).context["summary"].expected
    make_contact(group, first_name="Uusi")

    again = client.post(url("release", held.pk), {"expected": seen, "revision": 1})

    held.refresh_from_db()
    assert (again.status_code, held.state) == (200, CampaignState.HELD)
    now = again.context["summary"]
    agreed = {"expected": now.expected, "without": now.left_out_count, "revision": 1}
    client.post(url("release", held.pk), agreed)
    held.refresh_from_db()
    assert (held.state, held.people) == (CampaignState.SCHEDULED, 3)


def test_a_copy_has_the_words_and_not_the_time(group, sent, mikko):
    Campaign.objects.filter(pk=sent.pk).update(fallbacks={"firstName": "ystävä"})

    page = client_of(mikko).get(url("new"), {"copy": sent.pk})

    assert page.context["form"].initial["content"] == GREETING
    assert page.context["form"].initial["when"] == "now"
    assert 'value="ystävä"' in page.content.decode()


def test_what_people_wrote_is_shown_and_never_evaluated(group, people, connected, mikko, settings):
    text = "{{ settings.SECRET_KEY }} {% debug %} {0.__class__} %(x)s <script>alert(1)</script> $(firstName)"
    make_contact(group, first_name="$(lastName) {{ 7|add:7 }}", last_name="<b>")
    draft = make_campaign(group, mikko, content=text)

    page = client_of(mikko).post(
        url("edit", draft.pk),
        {"group": group.pk, "channel": "sms", "when": "now", "content": text, "index": "3"},
    )

    content = page.content.decode()
    assert page.context["summary"].person.text == text.replace("$(firstName)", "$(lastName) {{ 7|add:7 }}")
    assert settings.SECRET_KEY not in content
    assert "<script>alert(1)" not in content
    assert "{{ settings.SECRET_KEY }}" in content


def test_a_form_with_another_customers_token_changes_nothing_of_theirs(group, clienti_campaign, mikko):
    posted = {
        "uuid": clienti_campaign.uuid,
        "channel": "sms",
        "when": "now",
        "content": "Oma",
        "action": "save",
    }

    answered = client_of(mikko).post(url("new"), posted)

    clienti_campaign.refresh_from_db()
    assert (answered.status_code, clienti_campaign.content) == (409, GREETING)


@pytest.fixture
def clienti_campaign(trattoria, aino) -> Campaign:
    return Campaign.objects.create(customer=trattoria, uuid=uuid4(), content=GREETING, created_by=aino)


def queries(person, page: str) -> int:
    client = client_of(person)
    client.get(page)
    with CaptureQueriesContext(connection) as caught:
        assert client.get(page).status_code == 200
    return len(caught)


def test_a_held_campaign_that_a_colleague_has_changed_since_is_not_sent_from_an_old_tab(
    group, people, connected, mikko, aino
):
    """To as many people, in as many parts: only what it says is another."""
    held = make_campaign(group, mikko, state=CampaignState.HELD, held_reason="Its time went by.")
    client = client_of(mikko)
    page = client.get(url("release", held.pk))
    seen, revision = page.context["summary"].expected, page.context["campaign"].revision
    lifecycle.edit(held, revision=1, fields={"content": "Moi $(firstName), kahvi 2 e"}, by=aino)
    Campaign.objects.filter(pk=held.pk).update(state=CampaignState.HELD)

    agreed = {"expected": seen, "without": page.context["summary"].left_out_count, "revision": revision}
    again = client.post(url("release", held.pk), agreed)

    held.refresh_from_db()
    assert (again.status_code, held.state) == (200, CampaignState.HELD)
    client.post(url("release", held.pk), agreed | {"revision": again.context["campaign"].revision})
    held.refresh_from_db()
    assert held.state == CampaignState.SCHEDULED
