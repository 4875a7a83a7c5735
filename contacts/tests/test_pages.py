"""The pages of contacts: what is on them, who may see and change what, and what junk does to them."""

import re
from urllib.parse import unquote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from contacts.bulk import action_runner
from contacts.importing import checking, saving
from contacts.models import BulkAction, Contact, Import, ImportState, SyncState
from contacts.tests.bulk_actions import post_bulk
from contacts.tests.conftest import HEADER, make_checked, make_import, make_saved, stored_names
from gateway.models import Operation
from tests.factories import make_contact, make_service, suppress
from tests.people import client_of

HTMX = {"HTTP_HX_REQUEST": "true"}
SCRIPT = '<script>alert("1")</script>'
JUNK = ["'", '"', "__", "\0", "-1", "9" * 40, "password__startswith", "a" * 5000, "W1td", "%00", "٣", "../.."]
ASKED = ["q", "sort", "state", "after", "before", "kind", "step", "_connector"]


@pytest.fixture
def anna(group):
    return make_contact(group, phone="+358401111111", first_name="Anna", last_name="Aalto", city="Oulu")


def page_urls(group, anna, job) -> list[str]:
    return [
        reverse("contacts:group", args=[group.pk]),
        reverse("contacts:regions", args=[group.pk]),
        reverse("contacts:new", args=[group.pk]),
        reverse("contacts:import", args=[group.pk]),
        reverse("contacts:contact", args=[anna.pk]),
        reverse("contacts:edit", args=[anna.pk]),
        reverse("contacts:import_page", args=[job.pk]),
        reverse("contacts:import_rejects", args=[job.pk]),
    ]


def post_urls(group, anna, job) -> list[str]:
    return [
        reverse("contacts:regions", args=[group.pk]),
        reverse("contacts:new", args=[group.pk]),
        reverse("contacts:import", args=[group.pk]),
        reverse("contacts:bulk", args=[group.pk]),
        reverse("contacts:edit", args=[anna.pk]),
        reverse("contacts:pushes", args=[anna.pk]),
        reverse("contacts:import_reading", args=[job.pk]),
        reverse("contacts:import_check", args=[job.pk]),
        reverse("contacts:import_saving", args=[job.pk]),
        reverse("contacts:import_cancellation", args=[job.pk]),
    ]


def test_a_marketer_opens_every_page(group, anna, mikko):
    job = make_checked(group, mikko, "0402222222;Ben\n")

    for url in [reverse("contacts:groups"), reverse("search"), *page_urls(group, anna, job)]:
        assert client_of(mikko).get(url).status_code == 200, url


def test_a_stranger_finds_nothing(group, anna, mikko, otto):
    job = make_checked(group, mikko, "0402222222;Ben\n")
    stranger = client_of(otto)

    for url in page_urls(group, anna, job):
        answer = stranger.get(url)
        assert (answer.status_code, b"Anna" in answer.content) == (404, False), url
    for url in post_urls(group, anna, job):
        assert stranger.post(url).status_code == 404, url
    assert b"Aalto" not in stranger.get(reverse("search"), {"q": "Anna"}).content


def test_a_viewer_looks_and_changes_nothing(group, anna, mikko, vera):
    job = make_checked(group, mikko, "0402222222;Ben\n")
    viewer = client_of(vera)

    assert viewer.get(reverse("contacts:contact", args=[anna.pk])).status_code == 200
    assert viewer.get(reverse("contacts:import_page", args=[job.pk])).status_code == 200
    for url in post_urls(group, anna, job):
        assert viewer.post(url).status_code == 403, url


@pytest.mark.usefixtures("at_once")
def test_contacts_of_another_customer_are_not_deleted_through_ones_own_group(
    group, clienti, anna, mikko, connected
):
    theirs = make_contact(clienti, phone="+393331234567")

    post_bulk(mikko, group, verb="delete", contact=[theirs.pk, anna.pk], agreed=1)
    action_runner.run(BulkAction.objects.get().pk)

    theirs.refresh_from_db()
    anna.refresh_from_db()
    assert (theirs.sync_state, anna.sync_state) == (SyncState.SYNCED, SyncState.DELETING)


