"""The table as a page: its columns, filters and rows, and what a person keeps of them."""

import re
from html import unescape

import pytest
from django.urls import reverse

from contacts.listing import columns, saved_views
from contacts.models import SavedFilter, SyncState, TableColumns
from contacts.tests.conftest import make_checked, make_saved
from contacts.tests.test_pages import SCRIPT, count_queries
from tests.factories import make_connection, make_contact, make_service
from tests.markup import markup
from tests.people import client_of

REFUSAL = "SmartDialog does not take this number."


@pytest.fixture
def anna(group):
    return make_contact(group, first_name="Anna", last_name="Aalto", properties={"Level": "gold"})


@pytest.fixture
def url(group) -> str:
    return reverse("contacts:group", args=[group.pk])


def shown(browser, url: str, **asked: str) -> str:
    return markup(browser.get(url, asked))


def headings(page: str) -> list[str]:
    head = re.search(r"<thead.*?</thead>", page, re.DOTALL)[0]
    return [re.sub(r"<[^>]+>", "", cell).strip() for cell in re.findall(r"<th.*?</th>", head, re.DOTALL)]


def test_a_row_says_how_smartdialog_stands_and_why(group, anna, mikko, url):
    make_contact(group, sync_state=SyncState.FAILED, sync_error=REFUSAL)

    page = shown(client_of(mikko), url)

    assert "Synced</span></td>" in page
    assert f'<span class="table__sub">{REFUSAL}</span>' in page
    assert headings(page)[1:] == [
        "Name",
        "Number",
        "Email",
        "City",
        "Messages",
        "Last verified",
        "SmartDialog",
    ]


def test_columns_are_chosen_for_every_group_of_the_customer(group, anna, mikko, vera, kahvila, url):
    other = make_service(kahvila, kind="Group")
    make_contact(other)
    browser = client_of(mikko)

    columns = reverse("contacts:columns", args=[group.pk])
    usual = ["email", "city", "active", "verified_at"]
    ticked = {"column": ["gender", "property:Level", "nonsense"], "offered": usual, "filter": "q=anna"}
    answer = browser.post(columns, ticked)
    browser.post(
        reverse("contacts:columns", args=[other.pk]), {"column": ["email"], "offered": ["email", "gender"]}
    )

    assert answer.url == f"{url}?q=anna"
    assert headings(shown(browser, url))[2:] == ["Number", "Email", "Level", "SmartDialog"]
    assert "<bdi>gold</bdi>" in shown(browser, url)
    assert "Level" not in headings(shown(client_of(vera), url))


def test_a_list_is_kept_by_a_name_and_forgotten(group, anna, mikko, vera, url):
    browser = client_of(mikko)
    keep = reverse("contacts:filters", args=[group.pk])

    browser.post(keep, {"name": "Gold", "filter": "property=Level&value=gold"})
    browser.post(keep, {"name": "Gold", "filter": "property=Level&value=gold&state=active"})
    browser.post(keep, {"name": "  ", "filter": "q=anna"})

    kept = SavedFilter.objects.get()
    assert kept.query == "state=active&property=Level&value=gold"
    assert f'href="{url}?state=active&amp;property=Level&amp;value=gold"><bdi>Gold</bdi>' in shown(
        browser, url
    )
    assert "Gold" not in shown(client_of(vera), url)

    removal = reverse("contacts:filter_removal", args=[group.pk, kept.pk])
    assert client_of(vera).post(removal).status_code == 404
    browser.post(removal)
    assert not SavedFilter.objects.exists()


def test_what_somebody_keeps_is_theirs_in_order_and_costs_three_queries(
    mikko, vera, kahvila, django_assert_num_queries
):
    names = [f"Filter {number:02}" for number in range(saved_views.MAX_FILTERS + 1)]
    for name in reversed(names):
        SavedFilter.objects.create(user=mikko, customer=kahvila, name=name, query="q=a")
    assert saved_views.preferences_of(mikko, kahvila).columns == columns.DEFAULT_COLUMNS
    TableColumns.objects.create(user=mikko, customer=kahvila, columns=["city"])

    with django_assert_num_queries(3):
        kept = saved_views.preferences_of(mikko, kahvila)

    assert (kept.columns, [each.name for each in kept.filters]) == (["city"], names[:-1])
    assert saved_views.preferences_of(vera, kahvila).filters == []


def test_each_filter_stands_there_to_be_taken_away(group, anna, mikko, url):
    page = shown(client_of(mikko), url, property="Level", value="gold", since="2026-01-31", state="active")

    assert "Level is gold" in page
    assert "Changed since 31 January 2026" in page
    assert 'href="?state=active&amp;since=2026-01-31"' in page


