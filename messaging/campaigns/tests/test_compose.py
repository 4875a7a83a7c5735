"""Writing a campaign: what the page says of it, and that the button does what it says, once."""

import re

import pytest
from django.urls import reverse

from accounts.models import AuditEvent
from messaging.campaigns import lifecycle
from messaging.campaigns.models import Campaign, CampaignState
from messaging.campaigns.tests.conftest import (
    GREETING,
    NEW,
    edit_url,
    make_campaign,
    make_scheduled,
    make_template,
    post,
    press,
)
from tests.factories import make_contact, make_service, suppress
from tests.people import client_of


def test_the_summary_says_who_gets_it_who_does_not_and_what_the_button_does(filled, mikko):
    page = post(mikko, filled)

    text = " ".join(page.content.decode().split())
    assert "Send 2 messages now" in text
    for reason in ["1 · No first name", "1 · Not active in the group", "1 · Opted out"]:
        assert reason in text
    assert not Campaign.objects.exists()


def test_while_one_writes_the_summary_alone_comes_back_with_the_parts_that_depend_on_it(filled, mikko):
    part = post(mikko, filled, htmx=True).content.decode()

    assert "<html" not in part
    assert part.lstrip().startswith('<div class="stack" id="check">')
    assert set(re.findall(r'id="([\w-]+)"[^>]* hx-swap-oob="true"', part)) == {
        "text-foot",
        "insert",
        "fold",
        "merge-fields",
    }


def test_words_that_are_being_typed_are_not_swapped_away(filled, mikko):
    signature = post(mikko, filled).context["summary"].signature

    again = post(mikko, filled, htmx=True, signature=signature)

    assert 'id="merge-fields"' not in again.content.decode()


def test_a_fallback_lets_those_without_a_value_have_it(filled, mikko):
    page = post(mikko, filled, **{"fallback-firstName": "ystävä"})

    assert "Send 3 messages now" in page.content.decode()


def test_the_preview_steps_through_real_people(filled, mikko):
    first, second = post(mikko, filled), post(mikko, filled, go="1")

    assert "Hei Maija, kahvi 1 e" in first.content.decode()
    assert "Hei Антон, kahvi 1 e" in second.content.decode()
    assert "No first name: skipped" in post(mikko, filled, go="2").content.decode()
    assert "Hei Maija" in post(mikko, filled, go="99").content.decode()


def test_foreign_characters_are_named_and_made_plain_on_request(filled, mikko):
    page = post(mikko, filled, content="Kahvi “1” e")

    assert "left double quotation mark" in page.content.decode()
    plain = post(mikko, filled, content="Kahvi “1” e", simplify="1")
    assert "Kahvi &quot;1&quot; e" in plain.content.decode()


def test_a_name_in_other_letters_is_counted_in_unicode_over_the_real_audience(filled, mikko):
    parts = post(mikko, filled, content="$(firstName)" + "a" * 80).context["summary"].parts

    assert (parts.least, parts.most, parts.total, parts.in_unicode) == (1, 2, 3, 1)


def test_without_a_script_a_placeholder_is_put_at_the_end(filled, mikko):
    page = post(mikko, filled, content="Hei ", insert="lastName")

    assert page.context["summary"].campaign.content == "Hei $(lastName)"


def test_what_is_missing_is_asked_for_before_the_button_is_there(filled, mikko):
    page = post(mikko, filled, group="", content="")

    text = page.content.decode()
    assert "Choose a group or a segment, or add numbers." in text
    assert "Write the message." in text
    assert 'value="send"' not in text


def test_sending_what_lacks_something_says_so_at_the_field_and_keeps_what_was_typed(filled, mikko):
    answered = post(mikko, filled, sender="", action="send", expected="2:1:2:now")

    assert answered.status_code == 422
    assert b"Say who it is from." in answered.content
    assert GREETING in answered.content.decode()
    assert not Campaign.objects.exists()


@pytest.mark.parametrize("sender", ["Kahvila Ääkkönen", "0401234567", "Liian pitkä nimi"])
def test_a_sender_that_no_phone_would_show_is_refused(filled, mikko, sender):
    assert post(mikko, filled, sender=sender, action="save").status_code == 422


def test_pressed_the_button_sends_it_as_the_person_saw_it(filled, mikko, connected):
    answered = press(mikko, filled)

    campaign = Campaign.objects.get()
    assert answered.headers["Location"] == reverse("campaigns:campaign", args=[campaign.pk])
    assert (campaign.state, campaign.people, campaign.calls) == (CampaignState.SCHEDULED, 2, 1)
    assert campaign.connection == connected
    trail = AuditEvent.objects.filter(verb__startswith="campaign").order_by("pk")
    assert list(trail.values_list("verb", flat=True)) == [
        "campaign.created",
        "campaign.scheduled",
    ]