@pytest.mark.parametrize("name", ["contacts:group", "contacts:groups", "search", "contacts:import_page"])
def test_junk_in_the_url_is_as_if_it_were_not_there(group, anna, mikko, name):
    """Every name meets every value: a page that took no notice of one goes on to ask for the others."""
    job = make_checked(group, mikko, "0402222222;Ben\n")
    args = {"contacts:group": [group.pk], "contacts:import_page": [job.pk]}.get(name, [])
    browser = client_of(mikko)

    for turn in range(len(JUNK)):
        asked = {each: JUNK[(place + turn) % len(JUNK)] for place, each in enumerate(ASKED)}
        assert browser.get(reverse(name, args=args), asked).status_code == 200, asked


def test_the_table_is_a_page_and_a_fragment(group, anna, mikko):
    url = reverse("contacts:group", args=[group.pk])

    page, fragment = client_of(mikko).get(url), client_of(mikko).get(url, **HTMX)

    assert b"<html" in page.content
    assert fragment.content.lstrip().startswith(b"<section")
    assert b"Anna Aalto" in fragment.content
    assert "HX-Request" in fragment["Vary"]


def test_the_sheet_is_a_page_with_its_list_and_a_fragment_without(group, anna, mikko):
    ben = make_contact(group, first_name="Ben")
    url = reverse("contacts:contact", args=[anna.pk])

    page, fragment = client_of(mikko).get(url), client_of(mikko).get(url, **HTMX)

    assert str(ben).encode() in page.content
    assert b"Anna Aalto" in fragment.content
    assert str(ben).encode() not in fragment.content


def test_who_adds_a_number_that_is_there_is_led_to_whoever_has_it(group, mikko, connected):
    there = make_contact(group, phone="+358401234567", first_name=SCRIPT)
    form = {"phone": "040 123 4567", "first_name": "Ben", "active": "on"}

    page = client_of(mikko).post(reverse("contacts:new", args=[group.pk]), form).content.decode()

    assert "has this number already" in page
    assert f'<a href="{reverse("contacts:contact", args=[there.pk])}">Open <bdi>&lt;script' in page
    assert SCRIPT not in page


def test_a_list_takes_as_many_queries_for_many_as_for_few(group, mikko):
    browser = client_of(mikko)
    url = reverse("contacts:group", args=[group.pk])
    make_contact(group)

    few = count_queries(browser, url)
    for _ in range(30):
        make_contact(group)

    assert count_queries(browser, url) == few <= 16


def test_groups_take_as_many_queries_for_many_as_for_few(kahvila, group, mikko):
    few = count_queries(client_of(mikko), reverse("contacts:groups"))
    for _ in range(10):
        make_contact(make_service(kahvila, kind="Group"))

    assert count_queries(client_of(mikko), reverse("contacts:groups")) == few


def test_a_few_imports_to_be_finished_stand_above_the_groups_with_a_link_to_all(group, mikko):
    for number in range(5):
        make_import(group, mikko, "0401111111;Anna\n", name=f"tiedosto-{number}.csv")
    browser, url = client_of(mikko), reverse("contacts:groups")

    page = browser.get(url).content.decode()
    assert page.count("tiedosto-") == 3
    assert '<a href="?imports=all">All 5</a>' in page

    page = browser.get(url, {"imports": "all"}).content.decode()
    assert page.count("tiedosto-") == 5
    assert ">All 5</a>" not in page


def test_pages_follow_each_other_in_every_order(group, mikko, monkeypatch):
    monkeypatch.setattr("contacts.listing.paging.PAGE", 2)
    for name in ["Cia", "Anna", "Ben", "Anna", "Dan"]:
        make_contact(group, first_name=name)

    for sort in ["newest", "name", "phone"]:
        walked = walk(client_of(mikko), reverse("contacts:group", args=[group.pk]) + f"?sort={sort}")
        assert len(walked) == len(set(walked)) == 5, sort


def test_search_finds_a_name_a_number_in_any_spelling_and_a_property(group, mikko):
    make_contact(group, phone="+358401234567", first_name="Väinö", properties={"Jäsentaso": "Kulta"})
    make_contact(group, first_name="Ben")
    url = reverse("contacts:group", args=[group.pk])

    for text in ["väinö", "VÄINÖ", "040 123", "+358 40 1234567", "kulta", "Va\u0308ino\u0308"]:
        content = client_of(mikko).get(url, {"q": text}, **HTMX).content.decode()
        assert ("Väinö" in content, "Ben" in content) == (True, False), text


