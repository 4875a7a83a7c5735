"""Files of numbers for a campaign alone, and rows that somebody has to decide about."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, connection

from contacts.importing.files import stored_files
from contacts.importing.files.refusals import FileRefused
from contacts.importing.files.stored_files import Upload
from contacts.models import StoredChunk, StoredFile
from contacts.tests.workbook_files import written
from messaging.campaigns import lifecycle
from messaging.campaigns.models import Campaign, CampaignState, ListedPerson, PeopleList
from messaging.campaigns.people_lists import deciding, reading, uploading
from messaging.campaigns.tests.conftest import schedule
from messaging.campaigns.tests.people_lists import paste, read, skipped, to_nobody_yet, url
from tests.people import client_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign(group, service, connected, mikko) -> Campaign:
    return to_nobody_yet(group, mikko)


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
        page = client_of(mikko).get(url(campaign)).content.decode()
        assert f'name="choice" value="{choice}"' in " ".join(page.split())

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

    def test_a_campaign_that_was_agreed_is_a_draft_again(self, unclear, campaign, mikko):
        schedule(campaign, mikko)
        revision = campaign.revision

        region = deciding.ways(unclear)[0][0]
        answer = client_of(mikko).post(url(campaign, "people_list_unclear"), {"region": region}, follow=True)

        assert f"“{campaign}” is a draft again: send anew." in answer.content.decode()
        campaign.refresh_from_db()
        assert campaign.state == CampaignState.DRAFT
        assert campaign.revision > revision

    def test_and_so_is_each_other_with_the_list(self, unclear, campaign, mikko):
        other = lifecycle.copy_of(campaign)
        other.created_by = mikko
        other.save()
        schedule(campaign, mikko)
        schedule(other, mikko)

        region = deciding.ways(unclear)[0][0]
        answer = client_of(mikko).post(url(campaign, "people_list_unclear"), {"region": region}, follow=True)

        assert f"“{campaign}”, “{other}” are drafts again: send anew." in answer.content.decode()


def test_a_person_above_what_looks_like_a_header_is_not_passed_over(campaign, mikko):
    client_of(mikko).post(url(campaign), {"pasted": "Anna +358401234567\nBen +358402345678\n+358403456789"})

    campaign.refresh_from_db()
    assert campaign.people_list.is_waiting
    assert "header_row" in {each["about"] for each in campaign.people_list.questions}


def test_two_spellings_of_a_number_are_one_person(campaign, mikko):
    people_list = paste(campaign, "+54 9 11 2345 6789\n+54 11 2345 6789", mikko)

    assert (people_list.people, people_list.repeated) == (1, 1)


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

    def test_while_a_slow_store_keeps_the_file_no_transaction_waits(self, campaign, mikko, monkeypatch):
        outside = len(connection.savepoint_ids)
        keep, depths = stored_files.keep, []

        def kept(path, name) -> None:
            depths.append(len(connection.savepoint_ids))
            keep(path, name)

        monkeypatch.setattr(stored_files, "keep", kept)
        self.upload(campaign, mikko, b"Etunimi;Puhelin\nMaija;0409990001\n")

        assert depths == [outside]

    @pytest.mark.parametrize(
        ("error", "told"),
        [
            (lifecycle.CampaignChanged(), lifecycle.CampaignChanged),
            (OperationalError("database or disk is full"), FileRefused),
            (OperationalError("server closed the connection unexpectedly"), OperationalError),
        ],
        ids=str,
    )
    def test_a_file_that_becomes_no_list_is_not_kept(self, campaign, mikko, monkeypatch, error, told):
        def fails(*_, **__) -> None:
            raise error

        monkeypatch.setattr(lifecycle, "edit", fails)
        with pytest.raises(told):
            uploading.upload(Upload("a.csv", [b"Puhelin\n0409990001\n"]), campaign, by=mikko)

        assert not StoredFile.objects.exists()
        assert not PeopleList.objects.exists()

    def test_a_file_that_is_none_is_refused_with_the_reason(self, campaign, mikko):
        answer = self.upload(campaign, mikko, b"%PDF-1.4 something", "lista.pdf")

        assert answer.status_code == 200
        assert answer.context["upload"].errors["file"]
        assert not PeopleList.objects.exists()

    def test_a_file_that_comes_back_otherwise_is_not_read(self, campaign, mikko):
        self.upload(campaign, mikko, b"Puhelin\n0409990001\n")
        StoredChunk.objects.update(data=b"Puhelin\n0409990002\n")

        people_list = read(campaign)

        assert "as it was when you chose it" in people_list.refusal_words
        assert not ListedPerson.objects.exists()

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
