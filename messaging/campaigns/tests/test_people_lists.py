"""Numbers that are pasted or uploaded for a campaign alone: how they are read, and who gets it."""

import json
from datetime import date

import pytest
from django.urls import reverse

from contacts.erasure import erasing
from contacts.models import Contact, StoredFile
from contacts.text.several_numbers import one_a_line
from gateway import clock
from gateway.models import ServiceKind
from gateway.workers import retention
from messaging.campaigns import lifecycle
from messaging.campaigns.audiences import audience, sampling
from messaging.campaigns.audiences.reach import Reach
from messaging.campaigns.composing.unfinished import lacks
from messaging.campaigns.models import Campaign, ListedPerson, PeopleList
from messaging.campaigns.people_lists import uploading
from messaging.campaigns.tests.conftest import make_campaign
from messaging.campaigns.tests.people_lists import (
    OTHER,
    PLAIN,
    STRANGER,
    addresses,
    gets,
    paste,
    send,
    skipped,
    skipped_now,
    to_nobody_yet,
    url,
)
from tests.factories import make_contact, make_service
from tests.people import client_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign(group, service, connected, mikko) -> Campaign:
    return to_nobody_yet(group, mikko)


def test_pasted_numbers_of_strangers_get_the_campaign(campaign, mikko):
    paste(campaign, "040 999 0001\n+358 40 9990002\n", mikko)

    send(campaign, mikko)

    assert addresses(campaign) == [STRANGER, OTHER]
    assert not Contact.objects.filter(phone=STRANGER).exists()


@pytest.mark.parametrize(
    "text",
    [
        "0409990001\n0409990002",
        "0409990001, 0409990002",
        "0409990001; 0409990002;",
        "0409990001\t0409990002",
        "0409990001 0409990002",
        "+358 40 999 0001,(040) 999-0002",
        "\r\n0409990001\r\n\r\n0409990002\r\n",
    ],
)
def test_numbers_may_be_separated_in_any_way(campaign, mikko, text):
    people_list = paste(campaign, text, mikko)

    assert sorted(row.phone for row in people_list.rows.taken()) == [STRANGER, OTHER]


def test_one_number_with_spaces_stays_one():
    assert one_a_line("040 999 0001") == "040 999 0001\n"


def test_rows_with_names_stay_rows():
    text = "Nimi;Numero\nMaija;0409990001\n"

    assert one_a_line(text) == text


def test_columns_fill_the_placeholders(campaign, mikko):
    Campaign.objects.filter(pk=campaign.pk).update(content="Hei $(firstName), $(Tuote)!")

    paste(campaign, "Etunimi;Numero;Tuote\nMaija;0409990001;kahvi\nVille;0409990002;\n", mikko)

    assert gets(campaign) == {STRANGER: "Hei Maija, kahvi!"}
    assert skipped(campaign) == {OTHER: "No Tuote"}


def test_a_fallback_fills_what_a_row_lacks(campaign, mikko):
    Campaign.objects.filter(pk=campaign.pk).update(
        content="Hei $(firstName)!", fallbacks={"firstName": "ystävä"}
    )

    paste(campaign, "0409990001", mikko)

    assert gets(campaign) == {STRANGER: "Hei ystävä!"}


def test_what_the_list_leaves_open_a_contact_of_the_number_tells(campaign, group, mikko):
    make_contact(group, phone=STRANGER, first_name="Maija", properties={"Tuote": "tee"})
    Campaign.objects.filter(pk=campaign.pk).update(content="$(firstName) $(Tuote)")

    paste(campaign, "Numero;Tuote\n0409990001;kahvi\n", mikko)

    assert gets(campaign) == {STRANGER: "Maija kahvi"}


def test_a_repeated_number_gets_it_once(campaign, mikko):
    people_list = paste(campaign, "0409990001\n+358409990001\n0409990002", mikko)

    send(campaign, mikko)

    assert people_list.repeated == 1
    assert addresses(campaign) == [STRANGER, OTHER]


def test_numbers_that_are_none_are_left_out_with_the_reason(campaign, mikko):
    people_list = paste(campaign, "0409990001\n04099900011234567\n0409990002", mikko)

    row = people_list.rows.get(kind="invalid")

    assert (row.line, row.reason) == (2, "This has too many digits to be a phone number.")
    assert skipped(campaign) == {"row 2": "No valid number in the list"}


def test_rows_that_get_nothing_are_exported_with_the_reason(campaign, mikko):
    paste(campaign, "0409990001\n04099900011234567\n0409990002", mikko)

    answer = client_of(mikko).post(url(campaign, "people_list_rejects"))

    text = b"".join(answer).decode("utf-8-sig")
    assert "Row 2: This has too many digits to be a phone number." in text