def test_text_from_files_and_people_is_shown_as_text(group, mikko, connected):
    contact = make_contact(group, first_name=SCRIPT, city=SCRIPT, properties={SCRIPT: SCRIPT})
    job = make_import(
        group, mikko, f'0402222222;"{SCRIPT.replace(chr(34), chr(34) * 2)}"\n', name=f"{SCRIPT}.csv"
    )

    pages = page_urls(group, contact, job)[:-1]  # without the file, which is no page
    for url in [*pages, reverse("search") + f"?q={SCRIPT}"]:
        assert SCRIPT not in client_of(mikko).get(url).content.decode(), url


@pytest.mark.usefixtures("at_once")
def test_a_contact_is_added_edited_and_deleted_with_its_history(group, mikko, connected):
    browser = client_of(mikko)
    form = {"phone": "040 111 1111", "first_name": "Anna", "active": "on", "country_code": "Suomi"}
    browser.post(reverse("contacts:new", args=[group.pk]), form)
    anna = Contact.objects.get(phone="+358401111111")

    browser.post(
        reverse("contacts:edit", args=[anna.pk]),
        {
            "first_name": "Anne",
            "active": "on",
            "revision": anna.revision,
            "property_name": "Level",
            "property_value": "gold",
        },
    )

    anna.refresh_from_db()
    sheet = browser.get(reverse("contacts:contact", args=[anna.pk])).content.decode()
    assert (anna.first_name, anna.country_code, anna.properties) == ("Anne", "", {"Level": "gold"})
    assert Operation.objects.get().payload["contact"]["first_name"] == "Anne"
    assert "Added" in sheet
    assert re.search(r"First name</bdi>:.*Anna.*Anne", sheet, re.DOTALL)

    post_bulk(mikko, group, verb="delete", contact=anna.pk, agreed=1)
    action_runner.run(BulkAction.objects.get().pk)
    assert not Contact.objects.exists()
    assert Operation.objects.get().state == "cancelled"


def test_an_edit_of_what_somebody_else_changed_comes_back(group, anna, mikko, connected):
    url = reverse("contacts:edit", args=[anna.pk])

    answer = client_of(mikko).post(url, {"first_name": "Anne", "active": "on", "revision": 99})

    anna.refresh_from_db()
    assert anna.first_name == "Anna"
    assert b"Somebody else changed this contact" in answer.content


def test_nobody_who_asked_for_no_messages_is_made_active_by_hand(group, anna, mikko, connected):
    suppress(group.customer, phone=anna.phone, reason="Answered STOP")
    anna.refresh_from_db()
    url = reverse("contacts:edit", args=[anna.pk])

    answer = client_of(mikko).post(url, {"first_name": "Anna", "active": "on", "revision": anna.revision})

    anna.refresh_from_db()
    assert not anna.active
    assert b"This person opted out on" in answer.content


def test_without_a_connection_a_change_says_what_to_do(group, anna, mikko):
    answer = client_of(mikko).post(
        reverse("contacts:edit", args=[anna.pk]),
        {"first_name": "Anne", "active": "on", "revision": anna.revision},
    )

    assert b"Sign in with SmartDialog first" in answer.content


def test_deleting_asks_first_and_says_what_it_costs(group, anna, mikko, connected):
    url, form = reverse("contacts:bulk", args=[group.pk]), {"verb": "delete", "contact": anna.pk}

    page = client_of(mikko).post(url, form)
    fragment = client_of(mikko).post(url, form, **HTMX)

    assert b"a few seconds, done " in page.content
    assert b"<html" in page.content
    assert b"<html" not in fragment.content
    assert Contact.objects.get().sync_state == SyncState.SYNCED