def test_pressed_twice_it_is_one_campaign(filled, mikko):
    first, second = press(mikko, filled), press(mikko, filled)

    assert Campaign.objects.count() == 1
    assert first.headers["Location"] == second.headers["Location"]


def test_a_saved_draft_pressed_twice_is_scheduled_once(filled, group, mikko):
    draft = make_campaign(group, mikko)
    form = filled | {"revision": draft.revision}

    first, second = press(mikko, form, to=edit_url(draft)), press(mikko, form, to=edit_url(draft))

    assert first.headers["Location"] == second.headers["Location"]
    assert AuditEvent.objects.filter(verb="campaign.scheduled").count() == 1


@pytest.mark.parametrize("change", ["somebody joins", "somebody opts out"])
def test_when_what_was_seen_has_changed_it_is_shown_again_and_not_sent(filled, group, people, mikko, change):
    seen = post(mikko, filled).context["summary"].expected
    if change == "somebody joins":
        make_contact(group, first_name="Uusi")
    else:
        suppress(group.customer, phone=people[0].phone, reason="STOP")

    answered = post(mikko, filled, action="send", expected=seen)

    assert (answered.status_code, Campaign.objects.count()) == (422, 0)
    assert b"has changed since you looked" in answered.content


def test_a_page_out_of_date_changes_nothing_and_says_so(filled, group, mikko, aino):
    draft = make_campaign(group, mikko)
    seen = draft.revision
    post(aino, filled | {"revision": seen, "content": "Ainon"}, to=edit_url(draft), action="save")

    answered = post(mikko, filled | {"revision": seen, "content": "Mikon"}, to=edit_url(draft), action="save")

    draft.refresh_from_db()
    assert (answered.status_code, draft.content) == (409, "Ainon")
    assert b"Mikon" in answered.content


def test_what_is_written_for_a_campaign_that_has_begun_is_kept_on_the_page(filled, group, mikko):
    begun = make_campaign(group, mikko, state=CampaignState.SENDING)

    answered = post(
        mikko, filled | {"revision": 1, "content": "Uusi teksti"}, to=edit_url(begun), action="save"
    )

    assert (answered.status_code, b"Uusi teksti" in answered.content) == (409, True)


def test_saving_a_scheduled_campaign_takes_it_off_the_schedule(filled, group, mikko, connected):
    scheduled = make_scheduled(group, mikko)

    post(mikko, filled | {"revision": scheduled.revision}, to=edit_url(scheduled), action="save")

    scheduled.refresh_from_db()
    assert (scheduled.state, scheduled.begins_at) == (CampaignState.DRAFT, None)


def test_without_a_connection_it_is_kept_as_a_draft(filled, connected, mikko):
    connected.delete()

    press(mikko, filled)

    assert Campaign.objects.get().state == CampaignState.DRAFT


def test_a_campaign_without_a_name_is_called_by_the_beginning_of_its_text(db):
    long, short = Campaign(content="Hei $(firstName)!\n" + "Juhla " * 20), Campaign(content="Hei\nvaan")
    assert str(long) == f"Hei …! {'Juhla ' * 8}Juhl…", "without the signs of what is filled in"
    assert str(short) == "Hei vaan"


def test_a_draft_may_lack_everything(filled, mikko):
    empty = {"uuid": filled["uuid"], "channel": "sms", "when": "now", "action": "save"}

    post(mikko, empty)
    post(mikko, empty)

    draft = Campaign.objects.get()
    assert (str(draft), draft.state) == ("Untitled campaign", CampaignState.DRAFT)
    assert client_of(mikko).get(edit_url(draft)).status_code == 200


def test_a_group_of_another_customer_cannot_be_sent_to(filled, trattoria, mikko):
    theirs = make_service(trattoria, kind="Group", name="Clienti")

    answered = post(mikko, filled, group=theirs.pk, action="save")

    assert (answered.status_code, Campaign.objects.count()) == (422, 0)


def test_a_template_asks_for_a_field_or_words_for_each_variable(filled, kahvila, mikko):
    template = make_template(kahvila)
    form = filled | {"channel": "whatsapp", "template": template.pk}

    assert b"No one in this audience can receive it" in post(mikko, form).content
    page = post(mikko, form, **{"field-1": "firstName", "words-1": "ystävä", "words-2": "tänään"})

    assert "Hei Maija, tule tänään" in page.content.decode()
    summary = page.context["summary"]
    assert (summary.people, summary.calls) == (3, 3)


@pytest.mark.parametrize("text", ["a" * 990 + "\r\n" * 10, "ä" * 1000, "a\u0308" * 1000])
def test_a_text_is_as_long_as_what_is_sent(filled, mikko, text):
    saved = post(mikko, filled, content=text, action="save")

    assert saved.status_code == 302
    assert len(Campaign.objects.get().content) <= 1000


