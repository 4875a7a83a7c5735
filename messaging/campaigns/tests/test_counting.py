"""A large audience is counted to the last person before it is sent to, and Send is bound to that count."""

from datetime import timedelta

import pytest
from django.urls import reverse

from contacts.models import Segment
from contacts.segments import saved_segments
from gateway import clock
from messaging.campaigns import lifecycle
from messaging.campaigns.audiences import audience, sampling
from messaging.campaigns.composing import counting
from messaging.campaigns.models import AudienceCount, Campaign, CampaignRules, CampaignState
from messaging.campaigns.tests.conftest import HTMX, edit_url, make_campaign, make_template, post
from tests.factories import make_contact
from tests.people import client_of

TEXT = {"content": "Moi!", "fallbacks": {}, "template": None, "parameters": []}
TWO = {"texts": 2, "content2": "Moi $(lastName)!", "first_share": 50, "wait_minutes": 60}


@pytest.fixture(autouse=True)
def anybody_is_many(monkeypatch) -> None:
    monkeypatch.setattr(sampling, "EXACT", 1)


@pytest.fixture
def counted(filled, mikko) -> Campaign:
    """Five people, of whom two get it."""
    post(mikko, filled, action="send")
    counting.count_due()
    return Campaign.objects.get()


def address(campaign: Campaign) -> str:
    return reverse("campaigns:count", args=[campaign.pk])


def agree(campaign: Campaign, person, **more):
    count = AudienceCount.objects.get(campaign=campaign)
    agreed = {"action": "send", "expected": count.expected, "without": count.left_out_count}
    return client_of(person).post(address(campaign), agreed | more)


def test_the_one_button_counts_first(filled, mikko):
    answered = post(mikko, filled, action="send")

    campaign = Campaign.objects.get()
    assert (answered.url, campaign.state) == (address(campaign), CampaignState.DRAFT)
    assert "Counting begins" in client_of(mikko).get(address(campaign)).content.decode()


def test_counted_it_says_what_it_comes_to(counted, mikko):
    page = " ".join(client_of(mikko).get(address(counted)).content.decode().split())

    assert "<dt>People</dt> <dd>2</dd>" in page
    assert "<dt>SMS parts</dt> <dd>2</dd>" in page
    assert "Send 2 messages now" in page
    assert AudienceCount.objects.get().left_out == {
        "Not active in the group": 1,
        "Opted out": 1,
        "No first name": 1,
    }


def test_what_was_counted_is_what_is_agreed_to(counted, mikko):
    agree(counted, mikko)

    counted.refresh_from_db()
    agreed = (counted.state, counted.people, counted.calls, counted.agreed_parts)
    assert agreed == (CampaignState.SCHEDULED, 2, 1, 2)


@pytest.mark.parametrize("seen", [{"expected": "1:2:2:2"}, {"without": "0"}, {"expected": ""}])
def test_other_numbers_than_were_seen_send_nothing(counted, mikko, seen):
    answered = agree(counted, mikko, **seen)

    counted.refresh_from_db()
    assert (answered.status_code, counted.state) == (422, CampaignState.DRAFT)


def test_the_number_is_typed_where_an_admin_asks_for_it(counted, mikko):
    CampaignRules.objects.create(customer=counted.customer, typed_above=1)

    assert agree(counted, mikko).status_code == 422
    agree(counted, mikko, typed="2")

    counted.refresh_from_db()
    assert counted.state == CampaignState.SCHEDULED


def test_a_second_person_is_asked_here_too(counted, mikko):
    CampaignRules.objects.create(customer=counted.customer, approved_above=1)

    agree(counted, mikko)

    counted.refresh_from_db()
    assert counted.state == CampaignState.AWAITING


def test_after_an_edit_it_is_counted_again(counted, mikko):
    lifecycle.edit(counted, revision=counted.revision, fields={"content": "Hei"}, by=mikko)

    answered = agree(counted, mikko)

    counted.refresh_from_db()
    assert (answered.status_code, counted.state) == (422, CampaignState.DRAFT)
    client_of(mikko).post(address(counted), {"action": "count"})
    counting.count_due()
    assert AudienceCount.objects.get().people == 3