def test_an_import_goes_from_file_to_saved_through_its_pages(group, mikko, connected):
    browser = client_of(mikko)
    text = HEADER + "0401111111;Anna;;;;kulta\n040;Ben\n"
    file = SimpleUploadedFile("jäsenet.csv", text.encode("cp1252"))
    answer = browser.post(reverse("contacts:import", args=[group.pk]), {"file": file})
    job = Import.objects.get()
    assert answer.url == reverse("contacts:import_page", args=[job.pk])

    columns = browser.get(answer.url).content.decode()
    assert "Western European (Windows)" in columns
    chosen = {f"column_{number}": target for number, target in enumerate(job.mapping)}
    browser.post(reverse("contacts:import_check", args=[job.pk]), chosen | {"region_0": "FI"})

    checking.check(job.pk)
    review = browser.get(answer.url, {"kind": "invalid"}).content.decode()
    assert "Save 1 new" in review
    assert "at most" in review  # it is looked first who is there
    assert "too short to be a phone number" in review

    browser.post(reverse("contacts:import_saving", args=[job.pk]))
    saving.save(job.pk)
    progress = browser.get(answer.url, **HTMX).content.decode()
    assert Contact.objects.get().first_name == "Anna"
    assert "every 2s" in progress
    assert "Synced to SmartDialog" in progress


def test_columns_without_a_phone_number_come_back(group, mikko):
    job = make_import(group, mikko, "0401111111;Anna\n")

    answer = client_of(mikko).post(
        reverse("contacts:import_check", args=[job.pk]), {"region_0": "FI", "column_0": "email"}
    )

    job.refresh_from_db()
    assert b"Choose the column that holds the phone numbers" in answer.content
    assert job.state == ImportState.UPLOADED


def test_a_file_that_is_no_spreadsheet_is_refused_and_nothing_is_kept(group, mikko, uploads):
    file = SimpleUploadedFile("../../members.csv", b"%PDF-1.7 something")

    answer = client_of(mikko).post(reverse("contacts:import", args=[group.pk]), {"file": file})

    assert b"This file is a PDF document, not a spreadsheet" in answer.content
    assert not Import.objects.exists()
    assert [*uploads.iterdir(), *stored_names()] == []


def test_rejects_come_as_a_file_that_can_be_mended_and_imported_again(group, mikko):
    job = make_checked(group, mikko, "040;=1+1;;;;kulta\n0401111111;Anna\n0401111111;Ben\n")

    answer = client_of(mikko).get(reverse("contacts:import_rejects", args=[job.pk]))

    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert lines[0].endswith(";Why it was not imported")
    assert lines[1].startswith("040;'=1+1;;;;kulta;Row 2: This is too short")
    assert lines[2] == "0401111111;Ben;;;;;Row 4: An earlier row has this number."


@pytest.mark.parametrize(
    ("kind", "name", "lines"),
    [("invalid", "invalid rows", [2]), ("duplicate", "duplicates", [4]), ("new", "not imported", [2, 4])],
)
def test_duplicates_and_invalid_rows_come_apart(group, mikko, kind, name, lines):
    """Imported again, duplicates would overwrite whom the first row of their number has brought."""
    job = make_checked(group, mikko, "040;Aino\n0401111111;Anna\n0401111111;Ben\n")

    answer = client_of(mikko).get(reverse("contacts:import_rejects", args=[job.pk]), {"kind": kind})

    assert name in unquote(answer["Content-Disposition"])
    rows = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()[1:]
    assert [int(re.search(r"Row (\d)", row)[1]) for row in rows] == lines


def test_a_finished_import_stops_asking(group, mikko, connected):
    job = make_saved(group, mikko, "0401111111;Anna\n")
    Import.objects.update(state=ImportState.DONE)

    content = client_of(mikko).get(reverse("contacts:import_page", args=[job.pk]), **HTMX).content

    assert b"every 2s" not in content
    assert b"The import is done" in content


def count_queries(browser, url: str) -> int:
    browser.get(url)
    with CaptureQueriesContext(connection) as queries:
        assert browser.get(url).status_code == 200
    return len(queries)


def walk(browser, url: str) -> list[str]:
    """The row ids of a page and those after it, then back to the first page by its links."""
    found: list[str] = []
    content = browser.get(url).content.decode()
    while True:
        found += re.findall(r'<a id="contact-(\d+)"', content)
        onward = re.search(r'rel="next" href="([^"]+)"', content)
        if not onward:
            return found
        content = browser.get(url.split("?")[0] + onward[1].replace("&amp;", "&")).content.decode()
