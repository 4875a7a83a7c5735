"""A draft saves itself: nothing typed is lost, and nobody's words are written over."""

from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse

from accounts.models import AuditEvent
from messaging.campaigns import lifecycle
from messaging.campaigns.lifecycle import CampaignChanged
from messaging.campaigns.models import Campaign, CampaignState
from messaging.campaigns.outcome import history
from messaging.campaigns.tests.conftest import HTMX, edit_url, make_campaign, make_scheduled, post, press
from tests.people import client_of

AUTOSAVE = "/campaigns/autosave/"


@pytest.fixture
def draft(group, mikko) -> Campaign:
    return make_campaign(group, mikko)


@pytest.fixture
def page(filled, draft) -> dict[str, Any]:
    """The open page of the draft."""
    return filled | {"uuid": str(draft.uuid), "revision": draft.revision, "sitting": str(uuid4())}


def autosave(person, form: dict[str, Any], **more: Any):
    return client_of(person).post(AUTOSAVE, form | more, **HTMX)


def revision_after(answered) -> str:
    return answered.content.decode().partition('name="revision" value="')[2].partition('"')[0]


def test_the_first_words_make_a_draft_and_the_page_becomes_its_own(filled, mikko):
    answered = autosave(mikko, filled, content="Hei")

    made = Campaign.objects.get()
    assert (made.content, made.state, made.created_by) == ("Hei", CampaignState.DRAFT, mikko)
    assert answered.headers["HX-Replace-Url"] == edit_url(made)
    assert "Saved" in answered.content.decode()
    assert revision_after(answered) == "1"


def test_choosing_alone_makes_no_draft(filled, mikko):
    autosave(mikko, filled, content="", name="")

    assert not Campaign.objects.exists()


def test_what_is_written_on_is_saved_into_the_same_draft_and_can_be_sent_from_the_page(filled, mikko):
    first = autosave(mikko, filled, content="Hei")
    form = filled | {"revision": revision_after(first), "sitting": str(uuid4())}
    second = autosave(mikko, form, content="Hei $(firstName)")

    press(mikko, form | {"revision": revision_after(second), "content": "Hei $(firstName)!"})

    campaign = Campaign.objects.get()
    assert (campaign.content, campaign.state) == ("Hei $(firstName)!", CampaignState.SCHEDULED)


def test_nothing_changed_is_no_change(page, draft, mikko):
    autosave(mikko, page, content=draft.content)
    draft.refresh_from_db()
    saved = draft.revision

    answered = autosave(mikko, page | {"revision": saved}, content=draft.content)

    draft.refresh_from_db()
    assert (draft.revision, revision_after(answered)) == (saved, str(saved))


def test_what_a_colleague_wrote_meanwhile_is_not_written_over(page, draft, mikko, aino):
    post(aino, page | {"content": "Ainon", "sitting": str(uuid4())}, to=edit_url(draft), action="save")

    answered = autosave(mikko, page, content="Mikon")

    draft.refresh_from_db()
    assert draft.content == "Ainon"
    assert "changed elsewhere" in answered.content.decode()
    assert "HX-Replace-Url" not in answered.headers


def test_a_second_tab_is_no_other_than_a_colleague(page, draft, mikko):
    autosave(mikko, page, content="First tab")

    answered = autosave(mikko, page | {"sitting": str(uuid4())}, content="Second tab")

    draft.refresh_from_db()
    assert draft.content == "First tab"
    assert "changed elsewhere" in answered.content.decode()


def test_a_button_pressed_while_the_page_saves_itself_is_heard(page, draft, mikko):
    autosave(
        mikko, page, content="Almost"
    )  # its answer has not come yet: the page still has the old revision

    answered = post(mikko, page, to=edit_url(draft), action="save", content="Done")

    draft.refresh_from_db()
    assert (answered.status_code, draft.content) == (302, "Done")


def test_a_page_that_saves_itself_late_does_not_undo_the_button(page, draft, mikko):
    autosave(mikko, page, content="Almost")
    post(mikko, page, to=edit_url(draft), action="save", content="Done")

    autosave(mikko, page, content="Almost")

    draft.refresh_from_db()
    assert draft.content == "Done"


def test_what_is_scheduled_stays_so(filled, group, people, connected, mikko):
    campaign = make_scheduled(group, mikko)

    answered = autosave(mikko, filled, uuid=str(campaign.uuid), revision=campaign.revision, content="Other")

    campaign.refresh_from_db()
    assert (campaign.state, campaign.content != "Other") == (CampaignState.SCHEDULED, True)
    assert "is no draft" in answered.content.decode()


def test_scheduled_at_the_same_moment_it_is_not_taken_off(group, people, connected, mikko):
    """Read as a draft, and scheduled before it is written."""
    campaign = make_scheduled(group, mikko)
    read = Campaign.objects.get()
    read.state = CampaignState.DRAFT

    with pytest.raises(CampaignChanged):
        lifecycle.save_by_itself(
            read, revision=read.revision, fields={"content": "Other"}, by=mikko, sitting=uuid4()
        )

    campaign.refresh_from_db()
    assert campaign.state == CampaignState.SCHEDULED


@pytest.mark.parametrize("wrong", [{"sender": "Ääkköset"}, {"content": "a" * 1001}, {"date": "2001-01-01"}])
def test_what_is_wrong_is_kept_back_and_the_rest_is_saved(page, draft, mikko, wrong):
    time = {"when": "later", "time": "12:00", "date": "2100-01-01"}

    answered = autosave(mikko, page, **(time | {"content": "New"} | wrong))

    draft.refresh_from_db()
    assert draft.content == wrong.get("content", "New")
    assert draft.sender == "Kahvila"
    assert "but for what has to be mended" in answered.content.decode()


def test_the_trail_has_each_change_and_the_page_one_of_a_row(page, draft, mikko, aino):
    autosave(mikko, page, content="One")
    autosave(mikko, page, content="Two")
    draft.refresh_from_db()
    post(aino, page | {"revision": draft.revision}, to=edit_url(draft), action="save", content="Three")

    assert AuditEvent.objects.filter(verb="campaign.edited").count() == 3
    assert [step.who for step in history.steps(draft) if step.text == "Changed"] == ["Mikko", "Aino"]


def test_a_viewer_saves_nothing_and_a_stranger_nothing_of_it(page, draft, vera, otto):
    before = Campaign.objects.get().content

    assert autosave(vera, page, content="Vera").status_code == 403
    answered = autosave(otto, page, content="Otto")

    assert [each.content for each in Campaign.objects.filter(pk=draft.pk)] == [before]
    assert before not in answered.content.decode()
    assert reverse("campaigns:edit", args=[draft.pk]) not in answered.content.decode()
