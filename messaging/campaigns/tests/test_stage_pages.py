"""Composing a campaign in stages and with several texts, and deciding on its rest, as pages."""

import re
from collections import Counter

import pytest
from django.urls import reverse

from gateway.models import Operation
from messaging.campaigns.models import FIRST, Campaign, ResultSettings
from messaging.campaigns.tests.conftest import (
    GREETING,
    HTMX,
    NEW,
    edit_url,
    make_campaign,
    make_template,
    post,
    press,
    schedule,
    text,
)
from messaging.campaigns.tests.stages import advance, called, now_of, texts_of
from messaging.whatsapp.models import Template
from tests.factories import make_contact
from tests.people import client_of

STAGES = {"texts": "1", "first_share": "50", "wait_minutes": "60"}
TWO = {**STAGES, "texts": "2", "content2": "Moi!", "winner_by": "answers"}


def words(page) -> str:
    return " ".join(page.content.decode().split())


def rest_url(campaign, name="rest") -> str:
    return reverse(f"campaigns:{name}", args=[campaign.pk])


def test_the_check_says_who_is_first_and_when_the_rest_follows(filled, mikko):
    page = post(mikko, filled, **STAGES)

    assert "Send 1 of 2 messages now" in words(page)
    assert page.context["summary"].rest_follows in words(page)
    assert "The rest done" in words(page)


def test_a_campaign_in_stages_is_sent_as_it_was_written(filled, mikko):
    press(mikko, filled, **STAGES)

    campaign = Campaign.objects.get()
    assert (campaign.first_share, campaign.wait_minutes, campaign.people) == (50, 60, 2)
    advance(campaign)
    assert campaign.recipients.filter(stage=FIRST, state="accepted").count() == 1


@pytest.mark.parametrize("state", ["awaiting", "scheduled"])
def test_before_it_begins_its_page_shows_each_of_its_texts(tried, mikko, state):
    Campaign.objects.update(state=state)

    page = words(client_of(mikko).get(reverse("campaigns:campaign", args=[tried.pk])))

    assert re.search(r">A</p>.*Hei \$\(firstName\)!.*>B</p>.*Moi!", page)


def test_another_text_is_added_and_taken_out_without_a_script(filled, mikko):
    page = post(mikko, filled, add_text="1")
    assert 'name="content2"' in words(page)
    assert 'name="first_share" value="20"' in words(page)

    third = post(mikko, filled, **TWO | {"add_text": "1", "fallback2-firstName": "ystävä"})
    assert third.context["form"]["content2"].value() == "Moi!"
    assert 'name="content3"' in words(third)

    more = {"texts": "3", "content2": "Toinen", "content3": "Kolmas $(city)", "fallback3-city": "Turku"}
    left = post(mikko, filled, **more, drop_text="2")
    assert left.context["form"]["content2"].value() == "Kolmas $(city)"
    assert left.context["form"].data["fallback2-city"] == "Turku"
    assert 'name="content3"' not in words(left)


@pytest.mark.parametrize("odd", ["0", "9", "-1", "x", "", "10000000000", "²"])
def test_an_odd_number_of_texts_is_some_number_of_them(filled, mikko, odd):
    assert post(mikko, filled, texts=odd).status_code == 200
    assert post(mikko, filled, texts=odd, add_text="1").status_code == 200
    assert post(mikko, filled, texts="3", drop_text=odd).status_code == 200


def test_the_check_covers_each_text(filled, mikko):
    page = post(mikko, filled, **TWO | {"content2": "Ääkkösiä – $(city)"})

    said = words(page)
    assert "cannot get it: No first name" in said
    assert "cannot get it: No city" in said
    assert "Dearer for" in said
    assert 'name="fallback2-city"' in said


def test_whoever_can_get_one_of_the_texts_is_counted(filled, mikko):
    page = post(mikko, filled, **TWO)

    assert page.context["summary"].people == 3
    assert page.context["summary"].first == 2  # of the two who can get each


def test_what_is_missing_of_further_texts_is_asked_for(filled, mikko):
    page = press(mikko, filled, **TWO | {"content2": "", "first_share": "", "winner_by": "clicks"})

    said = words(page)
    for asked in ["Write text B.", "Say how many of the people get the texts first.", "Clicks are counted"]:
        assert asked in said
    assert not Campaign.objects.filter(state="scheduled").exists()


def test_a_placeholder_that_people_would_read_is_found_in_each_text(filled, mikko):
    page = press(mikko, filled, **TWO | {"content2": "Moi $firstName$(first"})

    assert Campaign.objects.count() == 0 or page.status_code == 422


def test_too_long_a_further_text_is_refused_and_kept(filled, mikko):
    page = post(mikko, filled, action="send", **TWO | {"content2": "x" * 1001})

    assert page.status_code == 422
    assert page.context["form"]["content2"].value() == "x" * 1001


