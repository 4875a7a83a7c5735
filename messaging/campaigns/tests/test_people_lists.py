"""Numbers that are pasted or uploaded for a campaign alone: how they are read, and who gets it."""

import json
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from contacts.consent import opt_outs
from contacts.consent.opt_outs import Evidence
from contacts.erasure import erasing
from contacts.models import ConsentSource, Contact, OptOutRequest, StoredFile
from contacts.tests.workbook_files import written
from gateway import clock, retention
from gateway.models import ServiceKind
from messaging.campaigns import lifecycle
from messaging.campaigns.audiences import audience, left_out
from messaging.campaigns.audiences.reach import Reach
from messaging.campaigns.composing.unfinished import lacks
from messaging.campaigns.dispatch import last_look, sending
from messaging.campaigns.models import Campaign, ListedPerson, PeopleList
from messaging.campaigns.people_lists import deciding, reading, uploading
from messaging.campaigns.people_lists.pasted_numbers import one_a_line
from messaging.campaigns.tests.conftest import calls_of, make_campaign, schedule
from tests.factories import make_contact, make_service, suppress
from tests.people import client_of

pytestmark = pytest.mark.django_db

PLAIN = "Kahvi 1 e"
STRANGER, OTHER = "+358409990001", "+358409990002"


@pytest.fixture
def campaign(group, service, connected, mikko) -> Campaign:
    made = make_campaign(group, mikko, content=PLAIN)
    made.group = None
    made.save()
    return made


def url(campaign: Campaign, name: str = "people_list") -> str:
    return reverse(f"campaigns:{name}", args=[campaign.pk])


def paste(campaign: Campaign, text: str, by) -> PeopleList:
    """By the page, and read as a worker does."""
    answer = client_of(by).post(url(campaign), {"pasted": text})
    assert answer.status_code == 302, answer.context["upload"].errors
    return read(campaign)


def read(campaign: Campaign) -> PeopleList:
    campaign.refresh_from_db()
    reading.read(campaign.people_list_id)
    campaign.refresh_from_db()
    return campaign.people_list


def gets(campaign: Campaign) -> dict[str, str]:
    """What each of them reads."""
    people = audience.everybody(Reach.of(campaign), campaign.wording)
    return {row["phone"]: campaign.wording.render(values) for row, values, reason in people if not reason}


def skipped(campaign: Campaign) -> dict[str, str]:
    return {each.phone: each.reason for each in left_out.people(campaign)}


def addresses(campaign: Campaign) -> list[str]:
    calls = calls_of(campaign)
    return sorted(each["address"] for call in calls for each in call.payload["message"]["recipients"])


def send(campaign: Campaign, by) -> None:
    campaign.refresh_from_db()
    schedule(campaign, by)
    sending.send_now(campaign.pk)
    campaign.refresh_from_db()


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