def test_a_held_campaign_is_counted_and_let_go(group, people, connected, mikko):
    held = make_campaign(group, mikko, state=CampaignState.HELD, send_at=clock.now() - timedelta(days=1))
    release = reverse("campaigns:release", args=[held.pk])
    expected = client_of(mikko).get(release).context["summary"].expected

    client_of(mikko).post(release, {"expected": expected, "revision": 1})
    held.refresh_from_db()
    before = held.state
    answered = client_of(mikko).post(release, {"count": "1"})
    counting.count_due()
    agree(held, mikko)

    held.refresh_from_db()
    assert (before, answered.url) == (CampaignState.HELD, address(held))
    assert (held.state, held.send_at) == (CampaignState.SCHEDULED, None)


def test_a_killed_workers_count_is_begun_anew_and_one_under_way_is_left_alone(counted):
    rows = AudienceCount.objects.filter(pk=counted.pk)
    rows.update(leased_until=clock.after(60), finished_at=None, people=0)

    counting.count_due()
    left_alone = rows.get().finished_at
    rows.update(leased_until=clock.after(-1))
    counting.count_due()

    assert (left_alone, rows.get().people) == (None, 2)


def test_a_count_that_was_begun_anew_meanwhile_says_nothing(counted, monkeypatch):
    counting.begin(counted)
    everybody = audience.everybody

    def begun_anew(*args):
        counting.begin(counted)
        return everybody(*args)

    monkeypatch.setattr(audience, "everybody", begun_anew)
    counting.count(counted.pk)

    assert AudienceCount.objects.get().finished_at is None


@pytest.fixture
def broken(counted, monkeypatch) -> Campaign:
    """Whoever counts it ends by an error."""
    goes_on = counting._Count._count

    def breaks(self, *args):
        if self.campaign == counted:
            raise RuntimeError("broken")
        goes_on(self, *args)

    monkeypatch.setattr(counting._Count, "_count", breaks)
    counting.begin(counted)
    return counted


def test_a_count_that_breaks_keeps_no_other_waiting(broken, group, mikko):
    other = make_campaign(group, mikko)
    counting.begin(other)

    counting.count_due()

    assert AudienceCount.objects.get(campaign=other).finished_at
    assert AudienceCount.objects.get(campaign=broken).finished_at is None


def test_a_count_that_breaks_again_and_again_is_given_up_and_the_page_says_so(broken, mikko):
    for _ in range(3):
        counting.count_due()

    page = client_of(mikko).get(address(broken)).content.decode()
    assert AudienceCount.objects.get().is_given_up
    assert "The count broke off several times" in page


def test_a_count_that_was_given_up_can_be_begun_again(broken, monkeypatch):
    for _ in range(3):
        counting.count_due()
    monkeypatch.undo()

    counting.begin(broken)
    counting.count_due()

    count = AudienceCount.objects.get()
    assert (count.is_given_up, count.people) == (False, 2)


def test_a_deleted_segment_is_said(counted, mikko):
    Campaign.objects.update(segments=[987654])
    counting.begin(counted)
    counting.count_due()

    assert "A segment that it goes to was deleted" in client_of(mikko).get(address(counted)).content.decode()


def test_calls_of_a_template_are_counted_by_what_fills_it(group, kahvila, connected, mikko):
    for name in ("Aino", "Aino", "Eino"):
        make_contact(group, first_name=name)
    template = make_template(kahvila, body="Hei {{1}}")
    fields = {"channel": "whatsapp", "template": template, "parameters": [{"field": "firstName"}]}
    campaign = make_campaign(group, mikko, **fields)
    counting.begin(campaign)
    counting.count_due()

    count = AudienceCount.objects.get()
    assert (count.people, count.calls, count.parts) == (3, 2, None)


@pytest.mark.parametrize("channel", ["sms", "whatsapp"])
def test_several_texts_are_counted_as_a_small_audience_is_told_of_them(
    filled, kahvila, mikko, monkeypatch, channel
):
    one, two = (make_template(kahvila, body=body) for body in ("Hei {{1}}", "Moi {{1}}"))
    templates = {"template": one.pk, "field-1": "firstName", "template2": two.pk, "field2-1": "lastName"}
    written = filled | TWO | {"channel": channel} | (templates if channel == "whatsapp" else {})
    monkeypatch.setattr(sampling, "EXACT", 100)
    told = post(mikko, written).context["summary"]

    monkeypatch.setattr(sampling, "EXACT", 1)
    post(mikko, written, action="send")
    counting.count_due()

    count = AudienceCount.objects.get()
    assert (count.people, count.first, count.left_out) == (told.people, told.first, dict(told.left_out))
    assert (count.calls, count.parts) == (told.calls, told.agreed_parts)


