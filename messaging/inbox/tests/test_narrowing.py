"""Searches and lists narrowed by person, label, service, channel, days: as operators, a form, a URL."""

import re
from datetime import date
from urllib.parse import parse_qs

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from messaging.inbox.models import Label, SavedInboxView, Thread
from messaging.inbox.search import hits
from messaging.inbox.search.operators import FilterChoices, read, written
from messaging.inbox.search.results import search
from messaging.inbox.team import notes, teamwork
from messaging.inbox.team.desk import Desk
from messaging.inbox.tests.conftest import ANNA, HTMX, THREADS, answer, receive
from messaging.inbox.threads.thread_list import ThreadQuery, with_names, with_team
from tests.factories import make_contact, make_service
from tests.people import client_of

pytestmark = pytest.mark.django_db

LAURI = "+358402222222"
FIRST, SECOND, THIRD = "Kiitos tilauksesta", "Kiitos avusta", "Kiitos ja hei"


@pytest.fixture
def talk(hook, thread, kahvila, mikko) -> Thread:
    """Anna by SMS on the 24th and 25th; Lauri by WhatsApp on the 26th, who is a VIP."""
    group = make_service(kahvila, kind="group")
    make_contact(group, phone=ANNA, first_name="Anna", last_name="Kettunen")
    make_contact(group, phone=LAURI, first_name="Lauri", last_name="Lahti")
    receive(hook, sender=ANNA, content=FIRST, timestamp="2026-11-24T13:00:00Z")
    receive(hook, sender=ANNA, content=SECOND, timestamp="2026-11-25T13:00:00Z")
    receive(hook, sender=LAURI, content=THIRD, timestamp="2026-11-26T13:00:00Z", protocol="WHATSAPP")
    lauri = Thread.objects.get(address=LAURI)
    teamwork.add_label(Thread.objects.filter(pk=lauri.pk), "VIP guest", customer=kahvila, by=mikko)
    return lauri


def texts(person, q: str) -> list[str]:
    return [hit.message.content for hit in client_of(person).get(THREADS, {"q": q}).context["results"].hits]


def listed(who, **query) -> list[str]:
    return [row.thread.address for row in client_of(who).get(THREADS, query).context["page"].rows]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("kiitos", [THIRD, SECOND, FIRST]),
        ("kiitos from:anna", [SECOND, FIRST]),
        ('from:"anna kettunen" kiitos', [SECOND, FIRST]),
        ("kiitos from:0401111111", [SECOND, FIRST]),
        ("kiitos from:nobody", []),
        ("kiitos label:vip", [THIRD]),
        ('kiitos label:"VIP guest"', [THIRD]),
        ("kiitos channel:whatsapp", [THIRD]),
        ("kiitos CHANNEL:SMS", [SECOND, FIRST]),
        ("kiitos after:2026-11-25", [THIRD, SECOND]),
        ("kiitos before:2026-11-25", [FIRST]),
        ("kiitos after:25.11.2026 before:26.11.2026", [SECOND]),
        ("kiitos from:anna channel:whatsapp", []),
        ('service:"Inbound 1234567" avusta', [SECOND]),
        ("kettunen kiitos after:2026-11-25", [SECOND]),
        ('"kiitos ja" channel:whatsapp', [THIRD]),
        ("ja channel:whatsapp", [THIRD]),
        ("kiitos label:nosuch", []),
        ("kiitos after:yesteryear", []),
        ("kiitos label:", []),
    ],
)
def test_operators_narrow_a_search(talk, mikko, typed, found):
    assert texts(mikko, typed) == found


def test_a_common_name_is_looked_for_by_the_index(talk, mikko, monkeypatch):
    monkeypatch.setattr("messaging.inbox.search.scope.MAX_THREADS", 0)

    assert texts(mikko, "kiitos from:anna") == [SECOND, FIRST]
    assert texts(mikko, "kiitos from:lauri label:vip") == [THIRD]