class TestConsent:
    def test_the_record_holds_for_strangers_too(self, campaign, kahvila, mikko):
        suppress(kahvila, phone=STRANGER, reason="STOP")

        paste(campaign, "0409990001\n0409990002", mikko)

        assert skipped(campaign) == {STRANGER: "Opted out"}

    def test_words_that_wait_keep_a_stranger_from_it(self, campaign, kahvila, mikko):
        OptOutRequest.objects.create(customer=kahvila, phone=STRANGER, words="Stop kiitos")

        paste(campaign, "0409990001\n0409990002", mikko)

        assert skipped(campaign) == {STRANGER: "May have opted out"}

    def test_a_contact_who_is_inactive_in_all_groups_gets_nothing(self, campaign, group, mikko):
        make_contact(group, phone=STRANGER, active=False)

        paste(campaign, "0409990001", mikko)

        assert skipped(campaign) == {STRANGER: "Not active in the group"}

    def test_a_contact_who_is_undecided_gets_nothing(self, campaign, group, mikko):
        make_contact(group, phone=STRANGER, active=False, undecided=True)

        paste(campaign, "0409990001", mikko)

        assert skipped(campaign) == {STRANGER: "Undecided"}

    def test_a_contact_who_is_active_somewhere_gets_it(self, campaign, kahvila, group, mikko):
        make_contact(group, phone=STRANGER, active=False)
        make_contact(make_service(kahvila, kind=ServiceKind.GROUP), phone=STRANGER)

        paste(campaign, "0409990001", mikko)

        assert set(gets(campaign)) == {STRANGER}

    def test_another_customers_contact_says_nothing(self, campaign, otto, mikko):
        elsewhere = make_service(otto.customers.get(), kind=ServiceKind.GROUP)
        make_contact(elsewhere, phone=STRANGER, active=False, first_name="Toinen")

        paste(campaign, "0409990001", mikko)

        assert set(gets(campaign)) == {STRANGER}

    def test_a_number_in_another_spelling_is_the_contact(self, campaign, group, mikko):
        make_contact(group, phone="+5215512345678", active=False)

        paste(campaign, "+525512345678", mikko)

        assert skipped(campaign) == {"+5215512345678": "Not active in the group"}

    def test_a_column_that_says_no_is_heard(self, campaign, mikko):
        paste(campaign, "Numero;SMS-lupa\n0409990001;ei\n0409990002;kyllä\n", mikko)

        assert skipped(campaign) == {STRANGER: "The list says no messages"}

    @pytest.mark.parametrize("rows", [("kyllä", "ei"), ("ei", "kyllä")])
    @pytest.mark.parametrize("chunk", [1, 5000])
    def test_one_no_is_enough_wherever_it_stands(self, campaign, group, mikko, monkeypatch, rows, chunk):
        monkeypatch.setattr(reading, "CHUNK", chunk)
        make_contact(group, phone=STRANGER)
        Campaign.objects.filter(pk=campaign.pk).update(group=group)
        said = "".join(f"0409990001;{each}\n" for each in rows)

        people_list = paste(campaign, f"Numero;SMS-lupa\n{said}0409990002;kyllä\n", mikko)
        send(campaign, mikko)

        assert addresses(campaign) == [OTHER]
        assert (people_list.people, people_list.repeated, people_list.left_out) == (1, 1, 1)

    def test_a_stop_after_planning_is_respected(self, campaign, kahvila, mikko):
        paste(campaign, "0409990001\n0409990002", mikko)
        send(campaign, mikko)
        opt_outs.opt_out(kahvila, STRANGER, Evidence(ConsentSource.STAFF, words="STOP", by=mikko))

        skipped_now = last_look.skip_unwilling(campaign, list(campaign.recipients.all()))

        assert skipped_now == {STRANGER}

    def test_strangers_of_the_list_are_still_there(self, campaign, mikko):
        paste(campaign, "0409990001\n0409990002", mikko)
        send(campaign, mikko)

        assert last_look.skip_unwilling(campaign, list(campaign.recipients.all())) == set()


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

        assert last_look.skip_unwilling(campaign, list(campaign.recipients.all())) == {STRANGER}


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


class TestUnclear:
    """In Finland 358501234 may be +358501234… and a national number."""

    @pytest.fixture
    def unclear(self, campaign, mikko) -> PeopleList:
        return paste(campaign, "0409990001\n358401234567\n4790123456", mikko)

    def test_it_is_left_out_until_somebody_says(self, unclear, campaign):
        assert unclear.unclear >= 1
        assert "Unclear number in the list" in skipped(campaign).values()

    def test_one_is_decided(self, unclear, campaign, mikko):
        row = unclear.rows.filter(kind="unclear").first()
        choice = row.choices[0][1]

        client_of(mikko).post(url(campaign, "people_list_unclear"), {"line": row.line, "choice": choice})

        row = unclear.rows.get(line=row.line)
        unclear_before = unclear.unclear
        unclear.refresh_from_db()
        assert (row.kind, row.phone, unclear.unclear) == ("new", choice, unclear_before - 1)

    def test_what_it_may_not_be_is_not_taken(self, unclear, campaign, mikko):
        row = unclear.rows.filter(kind="unclear").first()

        client_of(mikko).post(
            url(campaign, "people_list_unclear"), {"line": row.line, "choice": "+4799999999"}
        )

        assert unclear.rows.get(line=row.line).kind == "unclear"

    def test_all_alike_are_decided(self, unclear, campaign, mikko):
        region = deciding.ways(unclear)[0][0]

        client_of(mikko).post(url(campaign, "people_list_unclear"), {"region": region})

        before = unclear.unclear
        unclear.refresh_from_db()
        assert unclear.unclear < before
        assert unclear.rows_read == 3


