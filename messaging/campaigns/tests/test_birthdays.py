"""A campaign that comes on each person's own day: whose it is, once a year, and what cannot be read."""

import re
from calendar import isleap
from collections.abc import Callable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db.models import Q
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from contacts.models import Contact
from gateway import clock
from messaging.campaigns import lifecycle
from messaging.campaigns.audiences import days_of_year
from messaging.campaigns.audiences.quiet_days import GOT_IT_THIS_YEAR
from messaging.campaigns.audiences.reach import Reach
from messaging.campaigns.dispatch import recurring, sending
from messaging.campaigns.models import Campaign, Recipient, Recurrence
from messaging.campaigns.models.recurrence import Rhythm
from messaging.campaigns.tests.conftest import answer, calls_of, make_campaign
from tests.factories import make_contact
from tests.later import later as later
from tests.people import client_of

DAY = 86_400
FIRST, SECOND = "+358400000001", "+358400000002"
HELSINKI = ZoneInfo("Europe/Helsinki")
BORN = "syntynyt"
YEARLY = {"rhythm": Rhythm.BIRTHDAY, "date_property": BORN, "zone": "Europe/Helsinki"}
SAID = {"rhythm": "birthday", "date_property": BORN, "time": "09:00", "zone": "Europe/Helsinki"}


def born(group, number: int, written: str) -> Contact:
    return make_contact(group, phone=f"+35840000{number:04}", first_name="A", properties={BORN: written})


def found(condition: Q) -> set[str]:
    return {each.properties[BORN] for each in Contact.objects.filter(condition)}


READ = [
    "1980-05-07",
    "1980-05-07T00:00:00",
    "7.5.1980",
    "07.05.1980",
    "7.5.80",
    "7.5.",
    "7. 5. 1980",
    " 7.5.1980 ",
]
OF_OTHER_DAYS = ["1980-07-05", "5.7.1980", "17.5.1980", "7.05.1980x", "1980-05-17"]
UNREADABLE = ["5/7/1980", "May 7", "31.2.1980", "1980-02-30", "1980-13-01", "0.5.1980", "1980", "7.05.1980x"]


def test_dates_are_read_as_they_are_written_and_the_others_are_counted(group):
    for number, written in enumerate({*READ, *OF_OTHER_DAYS, *UNREADABLE, "", "  "}):
        born(group, number, written)
    make_contact(group, phone="+358401112222")

    assert found(days_of_year.falls_on(BORN, date(2027, 5, 7))) == set(READ)
    assert found(days_of_year.is_unreadable(BORN)) == set(UNREADABLE)


@pytest.mark.parametrize(("year", "expected"), [(2027, {"29.2.1980", "28.2.1980"}), (2028, {"28.2.1980"})])
def test_who_was_born_on_29_february_has_their_day_on_the_28th_without_one(group, year, expected):
    born(group, 1, "29.2.1980")
    born(group, 2, "28.2.1980")

    assert found(days_of_year.falls_on(BORN, date(year, 2, 28))) == expected
    if isleap(year):
        assert found(days_of_year.falls_on(BORN, date(year, 2, 29))) == {"29.2.1980"}


@given(
    st.dates(date(1900, 1, 1), date(2030, 1, 1)),
    st.sampled_from(["%Y-%m-%d", "%d.%m.%Y", "%d.%m.%y", "%d.%m."]),
)
def test_each_day_of_a_year_is_read_and_is_on_one_day_of_each_year(day, form):
    written = day.strftime(form)
    own = [each for each in _days_of(2027) if re.search(days_of_year.written(each), written)]

    assert re.search(days_of_year.ANY, written)
    assert own == [day.replace(year=2027) if (day.month, day.day) != (2, 29) else date(2027, 2, 28)]


def _days_of(year: int) -> list[date]:
    return [date(year, 1, 1) + timedelta(days=number) for number in range(365)]


@pytest.fixture
def on_their_day(group, service, connected, mikko) -> Recurrence:
    """In three days from now it is the day of one person, and the day after that of another."""
    first = (clock.now() + timedelta(days=3)).astimezone(HELSINKI)
    born(group, 1, f"1980-{first:%m-%d}")
    born(group, 2, f"{first + timedelta(days=1):%d.%m.}1990")
    born(group, 3, "?")
    draft = make_campaign(group, mikko, content="Onnea!")
    at = first.time().replace(microsecond=0)
    made = Recurrence(customer=draft.customer, campaign=draft, time=at, **YEARLY)
    recurring.let_come(made, people=3, calls=1, by=mikko)
    return made


def live(recurrence: Recurrence, later: Callable[[float], None], *, days: range) -> list[Campaign]:
    """A look each half day, a minute after the hour; what was made of it."""
    for half in range(2 * days.start, 2 * days.stop):
        later(half * DAY / 2 + 60)
        for _ in range(3):
            recurring.make_due()
        sending.advance_campaigns()
    return list(Campaign.objects.exclude(pk=recurrence.campaign_id).order_by("pk"))


def got(*campaigns: Campaign) -> list[str]:
    listed = Recipient.objects.filter(campaign__in=campaigns).exclude(state="skipped")
    return list(listed.order_by("pk").values_list("phone", flat=True))


def test_each_day_it_goes_to_those_whose_day_it_is_and_the_draft_to_nobody(on_their_day, later):
    made = live(on_their_day, later, days=range(6))

    assert {each.date_property for each in made} == {BORN}
    assert got(*made) == [FIRST, SECOND]
    on_their_day.campaign.refresh_from_db()
    assert on_their_day.campaign.state == "draft"
    assert not on_their_day.campaign.recipients.exists()