def test_a_text_that_is_too_long_is_said_and_kept(filled, mikko):
    answered = post(mikko, filled, content="a" * 1001, action="save")

    assert (answered.status_code, Campaign.objects.count()) == (422, 0)
    assert "a" * 1001 in answered.content.decode()


def test_who_would_get_more_than_smartdialog_takes_is_left_out_with_the_reason(filled, group, mikko):
    make_contact(group, phone="+358401239999", first_name="x" * 90)

    page = post(mikko, filled, content="$(firstName) " * 11 + "a" * 8).content.decode()

    assert "1 · The text is too long for them" in " ".join(page.split())


def test_a_template_with_named_variables_is_not_offered(filled, kahvila, mikko):
    make_template(kahvila, body="Hei {{first_name}}, tervetuloa")

    page = client_of(mikko).get(NEW)

    assert [str(each) for each in page.context["form"].fields["template"].queryset] == []


def test_a_link_with_a_variable_is_asked_for_before_anything_is_sent(filled, kahvila, mikko):
    link = {"type": "Url", "label": "Varaa", "data": "https://kahvila.fi/{{1}}"}
    template = make_template(kahvila, body="Tervetuloa", buttons=[link])

    page = post(mikko, filled, channel="whatsapp", template=template.pk, action="send")

    assert page.status_code == 422
    assert "links need 1 line" in page.content.decode()


def test_two_templates_under_one_id_are_warned_of(filled, kahvila, mikko):
    finnish = make_template(kahvila, remote_id="kutsu", language="fi")
    make_template(kahvila, remote_id="kutsu", language="sv", body="Hej, välkommen till oss")

    page = post(mikko, filled, channel="whatsapp", template=finnish.pk).content.decode()

    assert "SmartDialog has another template of this name" in page


def test_nothing_is_taken_out_of_a_text_unasked(filled, mikko):
    text = "Kahvi “1” e 😀 Жук"

    plain = post(mikko, filled, content=text, simplify="1")
    taken = post(mikko, filled, content='Kahvi "1" e 😀 Жук', without_foreign="1")

    assert plain.context["summary"].campaign.content == 'Kahvi "1" e 😀 Жук'
    assert "Take out" in plain.content.decode()
    assert taken.context["summary"].campaign.content == 'Kahvi "1" e'
    assert "<mark>😀</mark>" in plain.content.decode()


def test_it_is_said_whose_text_is_dear_and_what_that_costs(filled, group, mikko):
    for number in range(3):
        make_contact(group, first_name=f"Liisa{number}")
    page = post(mikko, filled, content="$(firstName)" + "a" * 80)

    parts = page.context["summary"].parts
    assert (parts.least, parts.median, parts.most, parts.total, parts.for_values) == (1, 1, 2, 6, 1)
    assert [(dear.filled, dear.parts, dear.people, dear.foreign) for dear in parts.dear] == [
        ("Антон", 2, 1, ("А", "н", "т", "о"))
    ]
    assert "Personal values add 1 part" in " ".join(page.content.decode().split())


@pytest.mark.parametrize(
    ("case", "name"),
    [("longest", "Maximilian"), ("no_value", "Nimetön"), ("foreign", "Антон Ivanov")],
)
def test_the_worst_cases_are_one_press_away(filled, group, mikko, case, name):
    make_contact(group, first_name="Maximilian" * 9)

    page = post(mikko, filled, content="Hei $(firstName)" + "a" * 60, worst=case, index="0")

    assert page.context["summary"].person.name.startswith(name)
    assert page.context["summary"].index > 0


def test_where_nobody_is_a_worst_case_it_is_said(filled, mikko):
    page = post(mikko, filled, content="Hei", worst="no_value")

    assert "Nobody of them is like that." in page.content.decode()
    assert page.context["summary"].index == 0
    assert post(mikko, filled, worst="nonsense").status_code == 200


def test_a_new_form_that_is_gone_back_to_writes_over_nothing_written_since(filled, mikko, aino):
    """By the back button, or from another tab: it knows nothing of what a colleague wrote."""
    post(mikko, filled, action="save")
    draft = Campaign.objects.get()
    post(mikko, filled, action="save")
    assert Campaign.objects.get().revision == draft.revision
    lifecycle.edit(draft, revision=draft.revision, fields={"content": "Ainon"}, by=aino)

    answered = post(mikko, filled, content="Mikon", action="save")

    assert answered.status_code == 409
    assert "Mikon" in answered.content.decode()
    assert Campaign.objects.get().content == "Ainon"


def test_a_new_form_that_is_gone_back_to_says_something_else_while_nobody_has(filled, mikko):
    post(mikko, filled, action="save")

    post(mikko, filled, content="Moi", action="save")

    assert Campaign.objects.get().content == "Moi"
