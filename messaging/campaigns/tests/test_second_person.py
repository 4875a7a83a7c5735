"""Above a number that an admin sets, a campaign waits until somebody else approves it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import AuditEvent, User
from contacts.segments import saved_segments
from gateway import clock
from messaging.campaigns import approval, lifecycle
from messaging.campaigns.dispatch import sending, taking_back
from messaging.campaigns.lifecycle import CampaignChanged
from messaging.campaigns.models import Campaign, CampaignRules, CampaignState
from messaging.campaigns.offboarding import Campaigns
from messaging.campaigns.tests.approvals import address, decide
from messaging.campaigns.tests.conftest import calls_of, edit_url, make_scheduled, post, press
from messaging.campaigns.tests.stages import HOUR, advance, called, now_of
from messaging.overview.attention import attention_items
from tests.factories import make_connection
from tests.people import client_of


def test_nothing_of_it_leaves_before_somebody_else_approves(waiting):
    sending.advance_campaigns()
    sending.send_now(waiting.pk)

    assert (now_of(waiting).state, waiting.recipients.count()) == (CampaignState.AWAITING, 0)


def test_the_one_button_says_that_it_asks(filled, rules, mikko):
    page = post(mikko, filled)

    assert page.context["summary"].button == "Ask to send 2 messages now"
    press(mikko, filled)
    assert Campaign.objects.get().state == CampaignState.AWAITING


@pytest.mark.parametrize("most", [None, 2, 500])
def test_nobody_is_asked_up_to_the_number(group, people, connected, rules, mikko, most):
    CampaignRules.objects.update(approved_above=most)

    assert make_scheduled(group, mikko).state == CampaignState.SCHEDULED


def test_an_admin_asks_too_where_somebody_else_may_send(group, people, rules, aino, mikko):
    make_connection(aino)

    campaign = make_scheduled(group, aino)

    assert campaign.state == CampaignState.AWAITING
    assert not AuditEvent.objects.filter(verb="campaign.decided_alone").exists()
    decide(campaign, mikko)
    assert now_of(campaign).state == CampaignState.SCHEDULED


@pytest.mark.parametrize("change", [{"role": "viewer"}, {"is_active": False}, {"approved_at": None}])
def test_an_admin_who_alone_may_send_decides_alone_and_it_is_said(
    group, people, rules, filled, aino, mikko, change
):
    make_connection(aino)
    User.objects.filter(pk=mikko.pk).update(**change)

    page = post(aino, filled)
    press(aino, filled)

    assert page.context["summary"].button == "Send 2 messages now"
    assert "nobody else may send for Kahvila Aalto: you decide alone" in page.content.decode()
    campaign = Campaign.objects.get()
    assert campaign.state == CampaignState.SCHEDULED
    event = AuditEvent.objects.get(verb="campaign.decided_alone")
    assert (event.actor, event.after) == (aino, {"people": 2})
    told = client_of(aino).get(f"/campaigns/{campaign.pk}/").content.decode()
    assert "Sent without a second person" in told


def test_a_marketer_who_is_alone_waits_and_is_told_what_to_do(group, people, rules, filled, mikko):
    page = post(mikko, filled)
    press(mikko, filled)

    assert "So far nobody else may send for Kahvila Aalto: ask an admin" in " ".join(words(page))
    campaign = Campaign.objects.get()
    assert campaign.state == CampaignState.AWAITING
    assert "Ask an admin to let somebody in" in " ".join(words(client_of(mikko).get(address(campaign))))


def test_an_admin_whose_second_person_left_is_told_and_sends_it_anew(group, people, rules, aino, liisa):
    make_connection(aino)
    campaign = make_scheduled(group, aino)
    User.objects.filter(pk=liisa.pk).update(is_active=False)

    page = " ".join(words(client_of(aino).get(address(campaign))))
    lifecycle.schedule(campaign, revision=campaign.revision, people=2, calls=1, by=aino)

    assert "Nobody else may send for Kahvila Aalto any more. Edit it, and send it again" in page
    assert now_of(campaign).state == CampaignState.SCHEDULED


def words(page) -> list[str]:
    return page.content.decode().split()


def test_approved_it_goes_out_after_its_time_to_take_it_back(waiting, liisa, settings):
    settings.CAMPAIGN_GRACE = 10
    decide(waiting, liisa)

    found = now_of(waiting)
    assert (found.state, found.approved_by) == (CampaignState.SCHEDULED, liisa)
    assert taking_back.seconds_left(found) > 5
    Campaign.objects.update(begins_at=clock.after(-1))
    sending.send_now(found.pk)
    assert (now_of(found).state, len(calls_of(found))) == (CampaignState.SENDING, 1)
    event = AuditEvent.objects.get(verb="campaign.approved")
    assert (event.actor, event.after["people"], event.after["calls"]) == (liisa, 2, 1)


def test_who_asked_cannot_approve(waiting, mikko):
    page = decide(waiting, mikko)

    assert (page.status_code, now_of(waiting).state) == (422, CampaignState.AWAITING)
    assert "Somebody else has to approve it" in page.content.decode()


def test_a_viewer_sees_it_and_decides_nothing(waiting, vera):
    assert client_of(vera).get(address(waiting)).status_code == 200
    assert (decide(waiting, vera).status_code, now_of(waiting).state) == (403, CampaignState.AWAITING)


def test_a_stranger_finds_nothing(waiting, otto):
    assert client_of(otto).get(address(waiting)).status_code == 404
    assert decide(waiting, otto).status_code == 404


def test_the_page_shows_what_would_be_sent(waiting, liisa):
    text = " ".join(client_of(liisa).get(address(waiting)).content.decode().split())

    assert "Mikko asks to send it" in text
    assert "<dt>People</dt> <dd>2</dd>" in text
    assert "<dt>Calls</dt> <dd>1</dd>" in text
    assert "Hei Maija, kahvi 1 e" in text


def test_refused_it_is_held_with_the_words(waiting, liisa):
    decide(waiting, liisa, "refuse", words="Wrong price")

    found = now_of(waiting)
    assert (found.state, found.held_reason) == (
        CampaignState.HELD,
        "Liisa did not approve it: Wrong price",
    )
    assert AuditEvent.objects.get(verb="campaign.refused").after == {"why": "Wrong price"}


def test_a_refusal_says_why(waiting, liisa):
    assert decide(waiting, liisa, "refuse", words="").status_code == 422
    assert now_of(waiting).state == CampaignState.AWAITING


def test_what_was_refused_is_asked_about_again_when_it_is_let_go(waiting, liisa, mikko):
    decide(waiting, liisa, "refuse", words="No")

    lifecycle.release(now_of(waiting), people=2, calls=1, by=mikko)

    assert now_of(waiting).state == CampaignState.AWAITING


def test_of_two_who_decide_at_once_the_first_counts(waiting, liisa, aino):
    decide(waiting, liisa)
    second = decide(waiting, aino, "refuse", words="No")

    assert (second.status_code, now_of(waiting).state) == (302, CampaignState.SCHEDULED)
    with pytest.raises(CampaignChanged):
        approval.approve(waiting, revision=waiting.revision, by=aino)


def test_an_edit_asks_anew_and_what_was_seen_before_approves_nothing(waiting, filled, liisa, mikko):
    form = filled | {"revision": waiting.revision, "content": "Something else, $(firstName)"}
    post(mikko, form, to=edit_url(waiting), action="save")
    assert now_of(waiting).state == CampaignState.DRAFT
    press(mikko, form | {"revision": now_of(waiting).revision}, to=edit_url(waiting))
    assert now_of(waiting).state == CampaignState.AWAITING

    decide(waiting, liisa)

    assert now_of(waiting).state == CampaignState.AWAITING


def test_an_edit_after_the_approval_asks_anew(waiting, liisa, mikko):
    decide(waiting, liisa)
    campaign = now_of(waiting)

    lifecycle.edit(campaign, revision=campaign.revision, fields={"content": "New"}, by=mikko)
    lifecycle.schedule(campaign, revision=campaign.revision, people=2, calls=1, by=mikko)

    assert (campaign.state, campaign.approved_by) == (CampaignState.AWAITING, None)


def test_taken_back_it_is_approved_by_nobody(waiting, liisa, mikko, settings):
    settings.CAMPAIGN_GRACE = 10
    decide(waiting, liisa)

    taking_back.take_back(now_of(waiting), by=mikko)

    assert (now_of(waiting).state, now_of(waiting).approved_by) == (CampaignState.DRAFT, None)


def test_cancelled_while_it_waits_it_is_over(waiting, liisa, mikko):
    lifecycle.cancel(waiting, by=mikko)

    decide(waiting, liisa)

    assert now_of(waiting).state == CampaignState.CANCELLED


def test_approved_after_its_hour_it_asks_for_a_new_one(waiting, liisa):
    Campaign.objects.update(send_at=timezone.now() - timedelta(hours=1), zone="Europe/Helsinki")

    page = client_of(liisa).get(address(waiting)).content.decode()
    assert "Its time has gone by" in page
    assert decide(waiting, liisa).status_code == 422
    assert now_of(waiting).state == CampaignState.AWAITING
    later = timezone.localtime() + timedelta(days=1)
    when = {"when": "later", "date": f"{later:%Y-%m-%d}", "time": "12:00", "zone": "Europe/Helsinki"}
    decide(waiting, liisa, **when)

    found = now_of(waiting)
    assert found.state == CampaignState.SCHEDULED
    assert found.send_at > timezone.now()


def test_approved_after_its_hour_it_may_go_at_once(waiting, liisa):
    Campaign.objects.update(send_at=timezone.now() - timedelta(hours=1), zone="Europe/Helsinki")

    decide(waiting, liisa, when="now", zone="Europe/Helsinki")

    assert (now_of(waiting).state, now_of(waiting).send_at) == (CampaignState.SCHEDULED, None)


def test_what_people_get_at_an_hour_of_their_own_is_not_approved_for_everybody_at_once(waiting, liisa):
    late = timezone.now() - timedelta(hours=1)
    Campaign.objects.update(send_at=late, zone="Europe/Helsinki", own_time=True)

    page = decide(waiting, liisa, when="now", zone="Europe/Helsinki")

    assert (page.status_code, now_of(waiting).state) == (422, CampaignState.AWAITING)
    assert "Choose a time" in page.content.decode()


@pytest.mark.parametrize("change", [{"role": "viewer"}, {"is_active": False}])
def test_it_is_not_approved_for_somebody_who_may_send_no_more(waiting, liisa, mikko, change):
    User.objects.filter(pk=mikko.pk).update(**change)

    page = decide(waiting, liisa)

    assert (page.status_code, now_of(waiting).state) == (422, CampaignState.AWAITING)
    assert "may not send any more" in page.content.decode()


def test_what_waits_is_held_when_who_asked_leaves(waiting, aino, mikko):
    Campaigns().hold(mikko, by=aino, why="Mikko left")

    assert now_of(waiting).state == CampaignState.HELD


def test_the_rest_waits_for_a_person_when_who_approved_may_send_no_more(waiting, liisa, later):
    Campaign.objects.update(first_share=50, wait_minutes=60)
    decide(waiting, liisa)
    assert advance(waiting).is_waiting_for_rest
    User.objects.filter(pk=liisa.pk).update(is_active=False)
    later(HOUR + 10)

    assert advance(waiting) in Campaign.objects.to_decide_on_rest()
    assert len(called(waiting)) == 1


def test_it_is_held_when_who_approved_may_send_no_more(waiting, liisa):
    decide(waiting, liisa)
    User.objects.filter(pk=liisa.pk).update(is_active=False)
    Campaign.objects.update(begins_at=clock.after(-1))

    sending.send_now(waiting.pk)

    assert now_of(waiting).state == CampaignState.HELD
    assert "Liisa, who approved it, may not send any more." in now_of(waiting).held_reason


def test_it_stands_first_for_everybody_who_may_approve(waiting, kahvila, liisa, mikko, vera):
    def titles(person):
        return [each.title for each in attention_items(person, kahvila)]

    expected = f"{waiting} waits for your approval"
    assert [expected in titles(person) for person in (liisa, mikko, vera)] == [True, False, False]


def test_the_list_and_the_page_say_that_it_waits(waiting, liisa):
    listed = client_of(liisa).get("/campaigns/").content.decode()
    page = client_of(liisa).get(f"/campaigns/{waiting.pk}/").content.decode()

    assert "Waits for approval" in listed
    assert "It waits for a second person" in page


def test_an_admin_sets_the_number(kahvila, aino):
    client_of(aino).post("/settings/campaigns/", {"customer_data": "", "approved_above": "500"})

    assert CampaignRules.of(kahvila).approved_above == 500


def test_who_approves_sees_to_whom_it_goes_first_when_where_they_are_and_who_rests(waiting, liisa):
    tomorrow = timezone.now() + timedelta(days=1)
    stages = {"first_share": 50, "wait_minutes": 60}
    Campaign.objects.update(**stages, send_at=tomorrow, zone="UTC", own_time=True, rest_days=7)

    page = " ".join(client_of(liisa).get(address(waiting)).content.decode().split())

    assert "<dt>First</dt> <dd>1; the rest " in page
    assert f"{tomorrow:%H:%M} where they are" in page
    assert "Not to whom marketing reached in the 7 days before" in page


@pytest.mark.parametrize("person", ["liisa", "mikko", "vera"])
def test_the_page_of_approval_is_whole_after_its_hour_and_with_several_texts(waiting, person, request):
    text = {"content": "Moi", "fallbacks": {}, "template": None, "parameters": []}
    Campaign.objects.update(send_at=timezone.now() - timedelta(days=1), zone="UTC", more_texts=[text])

    page = client_of(request.getfixturevalue(person)).get(address(waiting))

    assert page.status_code == 200


def test_a_segment_that_has_changed_since_it_was_asked_for_is_not_approved(waiting, kahvila, mikko, liisa):
    """As many people may be others."""
    segment = saved_segments.add(kahvila, name="All", text="city = Turku", by=mikko)
    Campaign.objects.update(segments=[segment.pk], scheduled_at=clock.now())
    saved_segments.edit(segment, revision=1, name="All", text="city = Oulu", by=mikko)

    answered = decide(waiting, liisa)

    assert now_of(waiting).state == CampaignState.AWAITING
    assert "The segment All has changed since" in " ".join(words(answered))
