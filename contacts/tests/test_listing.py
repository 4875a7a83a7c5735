"""What the table is asked for, its pages, its counts, and what is selected in it."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from contacts.consent import opt_outs
from contacts.consent.opt_outs import Evidence
from contacts.exporting.contact_rows import contact_rows
from contacts.listing import TableQuery, as_segment, columns, counting, page, row_search
from contacts.listing.counting import Count
from contacts.listing.paging import SORT_ORDERS
from contacts.models import BulkAction, BulkState, BulkVerb, ConsentSource, Contact, SyncState
from contacts.models.property_values import names_in
from contacts.segments.conditions import Scope, condition
from contacts.segments.parser import parse
from contacts.tests.conftest import make_saved
from tests.factories import make_contact, suppress
from tests.people import client_of

LONG_AGO = timezone.now() - timedelta(days=400)


@pytest.fixture
def three(group):
    return [
        make_contact(group, first_name="Anna", properties={"Level": "gold", "0": "zero", "a__b": "it's"}),
        make_contact(group, first_name="Ben", active=False, properties={"Level": "gold plated"}),
        make_contact(group, first_name="Cia", sync_state=SyncState.FAILED, updated_at=LONG_AGO),
    ]


@pytest.fixture(params=["met on the way", "looked up"])
def however_found(request, monkeypatch):
    if request.param == "looked up":
        monkeypatch.setattr(row_search, "SCAN_FIRST", 1)


def names(group, query: str) -> str:
    """Of all who match, and of those on the page, which are found in another way."""
    listing = TableQuery.from_querystring(query)
    matching = [each.first_name for each in listing.contacts(group).order_by("pk")]
    assert matching == [each.first_name for each in page(listing, group, {}).rows][::-1]
    return " ".join(matching)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", "Anna Ben Cia"),
        ("state=active", "Anna Cia"),
        ("state=inactive", "Ben"),
        ("state=failed", "Cia"),
        ("state=synced", "Anna Ben"),
        ("state=waiting", ""),
        ("property=Level&value=gold", "Anna"),
        ("property=Level&value=gold+plated", "Ben"),
        ("property=Level", "Cia"),
        ("property=level&value=gold", ""),
        ("property=0&value=zero", "Anna"),
        ("property=a__b&value=it%27s", "Anna"),
        ("property=%22%24&value=gold", ""),
        ("value=gold", "Anna Ben Cia"),
        ("since=2026-01-01", "Anna Ben"),
        ("q=gold&state=active", "Anna"),
        ("by=999", ""),
        ("import=999", ""),
        ("state=x&sort=y&since=z&by=-1&import=a&property=%00", "Anna Ben Cia"),
    ],
)
def test_each_filter_finds_its_own(group, three, however_found, query, expected):
    assert names(group, query) == expected


def test_contacts_are_found_by_who_imported_them_and_by_the_import(group, three, mikko, aino, connected):
    job = make_saved(group, mikko, "0402222222;Dan\n")

    assert names(group, f"by={mikko.pk}") == names(group, f"import={job.pk}") == "Dan"
    assert names(group, f"by={aino.pk}") == ""


def test_what_is_asked_comes_back_from_its_url():
    query = "q=Anna+%26+Ben&sort=name&state=failed&property=Level&value=gold&by=1&import=2&since=2026-01-31"

    assert TableQuery.from_querystring(query).query() == query
    assert TableQuery.from_querystring(query).query(sort="newest", text="") == query.replace(
        "q=Anna+%26+Ben&sort=name&", ""
    )
    assert TableQuery().url() == "?"


def test_a_group_is_counted_by_state(group, three):
    counts = counting.of_group(group)

    assert {state: str(count) for state, count in counts.items()} == {
        "": "3",
        "active": "2",
        "opted_out": "0",
        "undecided": "0",
        "inactive": "1",
        "waiting": "0",
        "failed": "1",
        "synced": "2",
        counting.DELETING: "0",
        counting.BULK_ACTIONS: "0",
    }
    assert counting.of_groups([group]) == {
        group.pk: {"all": Count(3), "waiting": Count(0), "failed": Count(1)}
    }


@pytest.fixture
def few_are_many(monkeypatch):
    """More than two are many."""
    monkeypatch.setattr(counting, "COUNT_LIMIT", 2)
    counting._about_a_group.cache_clear()
    cache.clear()
    yield
    counting._about_a_group.cache_clear()
    cache.clear()


def opt_out_all(group) -> None:
    for phone in Contact.objects.filter(group=group).values_list("phone", flat=True):
        suppress(group.customer, phone=phone)


def test_a_count_says_that_there_are_more_than_it_looked_at(group, three, few_are_many):
    opt_out_all(group)

    counts = counting.of_group(group)

    assert str(counts["opted_out"]) == "2+"
    assert counts["active"] is None


def test_more_than_are_counted_are_not_looked_through_again_at_once(group, three, few_are_many):
    everybody = counting.of_group(group)[""]
    Contact.objects.exclude(sync_state=SyncState.FAILED).delete()
    make_contact(group, sync_state=SyncState.FAILED)

    soon = counting.of_group(group)
    cache.clear()  # as it is some seconds later
    later = counting.of_group(group)

    assert everybody.is_more
    assert (soon[""], soon["failed"]) == (everybody, Count(2))  # what is not very many is counted each time
    assert (later[""], later["failed"]) == (Count(2), Count(2))


def test_what_goes_on_in_a_group_is_counted_with_its_people(group, mikko):
    for state in (BulkState.RUNNING, BulkState.DONE):
        some = {"verb": BulkVerb.DELETE, "agreed": 1, "ceiling": 1, "begins_at": LONG_AGO}
        BulkAction.objects.create(group=group, created_by=mikko, state=state, **some)

    assert counting.of_group(group)[counting.BULK_ACTIONS] == Count(1)


def test_a_page_may_begin_anywhere_in_any_order(group, monkeypatch):
    monkeypatch.setattr("contacts.listing.paging.PAGE", 2)
    for name in ["Cia", "Anna", "Ben", "Anna", "Dan"]:
        make_contact(group, first_name=name)

    for sort in ["newest", "changed", "name", "phone"]:
        listing = TableQuery(sort=sort)
        first = page(listing, group, {})
        second = page(listing, group, {"after": first.next})
        back = page(listing, group, {"before": second.previous})
        assert len({each.pk for each in first.rows + second.rows}) == 4, sort
        assert (back.rows, back.previous) == (first.rows, ""), sort


def test_names_of_properties_come_from_contacts_and_imports(three):
    mapping = ["phone", "property:Jäsentaso", "", "property:Level"]

    assert names_in(three, [mapping]) == ["0", "a__b", "Jäsentaso", "Level"]


@pytest.mark.parametrize("sort", ["newest", "changed", "name", "phone"])
def test_a_page_of_words_may_begin_anywhere_in_any_order(group, monkeypatch, however_found, sort):
    monkeypatch.setattr("contacts.listing.paging.PAGE", 2)
    for name in ["Anna Cia", "Ben", "Anna", "Anna Ben", "Cia", "Anna Dan", "Anna"]:
        make_contact(group, first_name=name)
    listing = TableQuery(text="anna", sort=sort)

    first = page(listing, group, {})
    second = page(listing, group, {"after": first.next})
    third = page(listing, group, {"after": second.next})
    back = page(listing, group, {"before": second.previous})

    rows = first.rows + second.rows + third.rows
    assert rows == list(SORT_ORDERS[sort].rows(listing.contacts(group), backwards=False))
    assert (back.rows, back.previous, third.next) == (first.rows, "", "")
    assert counting.exact_count(listing, group) == Count(5)


def test_more_than_are_counted_are_said_to_be_more(group, three, monkeypatch):
    monkeypatch.setattr(counting, "EXACT_LIMIT", 1)

    for listing in (TableQuery(text="gold"), TableQuery()):
        assert str(counting.exact_count(listing, group)) == "1+"


def test_after_the_page_whatever_is_more_is_counted_and_remembered_for_everybody(group, three, few_are_many):
    opt_out_all(group)

    exact = counting.exact_of_group(group)

    assert (exact[""], exact["opted_out"], exact["active"]) == (Count(3), Count(3), Count(0))
    assert counting.of_group(group) == exact


def test_a_page_of_many_is_followed_by_how_many_they_are(group, three, few_are_many, mikko):
    browser, here = client_of(mikko), reverse("contacts:group", args=[group.pk])
    later = reverse("contacts:count", args=[group.pk])
    page = browser.get(here).content.decode()
    assert '<span id="total">2+</span>' in page
    assert f'hx-get="{later}' in page

    answer = browser.get(later, headers={"HX-Request": "true"}).content.decode()
    assert '<span id="total" hx-swap-oob="true">3</span>' in answer
    assert '<span id="matching">3</span>' in answer
    cache.clear()
    groups = browser.get(reverse("contacts:groups")).content.decode()
    assert 'hx-get="/contacts/?counts=exact' in groups
    assert "2+" in groups
    exact = browser.get(reverse("contacts:groups"), {"counts": "exact"}).content.decode()
    assert 'hx-get="/contacts/?counts=exact' not in exact
    assert "2+" not in exact


def test_opted_out_is_what_the_record_of_consent_says_and_nothing_else(group, kahvila, mikko):
    """In the table, as a segment and on each row; whatever the row of a contact says meanwhile."""
    suppress(kahvila, phone="+358401111111")
    people = {
        "Opted out": make_contact(group, phone="+358401111111", first_name="Not followed yet", active=True),
        "Not active in the group": make_contact(group, phone="+358402222222", active=False),
        "Undecided": make_contact(group, phone="+358403333333", active=False, undecided=True),
        "Yes": make_contact(group, phone="+358404444444"),
    }
    states = dict(zip(people, ("opted_out", "inactive", "undecided", "active"), strict=True))

    for words, contact in people.items():
        listing = TableQuery(state=states[words])
        (row,) = page(listing, group, {}, only=columns.needed_fields(["active"])).rows
        assert row.pk == contact.pk
        assert words in columns.CHOICES["active"].cell(row)
        kept = condition(parse(as_segment.text_of(listing, group)), Scope.of(kahvila))
        assert [each.pk for each in Contact.objects.filter(kept)] == [contact.pk]
        _, exported = contact_rows(listing.contacts(group))
        assert exported[-1] == {"Undecided": "", "Yes": "Yes"}.get(words, "No")
        shown = client_of(mikko).get(reverse("contacts:group", args=[group.pk]), {"state": states[words]})
        assert str(shown.context["matching"]) == "1"
    assert {state: counting.of_group(group)[state] for state in states.values()} == dict.fromkeys(
        states.values(), Count(1)
    )


@pytest.fixture
def none_is_cheap(monkeypatch):
    """More than one opt-out, or one who is inactive, is many to look through."""
    monkeypatch.setattr(counting, "CHEAP", 1)
    counting._about_a_group.cache_clear()
    cache.clear()
    yield
    counting._about_a_group.cache_clear()
    cache.clear()


def test_where_very_many_opted_out_they_are_counted_after_the_page(group, three, mikko, none_is_cheap):
    opt_out_all(group)

    page = client_of(mikko).get(reverse("contacts:group", args=[group.pk])).content.decode()
    later = client_of(mikko).get(reverse("contacts:count", args=[group.pk])).content.decode()

    assert '<span class="chip__count" id="count-opted_out"></span>' in page
    assert f'hx-get="{reverse("contacts:count", args=[group.pk])}' in page
    assert 'id="count-opted_out" hx-swap-oob="true">3<' in later
    assert 'id="count-active" hx-swap-oob="true">0<' in later


def test_an_opt_out_counts_once_whoever_said_it_and_under_whichever_number(group, kahvila, mikko):
    make_contact(group, phone="+525512345678")
    make_contact(group, phone="+358402222222")
    suppress(kahvila, phone="+5215512345678")
    opt_outs.opt_out(kahvila, "+525512345678", Evidence(ConsentSource.STAFF, by=mikko))

    counts = counting.of_group(group)

    assert (counts["opted_out"], counts["active"], counts["inactive"]) == (Count(1), Count(1), Count(0))
