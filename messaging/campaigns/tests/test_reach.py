"""Several groups, groups left out, and segments: each person once, nobody lost, nobody who was left out."""

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contacts.models import Contact
from contacts.segments import saved_segments
from contacts.segments.syntax import SegmentError
from gateway.models import ServiceKind
from messaging.campaigns import lifecycle
from messaging.campaigns.audiences import audience, left_out
from messaging.campaigns.audiences.reach import Reach
from messaging.campaigns.dispatch import sending
from messaging.campaigns.models import Campaign, CampaignState, Recipient
from messaging.campaigns.tests.conftest import calls_of, make_campaign, make_scheduled, schedule
from tests.factories import make_contact, make_service, suppress
from tests.markup import words_on
from tests.people import client_of

pytestmark = pytest.mark.django_db
NUMBER = "+35840000000"


@pytest.fixture
def second(kahvila):
    return make_service(kahvila, kind=ServiceKind.GROUP, name="Kanta-asiakkaat")


@pytest.fixture
def third(kahvila):
    return make_service(kahvila, kind=ServiceKind.GROUP, name="Henkilökunta")


def person(group, number: int, **fields) -> Contact:
    return make_contact(group, phone=f"{NUMBER}{number}", **({"first_name": "Anna"} | fields))


def for_segment(group, by, segment) -> Campaign:
    """For nobody else; `group` is one of its customer."""
    campaign = make_campaign(group, by, segments=[segment.pk])
    Campaign.objects.filter(pk=campaign.pk).update(group=None)
    campaign.refresh_from_db()
    return schedule(campaign, by)


def sent(campaign: Campaign) -> dict[str, str]:
    """By the last digit: the state, or why they were left out."""
    sending.send_now(campaign.pk)
    rows = Recipient.objects.filter(campaign=campaign)
    return {each.phone[-1]: each.reason or each.state for each in rows}


def test_each_person_of_several_groups_gets_it_once(group, second, connected, mikko):
    for each in (group, second):
        person(each, 1)
    person(group, 2)
    person(second, 3)

    campaign = make_scheduled(group, mikko, more_groups=[second.pk])

    assert campaign.people == 3
    assert sent(campaign) == {"1": "planned", "2": "planned", "3": "planned"}
    [call] = calls_of(campaign)
    assert len(call.payload["message"]["recipients"]) == 3


def test_whoever_is_in_a_group_that_is_left_out_gets_nothing(group, second, third, connected, mikko):
    person(group, 1)
    person(second, 2)
    person(third, 2, active=False)

    campaign = make_scheduled(group, mikko, more_groups=[second.pk], minus_groups=[third.pk])

    assert (campaign.people, sent(campaign)) == (1, {"1": "planned"})


def test_a_segment_is_asked_when_it_begins(group, second, connected, mikko, kahvila):
    segment = saved_segments.add(kahvila, name="Turku", text="city = Turku", by=mikko)
    person(group, 1, city="Turku")
    person(second, 2, city="Oulu")
    campaign = for_segment(group, mikko, segment)
    Contact.objects.filter(phone=f"{NUMBER}1").update(city="Oulu")
    Contact.objects.filter(phone=f"{NUMBER}2").update(city="Turku")

    assert sent(campaign) == {"2": "planned"}


def test_a_value_that_one_row_has_is_enough(group, second, connected, mikko):
    person(group, 1, first_name="")
    person(second, 1, first_name="Maija")
    person(group, 2, active=False)
    person(second, 2)

    campaign = make_scheduled(group, mikko, more_groups=[second.pk])

    assert sent(campaign) == {"1": "planned", "2": "planned"}
    assert {each.values[0] for each in campaign.recipients.all()} == {"Maija", "Anna"}


def test_who_is_left_out_afterwards_gets_nothing(group, third, connected, mikko):
    person(group, 1)
    campaign = make_scheduled(group, mikko, minus_groups=[third.pk])
    while sending._snapshot_recipients(campaign.pk) or sending.begin(campaign):
        pass
    person(third, 1)

    assert sent(campaign) == {"1": audience.NOT_ACTIVE}


@pytest.mark.parametrize("change", ["inactive", "deleted", "stopped"])
def test_who_was_in_a_segment_alone_is_looked_at_once_more(change, group, connected, mikko, kahvila):
    segment = saved_segments.add(kahvila, name="Turku", text="city = Turku", by=mikko)
    contact = person(group, 1, city="Turku")
    campaign = for_segment(group, mikko, segment)
    while sending._snapshot_recipients(campaign.pk) or sending.begin(campaign):
        pass
    if change == "inactive":
        Contact.objects.filter(pk=contact.pk).update(active=False)
    elif change == "deleted":
        contact.delete()
    else:
        suppress(kahvila, phone=contact.phone)

    expected = audience.OPTED_OUT if change == "stopped" else audience.NOT_ACTIVE
    assert sent(campaign) == {"1": expected}


