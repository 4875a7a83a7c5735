"""What a page shows on its way to SmartDialog is looked at again, until it is there or refused."""

import pytest
from django.urls import reverse

from contacts.editing import crud
from contacts.models import Contact, SyncState
from contacts.tests.answers import refuse, take
from contacts.tests.test_pages import count_queries
from gateway.models import Operation
from gateway.smartdialog.errors import Refused
from tests.factories import make_contact
from tests.markup import markup
from tests.people import client_of

HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def anna(group):
    return make_contact(group, first_name="Anna")


@pytest.fixture
def edited(anna, mikko, connected):
    crud.edit(anna, values={"city": "Turku"}, revision=anna.revision, by=mikko)
    anna.refresh_from_db()
    return anna


def table(group) -> str:
    return reverse("contacts:group", args=[group.pk])


def standing(group, *contacts) -> str:
    return f"{reverse('contacts:standing', args=[group.pk])}?of={','.join(str(each.pk) for each in contacts)}"


def sheet(contact, query: str = "") -> str:
    return reverse("contacts:contact", args=[contact.pk]) + query


def said(browser, url: str) -> str:
    return markup(browser.get(url, **HTMX))


def test_a_table_looks_again_at_the_rows_that_are_on_their_way_and_at_no_others(group, edited, mikko):
    there = make_contact(group)

    page = said(client_of(mikko), table(group))

    assert f'hx-get="{standing(group, edited)}" hx-trigger="every 2s"' in page
    assert f'id="state-{edited.pk}"' in page
    assert f'id="state-{there.pk}"' not in page


def test_how_it_went_comes_to_the_row_and_to_the_chips_and_then_nothing_looks_again(group, edited, mikko):
    browser = client_of(mikko)
    assert f'id="state-{edited.pk}"' not in said(browser, standing(group, edited))

    take(Operation.objects.get())
    answer = said(browser, standing(group, edited))

    assert f'<span id="state-{edited.pk}" hx-swap-oob="true"><span class="badge badge--positive">' in answer
    assert 'id="count-waiting" hx-swap-oob="true">0<' in answer
    assert 'id="count-synced" hx-swap-oob="true">1<' in answer
    assert "count-inactive" not in answer, "which has no chip until it is chosen"
    assert "hx-trigger" not in answer


def test_a_refusal_comes_to_the_row_with_smartdialogs_words(group, edited, mikko):
    refuse(Operation.objects.get(), Refused("<b>No</b>", status=403))

    answer = said(client_of(mikko), standing(group, edited))

    assert "&lt;b&gt;No&lt;/b&gt;" in answer
    assert 'id="count-failed" hx-swap-oob="true">1<' in answer


def test_counts_alone_are_looked_at_seldom_and_a_table_at_rest_never(group, anna, mikko, monkeypatch):
    monkeypatch.setattr("contacts.listing.paging.PAGE", 1)
    make_contact(group, sync_state=SyncState.WAITING)
    newest = make_contact(group)
    browser = client_of(mikko)

    assert "every 10s" in said(browser, table(group))

    Contact.objects.exclude(pk=newest.pk).delete()
    assert "every" not in said(browser, table(group)).partition('id="standing"')[2].partition(">")[0]


def test_a_look_takes_as_many_queries_for_many_rows_as_for_few(group, mikko):
    few = [make_contact(group, sync_state=SyncState.WAITING) for _ in range(2)]
    browser = client_of(mikko)
    queries = count_queries(browser, standing(group, *few))
    many = [make_contact(group, sync_state=SyncState.WAITING) for _ in range(30)]

    assert count_queries(browser, standing(group, *few, *many)) == queries


def test_a_stranger_and_junk_are_told_of_nobody(group, clienti, anna, mikko, otto):
    theirs = make_contact(clienti, phone="+393331234567")

    assert client_of(otto).get(standing(group, anna)).status_code == 404
    assert f"state-{theirs.pk}" not in said(client_of(mikko), standing(group, theirs))
    assert client_of(mikko).get(standing(group), {"of": "x,-1,٣,,1e9"}).status_code == 200


def test_a_sheet_asks_for_itself_while_its_change_is_on_its_way(group, edited, mikko):
    browser = client_of(mikko)
    again = sheet(edited, f"?revision={edited.revision}")

    assert f'hx-get="{again}" hx-trigger="every 2s"' in said(browser, sheet(edited))
    assert browser.get(again, **HTMX).status_code == 204

    take(Operation.objects.get())
    there = said(browser, again)
    assert "Synced" in there
    assert "hx-trigger" not in there


def test_a_sheet_comes_anew_when_somebody_changes_the_contact_once_more(group, edited, mikko):
    seen = edited.revision
    crud.edit(edited, values={"city": "Pori"}, revision=seen, by=mikko)

    assert "Pori" in said(client_of(mikko), sheet(edited, f"?revision={seen}"))
    assert client_of(mikko).get(sheet(edited, f"?revision={seen}")).status_code == 200