def test_whose_date_is_corrected_gets_it_once_in_the_year(on_their_day, later):
    made = live(on_their_day, later, days=range(4))
    [call] = [call for each in made for call in calls_of(each)]
    answer(call)
    Contact.objects.filter(phone=FIRST).update(
        properties={BORN: Contact.objects.get(phone=SECOND).properties[BORN]}
    )

    made = live(on_their_day, later, days=range(4, 6))

    assert got(*made) == [FIRST, SECOND]
    assert Recipient.objects.get(phone=FIRST, state="skipped").reason == GOT_IT_THIS_YEAR


def test_said_again_at_another_hour_nobody_gets_it_twice(on_their_day, mikko, later):
    live(on_their_day, later, days=range(3))
    recurring.end(on_their_day.campaign, by=mikko)
    at = (datetime.combine(date.today(), on_their_day.time) + timedelta(seconds=30)).time()
    again = Recurrence(customer=on_their_day.customer, campaign=on_their_day.campaign, time=at, **YEARLY)
    recurring.let_come(again, people=3, calls=1, by=mikko)

    made = live(again, later, days=range(3, 6))

    assert got(*made) == [FIRST, SECOND]


def test_a_draft_that_is_changed_comes_to_nobody_before_a_person_agrees(on_their_day, later):
    Campaign.objects.filter(pk=on_their_day.campaign_id).update(content="Onn", revision=9)

    made = live(on_their_day, later, days=range(2))

    assert {(each.state, each.held_reason) for each in made} == {("held", recurring.CHANGED)}


def test_a_held_one_that_is_let_go_later_still_goes_to_those_of_its_day(on_their_day, mikko, later):
    Recurrence.objects.update(agreed_revision=None)
    made = live(on_their_day, later, days=range(4))
    [held] = [each for each in made if Reach.of(each).contacts.filter(phone=FIRST).exists()]
    later(5 * DAY)

    lifecycle.release(held, people=1, calls=1, by=mikko)
    later(5 * DAY + 60)
    sending.advance_campaigns()

    assert got(held) == [FIRST]


def page_of(campaign: Campaign) -> str:
    return reverse("campaigns:repeats", args=[campaign.pk])


def test_a_person_sees_the_next_five_days_with_counts_and_what_cannot_be_read(
    group, service, mikko, connected
):
    day = (clock.now() + timedelta(days=2)).astimezone(HELSINKI)
    born(group, 1, f"1980-{day:%m-%d}")
    born(group, 2, f"{day:%d.%m.%Y}")
    born(group, 3, "toukokuussa")
    draft = make_campaign(group, mikko, content="Onnea!")
    client = client_of(mikko)

    shown = client.post(page_of(draft), SAID | {"action": "show"})
    counts = [people for _, people in shown.context["coming"].next_ones]
    assert (len(counts), sorted(counts)) == (5, [0, 0, 0, 0, 2])
    assert "1 person has something else than a" in " ".join(shown.content.decode().split())

    client.post(page_of(draft), SAID | {"action": "keep", "revision": draft.revision})
    kept = Recurrence.objects.get()
    assert (kept.words, kept.agreed_revision) == (f"Each year on the day in {BORN}, at 09:00 Helsinki", 1)
    draft.refresh_from_db()
    assert (draft.state, draft.people) == ("draft", 3)


def test_what_somebody_changed_meanwhile_is_not_let_come(group, people, mikko, connected):
    born(group, 9, "1.1.")
    draft = make_campaign(group, mikko, revision=3)

    client_of(mikko).post(page_of(draft), SAID | {"action": "keep", "revision": 2})

    assert not Recurrence.objects.exists()


@pytest.mark.parametrize(
    ("content", "lacks"), [("", "Write the message."), ("Hei {{name}}", "People would read a placeholder")]
)
def test_an_unfinished_draft_says_what_it_lacks(group, mikko, connected, content, lacks):
    draft = make_campaign(group, mikko, content=content)

    answer = client_of(mikko).get(page_of(draft), follow=True)

    assert lacks in answer.content.decode()


@pytest.mark.parametrize(
    "said", [{"date_property": ""}, {"date_property": "else"}, {"rhythm": "week", "weekday": "0"}]
)
def test_what_a_draft_cannot_do_is_refused(group, people, mikko, connected, said):
    born(group, 9, "1.1.")
    draft = make_campaign(group, mikko)

    answer = client_of(mikko).post(page_of(draft), SAID | said | {"action": "keep", "revision": 1})

    assert answer.status_code == 422
    assert not Recurrence.objects.exists()


def test_a_viewer_lets_nothing_come_and_a_stranger_sees_nothing(group, people, mikko, vera, otto):
    draft = make_campaign(group, mikko)

    assert client_of(vera).post(page_of(draft), SAID | {"action": "keep"}).status_code == 403
    assert client_of(otto).get(page_of(draft)).status_code == 404


def test_what_was_agreed_to_is_what_it_says_now_and_not_before_it_was_edited(group, people, mikko, connected):
    born(group, 9, "1.1.")
    draft = make_campaign(group, mikko, agreed_parts=1, content="Onnea! " * 40)

    client_of(mikko).post(page_of(draft), SAID | {"action": "keep", "revision": 1})

    draft.refresh_from_db()
    assert (draft.people, draft.agreed_parts) == (4, 8)


def test_a_day_of_few_that_a_person_let_go_agrees_to_no_fewer_on_the_next(on_their_day, later):
    live(on_their_day, later, days=range(2))
    kept = Recurrence.objects.get()
    Campaign.objects.filter(pk=kept.latest_id).update(people=1, calls=1, agreed_parts=1)

    made = live(on_their_day, later, days=range(2, 4))

    assert {each.people for each in made if each.pk > kept.latest_id} == {3}