def test_a_draft_keeps_every_text_and_so_does_its_copy(filled, mikko, group, service):
    post(mikko, filled, action="save", **TWO | {"content2": "Moi $(city)", "fallback2-city": "Turku"})

    campaign = Campaign.objects.get()
    kept = [{"content": "Moi $(city)", "fallbacks": {"city": "Turku"}, "template": None, "parameters": []}]
    assert campaign.more_texts == kept
    again = words(client_of(mikko).get(edit_url(campaign)))
    assert "Moi $(city)" in again
    assert 'name="fallback2-city" value="Turku"' in again
    copied = words(client_of(mikko).get(f"{NEW}?copy={campaign.pk}"))
    assert "Moi $(city)" in copied
    assert 'value="50"' in copied


def test_what_is_written_saves_itself_with_every_text(filled, mikko):
    client_of(mikko).post(reverse("campaigns:autosave"), filled | TWO)

    assert Campaign.objects.get().more_texts[0]["content"] == "Moi!"


def test_templates_are_tried_from_the_page(filled, mikko, kahvila):
    one, two = make_template(kahvila, body="Hei {{1}}"), make_template(kahvila, body="Moi {{1}}")
    more = {"channel": "whatsapp", "template": one.pk, "template2": two.pk, "words-1": "sinä"}
    press(mikko, filled, **TWO | more | {"field2-1": "firstName", "words2-1": ""})

    campaign = Campaign.objects.get()
    assert campaign.more_texts[0]["template"] == two.pk
    assert campaign.more_texts[0]["parameters"] == [{"field": "firstName", "fallback": ""}]
    advance(campaign)
    assert Counter(texts_of(campaign).values()) == {one.remote_id: 1, two.remote_id: 1}


def test_another_customers_template_is_no_text(filled, mikko, trattoria):
    page = press(mikko, filled, **TWO | {"channel": "whatsapp", "template2": make_template(trattoria).pk})

    assert page.status_code == 422


def test_a_further_template_needs_the_same_header_and_links_as_the_first(filled, kahvila, connected, mikko):
    plain, with_file = make_template(kahvila, body="Hei"), make_template(kahvila, body="Moi")
    Template.objects.filter(pk=with_file.pk).update(header_kind="image")
    more = {"channel": "whatsapp", "template": plain.pk, "template2": with_file.pk}
    alike = more | {"template2": plain.pk}

    refused = post(mikko, filled, action="send", **TWO | more)
    fits = post(mikko, filled, **TWO | alike)

    assert "Template B needs another header or other links than the first" in words(refused)
    assert "needs another header" not in words(fits)
    assert not Campaign.objects.filter(state="scheduled").exists()


def test_a_test_says_the_chosen_text(filled, mikko, connected):
    post(mikko, filled, action="test", test_phone="+358401234567", test_text="1", **TWO)

    assert Operation.objects.get().payload["message"]["content"] == "Moi!"


def test_the_page_shows_each_text_and_sends_the_chosen_one_to_the_rest(tried, twenty, mikko, vera):
    advance(tried)
    page = client_of(mikko).get(reverse("campaigns:campaign", args=[tried.pk]))
    assert "10 people wait" in words(page)
    assert "Nobody has answered yet." in words(page)
    assert "Send to the rest now" not in words(
        client_of(vera).get(reverse("campaigns:campaign", args=[tried.pk]))
    )

    asked = client_of(mikko).get(rest_url(tried), **HTMX)
    assert "Send to 10 people" in words(asked)
    refused = client_of(mikko).post(rest_url(tried), {"winner": ""})
    assert refused.status_code == 422
    client_of(mikko).post(rest_url(tried), {"winner": "1"})

    advance(tried)
    assert called(tried) == Counter(twenty)
    assert now_of(tried).winner == 1
    assert "Sent to the rest" in words(client_of(mikko).get(reverse("campaigns:campaign", args=[tried.pk])))


def test_pressed_twice_the_rest_is_sent_once_and_the_second_is_told(staged, ten, mikko):
    advance(staged)
    client = client_of(mikko)
    client.post(rest_url(staged))
    told = client.post(rest_url(staged), follow=True)

    assert "It was decided already" in words(told)
    advance(staged)
    assert called(staged) == Counter(ten)


def test_stopped_on_the_page_the_rest_is_left_out(staged, mikko):
    advance(staged)
    client = client_of(mikko)
    assert "7 people have not got it yet" in words(client.get(rest_url(staged, "rest_omission")))

    client.post(rest_url(staged, "rest_omission"))
    advance(staged)

    page = words(client.get(reverse("campaigns:campaign", args=[staged.pk])))
    assert "It was stopped here: 7 people skipped." in page
    assert "Stopped before the rest." in page


@pytest.mark.parametrize("name", ["rest", "rest_omission"])
def test_a_stranger_finds_no_rest_and_a_viewer_may_not_decide(staged, otto, vera, name):
    advance(staged)

    assert client_of(otto).post(rest_url(staged, name)).status_code == 404
    assert client_of(vera).post(rest_url(staged, name)).status_code == 403
    assert now_of(staged).is_waiting_for_rest