def test_who_is_left_out_of_the_list_is_counted_and_in_the_receipt(campaign, mikko):
    paste(campaign, "0409990001\n04099900011234567\n0409990002", mikko)
    found = audience.count_audience(Reach.of(campaign), campaign.wording)

    send(campaign, mikko)

    assert (found.number, found.left_out.total()) == (2, 1)
    assert list(campaign.recipients.filter(state="skipped").values_list("phone", "reason")) == [
        ("row 2", "No valid number in the list")
    ]


def test_land_lines_are_left_out_of_an_sms_unless_asked(campaign, mikko):
    paste(campaign, "0409990001\n09 1234 5678", mikko)

    assert skipped(campaign) == {"+358912345678": "Not a mobile number"}
    Campaign.objects.filter(pk=campaign.pk).update(include_landlines=True)
    campaign.refresh_from_db()
    assert set(gets(campaign)) == {STRANGER, "+358912345678"}


class TestWithGroups:
    def test_who_is_in_both_gets_it_once(self, group, service, connected, mikko):
        make_contact(group, phone=STRANGER, first_name="Maija")
        make_contact(group, phone="+358400000009", first_name="Kalle")
        campaign = make_campaign(group, mikko, content=PLAIN)

        paste(campaign, "0409990001\n0409990002", mikko)
        send(campaign, mikko)

        assert addresses(campaign) == ["+358400000009", STRANGER, OTHER]
        assert campaign.recipients.get(phone=STRANGER).contact.first_name == "Maija"

    def test_nobody_of_a_group_that_is_left_out_gets_it(self, campaign, group, mikko):
        make_contact(group, phone=STRANGER)
        Campaign.objects.filter(pk=campaign.pk).update(minus_groups=[group.pk])

        paste(campaign, "0409990001\n0409990002", mikko)
        send(campaign, mikko)

        assert addresses(campaign) == [OTHER]

    def test_who_joins_a_group_that_is_left_out_is_taken_out_of_waiting_calls(self, campaign, group, mikko):
        Campaign.objects.filter(pk=campaign.pk).update(minus_groups=[group.pk])
        paste(campaign, "0409990001\n0409990002", mikko)
        send(campaign, mikko)
        make_contact(group, phone=STRANGER)

        assert skipped_now(campaign) == {STRANGER}


class TestOnADayOfTheirOwn:
    @pytest.fixture
    def birthday(self, group, service, connected, mikko) -> Campaign:
        make_contact(group, phone=STRANGER, properties={"Syntynyt": "1980-05-17"})
        today = {"date_property": "Syntynyt", "on_day": date(2027, 5, 17)}
        return make_campaign(group, mikko, content=PLAIN, **today)

    def test_a_row_that_tells_no_day_leaves_it_to_the_group(self, birthday, mikko):
        paste(birthday, "0409990001\n0409990002", mikko)

        assert set(gets(birthday)) == {STRANGER}

    def test_a_row_that_tells_its_day_counts(self, birthday, mikko):
        paste(birthday, "Numero;Syntynyt\n0409990001;1980-05-18\n0409990002;17.5.\n", mikko)

        assert set(gets(birthday)) == {STRANGER, OTHER}


class TestItsCampaign:
    def test_a_list_that_is_still_being_read_keeps_it_from_being_sent(self, campaign, mikko):
        client_of(mikko).post(url(campaign), {"pasted": "0409990001"})
        campaign.refresh_from_db()

        assert "still being read" in lacks(campaign)

    def test_a_copy_goes_to_the_same_list(self, campaign, mikko):
        people_list = paste(campaign, "0409990001", mikko)

        assert lifecycle.copy_of(campaign).people_list == people_list
        page = client_of(mikko).get(reverse("campaigns:new"), {"copy": campaign.pk})
        assert "A copy goes to the same list" in page.content.decode()

    def test_a_list_that_is_replaced_is_gone(self, campaign, mikko):
        first = paste(campaign, "0409990001", mikko)

        second = paste(campaign, "0409990002", mikko)

        assert not PeopleList.objects.filter(pk=first.pk).exists()
        assert set(gets(campaign)) == {OTHER}
        assert second.people == 1

    def test_a_list_that_another_campaign_has_stays(self, campaign, group, mikko):
        people_list = paste(campaign, "0409990001", mikko)
        copied = lifecycle.copy_of(campaign)
        copied.save()

        client_of(mikko).post(url(campaign, "people_list_removal"))

        campaign.refresh_from_db()
        assert campaign.people_list is None
        assert PeopleList.objects.filter(pk=people_list.pk).exists()

    def test_another_customers_list_is_not_taken(self, campaign, otto, mikko, filled):
        theirs = PeopleList.objects.create(customer=otto.customers.get(), original_name="a", stored_name="a")

        answer = client_of(mikko).post(
            reverse("campaigns:new"), filled | {"people_list": theirs.pk, "action": "save"}
        )

        assert "not kept any more" in json.dumps(answer.context["form"].errors)

    def test_the_page_adds_numbers_to_what_was_written(self, group, service, connected, mikko, filled):
        answer = client_of(mikko).post(reverse("campaigns:new"), filled | {"action": "numbers"})

        saved = Campaign.objects.get()
        assert answer.url == url(saved)