def test_several_texts_are_sent_from_their_count(filled, mikko):
    post(mikko, filled | TWO, action="send")
    counting.count_due()
    campaign = Campaign.objects.get()
    page = " ".join(client_of(mikko).get(address(campaign)).content.decode().split())

    agree(campaign, mikko)

    campaign.refresh_from_db()
    assert "Send 2 of 3 messages now" in page
    assert (campaign.state, campaign.people) == (CampaignState.SCHEDULED, 3)


def test_a_count_of_before_the_upgrade_is_made_again(counted, mikko):
    AudienceCount.objects.update(first=None)

    answered = agree(counted, mikko)

    counted.refresh_from_db()
    assert (answered.status_code, counted.state) == (422, CampaignState.DRAFT)


def test_a_stranger_finds_nothing_and_a_viewer_may_not(counted, otto, vera):
    assert client_of(otto).get(address(counted)).status_code == 404
    assert agree(counted, otto).status_code == 404
    assert agree(counted, vera).status_code == 403


def test_the_progress_alone_is_asked_for_while_it_counts(counted, mikko):
    AudienceCount.objects.update(finished_at=None, of=1000, seen=400)

    answered = client_of(mikko).get(address(counted), **HTMX)

    assert answered.templates[0].name == "campaigns/_count.html"
    assert "400 of 1,000 people looked at" in " ".join(answered.content.decode().split())


@pytest.mark.parametrize(
    "unfinished",
    [{"sender": ""}, {"content": ""}, {"service": None}, {"content": "Hei {{name}}"}, {"more_texts": [TEXT]}],
)
def test_what_is_not_fit_to_be_sent_is_not_sent_from_its_count(group, people, connected, mikko, unfinished):
    draft = make_campaign(group, mikko, **unfinished)

    begun = client_of(mikko).post(address(draft), {"action": "count"})
    AudienceCount.objects.update_or_create(
        campaign=draft, defaults={"revision": draft.revision, "people": 2, "finished_at": clock.now()}
    )
    answered = agree(draft, mikko)

    draft.refresh_from_db()
    assert (begun.url, answered.url) == (edit_url(draft), edit_url(draft))
    assert draft.state == CampaignState.DRAFT


def test_the_count_says_who_is_first_and_when_the_rest_follows(filled, mikko):
    post(mikko, filled, action="send", first_share="50", wait_minutes="60")
    counting.count_due()
    campaign = Campaign.objects.get()

    answered = client_of(mikko).get(address(campaign))
    page = " ".join(answered.content.decode().split())

    assert answered.context["rest_follows"].endswith(" later")
    assert f"<dt>First</dt> <dd>1; the rest {answered.context['rest_follows']}</dd>" in page
    assert "Send 1 of 2 messages now" in page
    assert AudienceCount.objects.get().calls == 2


def test_the_count_says_that_a_time_is_of_each_persons_own(filled, mikko):
    tomorrow = clock.now() + timedelta(days=1)
    later = {"when": "later", "date": f"{tomorrow:%Y-%m-%d}", "time": "12:00", "own_time": "on"}
    post(mikko, filled, action="send", **later)
    counting.count_due()

    page = client_of(mikko).get(address(Campaign.objects.get())).content.decode()

    assert "12:00 where they are" in page


@pytest.fixture
def of_segment(group, people, connected, mikko, kahvila) -> Segment:
    """Of a draft that is counted before it is sent."""
    segment = saved_segments.add(kahvila, name="M", text="city = Turku", by=mikko)
    draft = make_campaign(group, mikko, segments=[segment.pk])
    counting.begin(draft)
    return segment


def change(segment: Segment, by) -> None:
    saved_segments.edit(segment, revision=segment.revision, name="M", text="city = Oulu", by=by)


def test_what_was_counted_by_a_segment_that_changed_since_is_counted_again(of_segment, mikko, aino):
    counting.count_due()
    change(of_segment, aino)

    agree(Campaign.objects.get(), mikko)

    assert Campaign.objects.get().state == CampaignState.DRAFT


def test_so_is_what_was_being_counted_as_it_changed(of_segment, mikko, aino, monkeypatch):
    everybody = audience.everybody

    def while_it_changes(*args, **fields):
        change(of_segment, aino)
        yield from everybody(*args, **fields)

    monkeypatch.setattr(audience, "everybody", while_it_changes)
    counting.count_due()

    assert AudienceCount.objects.get().revision == 0