def test_the_result_asks_for_as_much_with_many_people_as_with_few(
    group, service, connected, mikko, django_assert_max_num_queries
):
    campaign = make_campaign(
        group, mikko, content=GREETING, more_texts=[text("Moi!")], first_share=50, wait_minutes=60
    )
    for n in range(30):
        make_contact(group, first_name=f"Matti{n}")
    advance(schedule(campaign, mikko))
    with django_assert_max_num_queries(45):
        client_of(mikko).get(reverse("campaigns:campaign", args=[campaign.pk]))


def test_from_the_dialog_one_comes_to_the_page_of_the_campaign(staged, mikko):
    """Not its result into the dialog."""
    advance(staged)
    client, page = client_of(mikko), reverse("campaigns:campaign", args=[staged.pk])
    client.post(reverse("campaigns:pausing", args=[staged.pk]))

    resumed = client.post(reverse("campaigns:resumption", args=[staged.pk]), {"when": "now"}, **HTMX)
    sent = client.post(rest_url(staged), **HTMX)

    assert [each.headers.get("HX-Redirect") for each in (resumed, sent)] == [page, page]
    assert now_of(staged).rest_begun_at


def test_a_paused_campaign_asks_in_the_dialog_when_it_goes_on(staged, mikko):
    advance(staged)
    client, url = client_of(mikko), reverse("campaigns:resumption", args=[staged.pk])
    client.post(reverse("campaigns:pausing", args=[staged.pk]))

    for headers in ({}, HTMX):
        asked = client.get(url, **headers)
        assert asked.status_code == 200
        assert "Resume</button>" in words(asked)


def test_a_saved_campaign_with_several_templates_is_opened_again(filled, mikko, kahvila):
    one, two = make_template(kahvila), make_template(kahvila, display_name="Toinen")
    more = {"channel": "whatsapp", "template": one.pk, "template2": two.pk}
    post(mikko, filled, **TWO | more, action="save")

    page = client_of(mikko).get(edit_url(Campaign.objects.get()))

    assert page.status_code == 200
    assert f'<option value="{two.pk}" selected' in words(page)


@pytest.mark.parametrize("share", ["50", ""])
def test_another_share_than_was_on_the_button_is_shown_first(filled, mikko, group, share):
    for number in range(8):
        make_contact(group, phone=f"+35840100000{number}", first_name="Aki")
    seen = post(mikko, filled, **STAGES | {"first_share": "20"}).context["summary"]

    agreed = {"expected": seen.expected, "without": seen.left_out_count}
    answered = post(mikko, filled, **STAGES | {"first_share": share}, **agreed, action="send")

    assert (answered.status_code, Campaign.objects.count()) == (422, 0)


def test_what_no_database_keeps_is_taken_out_of_the_words_for_who_has_no_value(filled, mikko, kahvila):
    template = make_template(kahvila)
    odd = {"fallback-firstName": "a\0b", "template": template.pk, "field-1": "x\0y", "words-1": "\0ystävä"}

    assert post(mikko, filled, **odd, action="save").status_code == 302

    campaign = Campaign.objects.get()
    assert campaign.fallbacks == {"firstName": "ab"}
    assert campaign.parameters[0] == {"field": "xy", "fallback": "ystävä"}
    assert (
        post(mikko, filled, to="/campaigns/autosave/", content="Hei\0", content2="\0", texts="2").status_code
        == 200
    )


def test_the_words_of_either_channel_outlive_a_look_at_the_other(filled, mikko, kahvila):
    template = make_template(kahvila)
    sms = TWO | {"content2": "Moi $(city)", "fallback-firstName": "ystävä", "fallback2-city": "Turku"}
    chosen = {"template": template.pk, "template2": template.pk, "channel": "whatsapp"}
    there = inputs(post(mikko, filled, **sms, **chosen))
    assert (there["fallback-firstName"], there["fallback2-city"]) == ("ystävä", "Turku")

    chosen = {"field-1": "firstName", "words-1": "sinä", "field-2": "", "words-2": "tänään"}
    back = inputs(post(mikko, filled, template=template.pk, **chosen))
    assert chosen.items() <= back.items()


def inputs(page) -> dict[str, str]:
    """Those of the page that carry words along."""
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', words(page))
    return dict(found)


def test_a_link_of_an_sms_is_no_matter_of_a_template(filled, mikko, kahvila):
    ResultSettings.objects.create(customer=kahvila, tracks_links=True)
    template = make_template(kahvila)
    link = {"link_url": "https://kahvila.example/", "content": "Hei"}

    page = post(mikko, filled, **link, channel="whatsapp", template=template.pk)

    assert "link_url" not in page.context["form"].errors
    assert "Link of their own" not in words(page)