def test_our_own_messages_are_not_from_the_person(talk, thread, mikko):
    answer(thread, mikko, "Kiitos itsellesi")

    assert texts(mikko, "kiitos from:anna") == [SECOND, FIRST]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"channel": "WHATSAPP"}, [LAURI]),
        ({"channel": "SMS"}, [ANNA]),
        ({"channel": "FAX"}, [LAURI, ANNA]),
        ({"from_day": "2026-11-26"}, [LAURI]),
        ({"to_day": "2026-11-26"}, [ANNA]),
        ({"from_day": "2026-11-25", "to_day": "2026-11-26"}, [ANNA]),
        ({"from_day": "tomorrow"}, [LAURI, ANNA]),
        ({"person": "lahti"}, [LAURI]),
        ({"person": "0402222222"}, [LAURI]),
        ({"q": "from:kettunen"}, [ANNA]),
        ({"q": "label:vip channel:whatsapp"}, [LAURI]),
        ({"q": "after:2026-11-25 before:2026-11-26"}, [ANNA]),
    ],
)
def test_the_list_is_narrowed_too(talk, mikko, query, found):
    assert listed(mikko, **query) == found


@pytest.mark.parametrize("person", ["lahti", "0402222222", "04022"])
def test_people_are_found_alike_whether_they_are_few_or_many(talk, mikko, monkeypatch, person):
    monkeypatch.setattr("messaging.inbox.search.people_search.FEW", 0)

    assert listed(mikko, person=person) == [LAURI]


def test_days_begin_by_the_clock_of_who_looks(hook, thread, mikko):
    receive(hook, content="Yöllä", timestamp="2026-11-24T22:30:00Z")
    mikko.time_zone = "Europe/Helsinki"
    mikko.save()

    assert listed(mikko, from_day="2026-11-25") == [ANNA]
    assert texts(mikko, "yöllä before:2026-11-25") == []


def test_the_list_is_narrowed_to_a_service(talk, number, kahvila, mikko):
    other = make_service(kahvila, kind="TwoWay", name="Other number")

    assert listed(mikko, service=number.pk) == [LAURI, ANNA]
    assert listed(mikko, service=other.pk) == []


def test_a_thread_has_the_channel_of_its_last_message(hook, talk, kahvila):
    receive(hook, sender=LAURI, content="Sama tekstiviestinä", timestamp="2026-11-27T13:00:00Z")

    [row] = with_names(Desk(kahvila), with_team(Thread.objects.filter(pk=talk.pk)))
    assert row.thread.last_channel == "SMS"
    assert {f"service-{talk.service_id}", "on-SMS"} <= {*row.marks.split()}


def test_filters_alone_find_done_threads_too(talk, kahvila, mikko):
    teamwork.finish(Thread.objects.all(), {talk.pk: 2**60}, customer=kahvila, by=mikko)

    assert listed(mikko, q="label:vip") == [LAURI]
    assert listed(mikko, channel="WHATSAPP") == [], "a filter of the list is one of the open ones"


def test_notes_and_labels_are_narrowed_as_well(talk, thread, kahvila, mikko):
    for each in [thread, talk]:
        notes.write(each, "Soita huomenna", by=mikko)
    label = Label.objects.get()

    assert len(search(Desk(kahvila), "huomenna").notes) == 2
    assert len(search(Desk(kahvila), "huomenna", within=ThreadQuery(label=label.pk)).notes) == 1
    assert search(Desk(kahvila), "huomenna", within=ThreadQuery(channel="SMS")).notes == []
    assert search(Desk(kahvila), "huomenna", within=ThreadQuery(to_day=date(2026, 1, 1))).notes == []
    assert search(Desk(kahvila), "vip", within=ThreadQuery(service=talk.service_id)).labels == []


def test_labels_and_services_of_another_customer_narrow_to_nothing(talk, otto, outsider_oy, mikko, kahvila):
    theirs = Label.objects.create(customer=outsider_oy, name="Theirs")
    service = make_service(outsider_oy, kind="TwoWay", name="Their number")

    assert FilterChoices.of(Desk(kahvila)).labels.keys().isdisjoint({theirs.pk})
    page = client_of(mikko).get(THREADS, {"q": "label:theirs kiitos"})
    assert "Theirs" not in page.content.decode()
    assert search(Desk(kahvila), "kiitos", within=ThreadQuery(service=service.pk)).is_empty
    for q in ["from:anna", "kiitos from:anna", "kiitos channel:sms"]:
        assert b"Kettunen" not in client_of(otto).get(THREADS, {"q": q}).content