def test_a_campaign_whose_segment_is_gone_is_held(group, connected, mikko, kahvila):
    segment = saved_segments.add(kahvila, name="Turku", text="city = Turku", by=mikko)
    person(group, 1, city="Turku")
    campaign = for_segment(group, mikko, segment)
    saved_segments.delete(segment, by=mikko)

    assert sent(campaign) == {}
    campaign.refresh_from_db()
    assert campaign.state == CampaignState.HELD
    assert "A segment that it goes to was deleted." in campaign.held_reason


def test_a_segment_that_loses_its_words_while_people_are_listed_holds_it(
    group, connected, mikko, kahvila, monkeypatch
):
    monkeypatch.setattr(sending, "AT_ONCE", 1)
    other = Campaign.objects.create(customer=kahvila, name="Kevät")
    segment = saved_segments.add(kahvila, name="New", text="not received Kevät", by=mikko)
    for number in (1, 2):
        person(group, number)
    campaign = for_segment(group, mikko, segment)
    sending.begin(campaign)
    assert sending._snapshot_recipients(campaign.pk)
    Campaign.objects.filter(pk=other.pk).update(name="Kesä")

    assert sent(campaign) == {}
    campaign.refresh_from_db()
    assert campaign.state == CampaignState.HELD
    assert "No campaign is called “Kevät”." in campaign.held_reason


def test_groups_and_segments_of_another_customer_are_not_reached(group, trattoria, connected, mikko):
    theirs = make_service(trattoria, kind=ServiceKind.GROUP, name="Clienti")
    person(theirs, 1)
    campaign = make_campaign(group, mikko, more_groups=[theirs.pk])

    assert not Reach.of(campaign).contacts.exists()
    segment = saved_segments.add(trattoria, name="Roma", text="city = Roma", by=mikko)
    with pytest.raises(SegmentError):
        Reach.of(make_campaign(group, mikko, segments=[segment.pk]))


@given(
    rows=st.sets(st.tuples(st.integers(0, 2), st.integers(1, 6)), max_size=12),
    inactive=st.sets(st.tuples(st.integers(0, 2), st.integers(1, 6)), max_size=4),
    chosen=st.sets(st.integers(0, 2), min_size=1),
    minus=st.sets(st.integers(0, 2), max_size=1),
    page=st.integers(1, 4),
)
@settings(max_examples=25, suppress_health_check=list(HealthCheck), deadline=None)
def test_whoever_is_counted_is_listed_once_in_pages_of_any_size(
    rows, inactive, chosen, minus, page, group, second, third, mikko, connected, monkeypatch
):
    groups = [group, second, third]
    Recipient.objects.all().delete()
    Contact.objects.all().delete()
    for where, number in sorted(rows):
        person(groups[where], number, active=(where, number) not in inactive)
    monkeypatch.setattr(sending, "AT_ONCE", page)
    more = [groups[each].pk for each in sorted(chosen)][1:]
    campaign = make_scheduled(
        groups[min(chosen)], mikko, more_groups=more, minus_groups=[groups[each].pk for each in minus]
    )
    left = {number for where, number in rows if where in minus}
    meant = {number for where, number in rows if where in chosen} - left
    active = {n for where, n in rows - inactive if where in chosen} - left

    assert campaign.people == len(active)
    assert sent(campaign) == {
        str(each): "planned" if each in active else audience.NOT_ACTIVE for each in meant
    }


# Pages


def form_of(campaign: Campaign, **changes) -> dict:
    return {
        "uuid": campaign.uuid,
        "revision": campaign.revision,
        "channel": "sms",
        "group": campaign.group_id or "",
        "service": campaign.service_id,
        "sender": "Kahvila",
        "content": "Hei $(firstName)",
        "when": "now",
        "zone": "Europe/Helsinki",
    } | changes


def press(person, campaign: Campaign, **form):
    return client_of(person).post(reverse("campaigns:edit", args=[campaign.pk]), form_of(campaign, **form))


def test_the_form_keeps_several_groups_and_segments(group, second, third, mikko, kahvila, connected):
    segment = saved_segments.add(kahvila, name="Turku", text="city = Turku", by=mikko)
    campaign = make_campaign(group, mikko)
    chosen = {"more_groups": [second.pk], "minus_groups": [third.pk], "segments": [segment.pk]}

    press(mikko, campaign, action="save", **chosen)

    campaign.refresh_from_db()
    assert {name: getattr(campaign, name) for name in chosen} == chosen
    page = client_of(mikko).get(reverse("campaigns:edit", args=[campaign.pk]))
    assert page.context["form"].is_wider
    assert campaign.to == "Jäsenet and 2 more"


def test_another_customers_group_cannot_be_chosen(group, trattoria, mikko, connected):
    theirs = make_service(trattoria, kind=ServiceKind.GROUP)

    answer = press(mikko, make_campaign(group, mikko), action="save", more_groups=[theirs.pk])

    assert answer.status_code == 422
    assert "One of these is not there any more" in words_on(answer)