def test_a_stranger_reaches_no_list(campaign, otto, mikko):
    paste(campaign, "0409990001", mikko)

    assert client_of(otto).get(url(campaign)).status_code == 404
    assert client_of(otto).post(url(campaign, "people_list_removal")).status_code == 404


def test_a_viewer_changes_no_list(campaign, vera):
    assert client_of(vera).post(url(campaign), {"pasted": "0409990001"}).status_code == 403


def test_the_preview_steps_through_the_list_and_then_the_group(group, service, connected, mikko):
    make_contact(group, phone="+358400000009", first_name="Kalle")
    campaign = make_campaign(group, mikko, content="Hei $(firstName)", fallbacks={"firstName": "sinä"})
    paste(campaign, "Nimi;Numero\nMaija M;0409990001\n", mikko)

    texts = [audience.preview_recipient(Reach.of(campaign), campaign.wording, place) for place in range(3)]

    assert [each and each.text for each in texts] == ["Hei Maija", "Hei Kalle", None]


def test_a_page_of_a_large_list_asks_no_more(campaign, mikko, django_assert_max_num_queries):
    paste(campaign, "\n".join(f"04099{number:05}" for number in range(60)) + "\n123\n124", mikko)
    client = client_of(mikko)
    client.get(url(campaign))

    with django_assert_max_num_queries(20):
        client.get(url(campaign))


def test_uploading_needs_nobodys_group(campaign, mikko):
    people_list = paste(campaign, "0409990001", mikko)

    assert not uploading.asks(people_list)
    assert people_list.regions == ["FI"]


def test_a_repeated_campaign_says_that_its_list_is_the_same(campaign, mikko):
    paste(campaign, "0409990001", mikko)
    send(campaign, mikko)

    page = client_of(mikko).get(url(campaign, "repeats"))

    assert "Each goes to the same list of numbers" in " ".join(page.content.decode().split())


class TestKeptNoLonger:
    def test_a_list_of_a_campaign_that_is_long_over_goes(self, campaign, mikko, later):
        people_list = paste(campaign, "0409990001", mikko)
        Campaign.objects.filter(pk=campaign.pk).update(state="sent", finished_at=clock.now())

        later(91 * 86_400)
        retention.prune()

        assert not PeopleList.objects.filter(pk=people_list.pk).exists()
        assert not ListedPerson.objects.exists()

    def test_a_file_whose_columns_nobody_chose_goes_and_the_page_says_so(
        self, campaign, mikko, later, django_capture_on_commit_callbacks
    ):
        pasted = "Anna +358401234567\nBen +358402345678\n+358403456789"
        client_of(mikko).post(url(campaign), {"pasted": pasted})

        later(15 * 86_400)
        with django_capture_on_commit_callbacks(execute=True):
            retention.prune()

        assert b"so its file is gone" in client_of(mikko).get(url(campaign)).content
        assert not StoredFile.objects.exists()
        assert PeopleList.objects.get().samples == []

    def test_a_list_that_a_draft_needs_stays(self, campaign, mikko, later):
        people_list = paste(campaign, "0409990001", mikko)

        later(91 * 86_400)
        retention.prune()

        assert PeopleList.objects.filter(pk=people_list.pk).exists()

    def test_an_erased_person_is_taken_out_of_it(self, campaign, kahvila, mikko):
        people_list = paste(campaign, "0409990001\n0409990002", mikko)

        erasing.erase([kahvila], STRANGER, by=mikko)

        people_list.refresh_from_db()
        assert [row.phone for row in people_list.rows.all()] == [OTHER]
        assert people_list.people == 1

    def test_who_was_erased_before_does_not_come_back_by_a_list(self, campaign, kahvila, mikko):
        make_contact(make_service(kahvila, kind=ServiceKind.GROUP), phone=STRANGER)
        erasing.erase([kahvila], STRANGER, by=mikko)

        people_list = paste(campaign, "0409990001\n0409990002", mikko)

        row = people_list.rows.exclude(kind="new").get()
        assert (row.phone, row.raw) == (None, [])
        assert row.reason == "This person was erased at their own wish. Nobody can message the number."


def test_a_large_list_is_counted_from_a_sample(campaign, mikko, monkeypatch):
    paste(campaign, "\n".join(f"04099{number:05}" for number in range(400)), mikko)
    monkeypatch.setattr(sampling, "EXACT", 100)
    monkeypatch.setattr(sampling, "PIECES", 10)
    monkeypatch.setattr(sampling, "FIRST_WIDTH", 10)

    found = sampling.audience_of(Reach.of(campaign), campaign.wording)

    assert 90 <= found.sampled <= 110
    assert 360 <= found.number <= 440