def test_the_box_and_the_form_say_the_same(talk, mikko, number):
    page = client_of(mikko).get(
        THREADS, {"q": "kiitos label:vip after:24.11.2026 channel:whatsapp from:lauri"}
    )

    assert page.context["typed"] == ('kiitos from:lauri label:"VIP guest" channel:WhatsApp after:2026-11-24')
    again = client_of(mikko).get(THREADS, {"q": page.context["typed"]})
    assert again.context["listing"] == page.context["listing"]
    sent = _chosen(page) | _typed(page)
    assert client_of(mikko).get(THREADS, sent).context["listing"] == page.context["listing"]
    assert parse_qs(page.context["query"].removeprefix("?"))["from_day"] == ["2026-11-24"]


def _chosen(page):
    form = page.context["options"].form
    return {name: form[name].value() for name in form.fields}


def _typed(page):
    return dict(re.findall(r'name="(q|person)" value="(.*)" id="filter-', page.content.decode()))


def test_what_names_nothing_is_said_and_searched_for_as_words(talk, mikko):
    page = client_of(mikko).get(THREADS, {"q": "kiitos label:nosuch"}).content.decode()

    assert "<bdi>label:nosuch</bdi>" in page
    assert 'value="kiitos label:nosuch"' in page


def test_pages_of_a_narrowed_search_keep_its_filters(talk, mikko, monkeypatch):
    monkeypatch.setattr("messaging.inbox.search.results.PAGE_SIZE", 1)
    page = client_of(mikko).get(THREADS, {"q": "kiitos channel:sms"}).context
    assert [hit.message.content for hit in page["results"].hits] == [SECOND]

    following = client_of(mikko).get(THREADS + page["next"], **HTMX).context

    assert [hit.message.content for hit in following["results"].hits] == [FIRST]
    assert not following["next"]


def test_a_search_that_ran_out_of_time_offers_to_look_further_back(talk, mikko, monkeypatch):
    found = hits.Hits([], looked_back_to=talk.newest_received)
    monkeypatch.setattr("messaging.inbox.search.results.newest_hits", lambda *_, **__: found)
    page = client_of(mikko).get(THREADS, {"q": "nowhere channel:sms"})

    assert b"looks further back" in page.content
    assert b"Nothing found" not in page.content
    assert f"page={talk.newest_received}" in page.context["next"]
    assert "channel=SMS" in page.context["next"]


def test_a_saved_view_keeps_filters_but_no_person(talk, mikko):
    client_of(mikko).post("/inbox/views/?channel=SMS&person=anna&q=kiitos", {"name": "By SMS"})

    assert SavedInboxView.objects.get().query == "?channel=SMS"


def test_a_view_has_a_name_that_can_be_seen(talk, mikko):
    browser = client_of(mikko)
    for name in ["\u200b\u2800", "\u3164", "Ke\u200bsä"]:
        browser.post("/inbox/views/?channel=SMS", {"name": name})

    assert SavedInboxView.objects.get().name == "Kesä"


def test_a_narrowed_list_takes_two_more_queries_than_any(talk, mikko, django_assert_max_num_queries):
    """Who is meant is looked up first."""
    browser = client_of(mikko)
    browser.get(THREADS)
    with django_assert_max_num_queries(17) as plain:
        browser.get(THREADS)
    with django_assert_max_num_queries(len(plain) + 2):
        browser.get(THREADS, {"channel": "SMS", "from_day": "2026-11-01", "person": "anna", "service": 1})


NAMES = st.text(
    st.characters(exclude_characters='"', exclude_categories=["Cc", "Cs", "Z"]), min_size=1, max_size=20
)


@given(
    name=NAMES,
    person=NAMES,
    channel=st.sampled_from(["", "SMS", "WHATSAPP"]),
    days=st.tuples(*[st.none() | st.dates(date(1971, 1, 1), date(2999, 12, 31))] * 2),
)
def test_whatever_is_chosen_is_the_same_when_it_is_typed_and_when_it_is_a_url(name, person, channel, days):
    choices = FilterChoices({7: name}, {8: f"{name} {name}"}, {9: f"{name} {name} {name}"})
    chosen = ThreadQuery(
        text="kiitos",
        label=7,
        service=8,
        team=9,
        person=f"{person} {person}",
        channel=channel,
        from_day=days[0],
        to_day=days[1],
    )

    assert read(ThreadQuery(text=written(chosen, choices)), choices) == chosen
    assert ThreadQuery.from_query(QueryDict(chosen.query().removeprefix("?"))) == chosen