def test_a_file_that_was_only_checked_leaves_no_property_and_no_importer_behind(
    group, anna, mikko, aino, url
):
    def choices(page: str) -> list[bool]:
        return ["Jäsentaso" in page, f">{mikko}</option>" in page]

    make_checked(group, mikko, "0401111111;Anna;;;;gold\n")
    assert choices(shown(client_of(aino), url)) == [False, False]

    make_connection(mikko)
    make_saved(group, mikko, "0401111111;Anna;;;;gold\n")

    assert choices(shown(client_of(aino), url)) == [True, True]


def test_a_sheet_leads_back_to_the_page_it_came_from(group, anna, mikko, url):
    page = shown(client_of(mikko), url, q="aalto", after="broken", state="active")
    link = re.search(r'<th scope="row"><a id="contact-\d+" href="([^"]+)"', page)[1].replace("&amp;", "&")

    assert link.endswith(f"/people/{anna.pk}/?q=aalto&state=active&after=broken")
    sheet = markup(client_of(mikko).get(link, headers={"HX-Request": "true"}))
    assert f'href="{url}?q=aalto&amp;state=active&amp;after=broken#contact-{anna.pk}"' in sheet


def test_every_cell_is_text(group, mikko, url):
    name = f"{SCRIPT}name"
    make_contact(
        group,
        first_name=SCRIPT,
        city=SCRIPT,
        email=SCRIPT,
        sync_error=SCRIPT,
        properties={name: SCRIPT},
    )
    TableColumns.objects.create(
        user=mikko, customer=group.customer, columns=["email", "city", f"property:{name}"]
    )

    page = shown(client_of(mikko), url, property=name, value=SCRIPT)

    assert "<script>alert" not in page
    assert page.count("&lt;script&gt;alert") > 6


def test_a_viewer_sees_no_boxes(group, anna, vera, url):
    page = shown(client_of(vera), url)

    assert "Anna Aalto" in page
    assert 'name="contact"' not in page


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?q=anna",
        "?state=active&sort=name",
        "?property=Level&value=gold",
        "?since=2026-01-01",
        "?sort=phone",
    ],
)
def test_a_list_takes_as_many_queries_for_many_as_for_few(group, mikko, url, query, monkeypatch):
    monkeypatch.setattr("contacts.listing.paging.PAGE", 5)
    browser = client_of(mikko)
    for _ in range(6):
        make_contact(group, first_name="Anna", properties={"Level": "gold"})
    few = count_queries(browser, url + query)
    for _ in range(30):
        make_contact(group, first_name="Anna", properties={"Level": "gold"})

    assert count_queries(browser, url + query) == few <= 20


def test_a_search_is_counted_once_its_first_page_is_there(
    group, clienti, mikko, vera, otto, url, monkeypatch
):
    monkeypatch.setattr("contacts.listing.paging.PAGE", 2)
    for _ in range(5):
        make_contact(group, first_name="Anna")
    count = reverse("contacts:count", args=[group.pk])

    page = shown(client_of(mikko), url, q="anna")
    assert '<span id="matching" hx-get="' + count + '?q=anna"' in page
    assert 'hx-target="this" hx-swap="outerHTML" hx-push-url="false">2+</span>match' in page
    assert '<span id="matching">5</span>' in shown(client_of(mikko), count, q="anna")
    assert 'id="matching" hx-get' not in shown(client_of(mikko), url, q="nobody")
    assert client_of(otto).get(count, {"q": "anna"}).status_code == 404
    assert "matching-all" in shown(client_of(mikko), count)
    assert "matching-all" not in shown(client_of(vera), count), "who may change nobody has no place for it"


def test_a_search_finds_nobody_of_another_customer(group, clienti, anna, mikko, otto, url):
    make_contact(
        clienti, phone="+393331234567", first_name="Anna", last_name="Rossi", properties={"Tier": "x"}
    )
    page = shown(client_of(mikko), url, q="anna")

    assert ("Aalto" in page, "Rossi" in page, "Tier" in page) == (True, False, False)
    assert "Rossi" not in shown(client_of(otto), reverse("search"), q="anna")
    for query in ["q=anna", "property=Level&value=gold", "by=1", "import=1"]:
        assert client_of(otto).get(f"{url}?{query}").status_code == 404


def test_a_search_that_finds_nobody_offers_the_city_of_that_name(group, mikko, url):
    make_contact(group, first_name="Elina", city="Turku")
    browser = client_of(mikko)

    nobody = markup(browser.get(url, {"q": "turku"}))
    offered = re.search(r'href="([^"]+)"[^>]*>\s*Look for the city “turku”', nobody)

    assert offered
    assert "Elina" not in nobody
    assert "Elina" in markup(browser.get(unescape(offered[1])))
    assert "Look for the city" not in markup(browser.get(url, {"q": '"turku'}))


@pytest.mark.parametrize("text", [".", "!!!", "\u200b", "…–", "🎉"])
def test_a_search_of_signs_alone_finds_nobody(text, group, anna, mikko, url):
    page = client_of(mikko).get(url, {"q": text}).content.decode()

    assert "Nobody matches" in page
    assert anna.first_name not in page