def test_a_segment_alone_is_enough_to_send(group, mikko, kahvila, connected):
    segment = saved_segments.add(kahvila, name="Turku", text="city = Turku", by=mikko)
    person(group, 1, city="Turku")
    campaign = make_campaign(group, mikko)

    seen = press(mikko, campaign, group="", segments=[segment.pk]).context["summary"]
    answer = press(mikko, campaign, group="", segments=[segment.pk], action="send", expected=seen.expected)

    assert answer.status_code == 302
    assert (Campaign.objects.get().people, Campaign.objects.get().to) == (1, "1 segment")


def test_many_who_would_not_get_it_are_asked_about(group, mikko, connected):
    person(group, 1)
    person(group, 2, first_name="")
    campaign = make_campaign(group, mikko)
    seen = press(mikko, campaign)
    press_send = {"action": "send", "expected": seen.context["summary"].expected}

    refused = press(mikko, campaign, **press_send)
    campaign.refresh_from_db()

    assert "1 of 2 people would not get it" in words_on(seen)
    assert (refused.status_code, campaign.state) == (422, CampaignState.DRAFT)
    assert press(mikko, campaign, **press_send, without="1").status_code == 302


def test_few_who_would_not_get_it_are_not_asked_about(group, mikko, connected):
    for number in range(1, 6):
        person(group, number)
    person(group, 6, first_name="")
    seen = press(mikko, make_campaign(group, mikko)).context["summary"]

    assert (seen.people, seen.left_out_count, seen.leaves_many) == (5, 1, False)


@pytest.fixture
def half(group, mikko):
    person(group, 1)
    person(group, 2, first_name="", last_name="Nimetön")
    person(group, 3, active=False)
    return make_campaign(group, mikko)


def test_who_is_left_out_is_a_list_by_reason(half, vera):
    page = client_of(vera).get(reverse("campaigns:left_out", args=[half.pk]))
    some = client_of(vera).get(reverse("campaigns:left_out", args=[half.pk]), {"why": "No first name"})

    assert "2 people would get nothing" in words_on(page)
    assert ("Nimetön" in words_on(some), "Not active" in words_on(some)) == (True, True)
    assert [each.name for each in some.context["rows"]] == ["Nimetön"]


def test_who_is_left_out_is_a_file(half, mikko, vera):
    address = reverse("campaigns:left_out_export", args=[half.pk])

    rows = b"".join(client_of(mikko).post(address).streaming_content).decode("utf-8-sig").splitlines()

    assert len(rows) == 3
    assert any("Nimetön" in row and "No first name" in row for row in rows)
    assert client_of(vera).post(address).status_code == 403


def test_who_is_left_out_is_nobody_elses_business(half, otto):
    assert client_of(otto).get(reverse("campaigns:left_out", args=[half.pk])).status_code == 404


def test_the_list_of_who_is_left_out_is_short_and_the_file_is_whole(half, group, monkeypatch):
    monkeypatch.setattr(left_out, "SHOWN", 1)

    found = left_out.first_of(half, "")

    assert (len(found.shown), found.counts.total(), len(list(left_out.people(half)))) == (1, 2, 2)
    assert found.of == 0


def test_the_page_of_who_is_skipped_looks_at_the_first_alone_and_the_file_at_all(half, mikko, monkeypatch):
    monkeypatch.setattr(left_out, "LOOKED_AT", 1)

    page = client_of(mikko).get(reverse("campaigns:left_out", args=[half.pk])).content.decode()
    file = client_of(mikko).post(reverse("campaigns:left_out_export", args=[half.pk]))

    assert "Among the first 1 person" in " ".join(page.split())
    assert file.streaming
    lines = b"".join(file.streaming_content).decode("utf-8-sig").strip().splitlines()
    assert len(lines) == 1 + len(list(left_out.people(half)))


def test_what_was_agreed_is_compared_over_all_groups(group, second, mikko, connected):
    person(group, 1)
    campaign = make_scheduled(group, mikko, more_groups=[second.pk])
    for number in range(2, 9):
        person(second, number)

    assert sent(campaign) == {}
    campaign.refresh_from_db()
    assert (campaign.state, campaign.people) == (CampaignState.HELD, 1)
    assert "8 would get it now" in campaign.held_reason
    lifecycle.cancel(campaign, by=mikko)


def test_read_by_key_everybody_of_several_groups_comes_once_and_nothing_is_sorted_whole(
    group, second, mikko, monkeypatch, django_assert_max_num_queries
):
    monkeypatch.setattr(audience, "CHUNK", 2)
    for number in range(1, 8):
        person(group, number, first_name="Maija" if number % 2 else "")
        person(second, 10 - number)
    reach = Reach.of(make_campaign(group, mikko, more_groups=[second.pk]))
    wording = make_campaign(group, mikko).wording

    with django_assert_max_num_queries(30) as asked:
        found = list(audience.everybody_by_key(reach, wording))

    assert len({row["phone"] for row, *_ in found}) == len(found) == 9
    by_phone = {row["phone"]: reason for row, _, reason in audience.everybody(reach, wording)}
    assert {row["phone"]: reason for row, _, reason in found} == by_phone
    of_contacts = [each["sql"] for each in asked.captured_queries if "ORDER BY" in each["sql"]]
    assert len(of_contacts) > 5
    assert all("LIMIT" in each or '"phone" IN (' in each for each in of_contacts)