class TestFiles:
    def upload(self, campaign, mikko, content: bytes, name: str = "lista.csv"):
        file = SimpleUploadedFile(name, content)
        return client_of(mikko).post(url(campaign), {"file": file})

    def test_a_file_is_read_and_then_gone(self, campaign, mikko, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks(execute=True):
            self.upload(campaign, mikko, b"Etunimi;Puhelin\nMaija;0409990001\n")
            people_list = read(campaign)

        assert (people_list.people, people_list.original_name) == (1, "lista.csv")
        assert not StoredFile.objects.exists()
        assert people_list.samples == []

    def test_a_workbook_is_read(self, campaign, mikko):
        rows = written([["Nimi", "Puhelin"], ["Maija Meikäläinen", "0409990001"]])

        self.upload(campaign, mikko, rows, "lista.xlsx")
        people_list = read(campaign)

        person = people_list.rows.get()
        assert (person.first_name, person.last_name) == ("Maija", "Meikäläinen")

    def test_what_cannot_be_known_is_asked_first(self, campaign, mikko):
        self.upload(campaign, mikko, b"A;B\n0409990001;0409990002\n")
        campaign.refresh_from_db()

        page = client_of(mikko).get(url(campaign))

        assert campaign.people_list.is_waiting
        assert "Read every row" in page.content.decode()

    def test_it_is_read_as_somebody_says(self, campaign, mikko):
        self.upload(campaign, mikko, b"A;B\nMaija;0409990001\nVille;0409990002\n")
        campaign.refresh_from_db()
        said = {"column_0": "first_name", "column_1": "phone", "region_0": "FI"}

        client_of(mikko).post(url(campaign, "people_list_columns"), said)

        people_list = read(campaign)
        assert [each.first_name for each in people_list.rows.taken()] == ["Maija", "Ville"]

    def test_a_file_that_is_none_is_refused_with_the_reason(self, campaign, mikko):
        answer = self.upload(campaign, mikko, b"%PDF-1.4 something", "lista.pdf")

        assert answer.status_code == 200
        assert answer.context["upload"].errors["file"]
        assert not PeopleList.objects.exists()

    def test_a_killed_reader_is_followed_by_another_that_reads_nothing_twice(
        self, campaign, mikko, monkeypatch
    ):
        monkeypatch.setattr(reading, "CHUNK", 1)
        keep = reading.keep

        def keep_one(people_list, chunk):
            if people_list.cursor or people_list.counts:
                raise KeyboardInterrupt
            return keep(people_list, chunk)

        self.upload(campaign, mikko, b"Puhelin\n0409990001\n0409990002\n")
        monkeypatch.setattr(reading, "keep", keep_one)
        with pytest.raises(KeyboardInterrupt):
            read(campaign)
        monkeypatch.setattr(reading, "keep", keep)

        assert read(campaign).people == 2
        assert ListedPerson.objects.count() == 2


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


class TestBlankConsent:
    @pytest.fixture
    def unsaid(self, campaign, mikko) -> PeopleList:
        return paste(campaign, "Numero;SMS-lupa\n0409990001;kyllä\n0409990002;\n", mikko)

    def test_who_does_not_say_is_asked_about(self, unsaid, campaign):
        assert skipped(campaign) == {"row 3": "Unclear number in the list"}

    @pytest.mark.parametrize(("said", "people"), [("yes", {STRANGER, OTHER}), ("no", {STRANGER})])
    def test_it_is_decided_for_all_alike(self, unsaid, campaign, mikko, said, people):
        client_of(mikko).post(url(campaign, "people_list_unclear"), {"blank_consent": said})

        assert set(gets(campaign)) == people


class TestKeptNoLonger:
    def test_a_list_of_a_campaign_that_is_long_over_goes(self, campaign, mikko, later):
        people_list = paste(campaign, "0409990001", mikko)
        Campaign.objects.filter(pk=campaign.pk).update(state="sent", finished_at=clock.now())

        later(91 * 86_400)
        retention.prune()

        assert not PeopleList.objects.filter(pk=people_list.pk).exists()
        assert not ListedPerson.objects.exists()

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
