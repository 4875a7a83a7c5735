"""People of a campaign's own list in its result: by the name that the list has, as they are no contacts."""

import pytest
from django.urls import reverse

from messaging.campaigns.models import Campaign, ListedPerson
from messaging.campaigns.tests.people_lists import OTHER, STRANGER, paste, send, to_nobody_yet
from messaging.campaigns.tests.test_outcome import exported
from tests.people import client_of


@pytest.fixture
def sent_to_list(group, service, connected, mikko) -> Campaign:
    campaign = to_nobody_yet(group, mikko)
    paste(campaign, "Etunimi;Sukunimi;Numero\nMaija;Mäki;0409990001\n;;0409990002\n", mikko)
    send(campaign, mikko)
    return campaign


def result(campaign: Campaign, user, text: str = "") -> str:
    page = client_of(user).get(reverse("campaigns:campaign", args=[campaign.pk]), {"q": text})
    return page.content.decode()


def test_they_are_called_as_in_the_list_and_are_no_deleted_contacts(sent_to_list, mikko):
    page = result(sent_to_list, mikko)

    assert "<bdi>Maija Mäki</bdi>" in page
    assert "<bdi>No name</bdi>" in page
    assert "Deleted contact" not in page


@pytest.mark.parametrize(
    ("text", "found"),
    [("mäki", {STRANGER}), ("maija mäki", {STRANGER}), ("ville", set()), ("9990002", {OTHER})],
)
def test_they_are_found_by_the_name_of_the_list(sent_to_list, mikko, text, found):
    page = client_of(mikko).get(reverse("campaigns:campaign", args=[sent_to_list.pk]), {"q": text})

    assert {each.phone for each in page.context["page"].rows} == found


def test_the_file_names_them(sent_to_list, mikko):
    assert [row[:2] for row in exported(sent_to_list, mikko)[1:]] == [["Maija Mäki", STRANGER], ["", OTHER]]


def test_once_the_list_is_not_kept_any_more_nobody_is_named(sent_to_list, mikko):
    ListedPerson.objects.all().delete()

    page = result(sent_to_list, mikko)

    assert "Maija" not in page
    assert page.count("No name kept") == 2
