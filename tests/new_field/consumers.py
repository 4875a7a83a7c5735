"""Whoever reads the catalogue knows the new field: run by test_new_field.py, with the plugin beside."""

from dataclasses import replace

import pytest
from django.urls import reverse

from contacts.erasure import erasing
from contacts.exporting.contact_rows import contact_rows
from contacts.importing import checking, import_lifecycle, saving, undoing
from contacts.importing.forms import ColumnsForm
from contacts.importing.import_lifecycle import Upload
from contacts.models import BulkVerb, Contact, Import, ImportRow
from contacts.sync import pushing
from contacts.sync.remote_diff import remote_diff, remote_values
from contacts.tests.bulk_actions import done
from gateway.smartdialog.types import RemoteContact
from messaging.campaigns.wording import contact_fields
from tests.factories import make_connection, make_contact
from tests.markup import markup
from tests.people import client_of

pytest_plugins = ["contacts.tests.conftest"]
pytestmark = pytest.mark.usefixtures("connected", "at_once")
PHONE = "+358401234567"


@pytest.fixture
def anna(group) -> Contact:
    return make_contact(group, phone=PHONE, first_name="Anna", nickname="Annukka")


def checked(group, by, rows: str) -> Import:
    job = import_lifecycle.upload(Upload("file.csv", [rows.encode()]), group=group, by=by)
    import_lifecycle.start_checking(job, mapping=job.mapping, regions=job.regions)
    checking.check(job.pk)
    job.refresh_from_db()
    return job


def saved(group, by, rows: str) -> Import:
    job = checked(group, by, rows)
    import_lifecycle.confirm(job, by=by)
    saving.save(job.pk)
    job.refresh_from_db()
    return job


def test_a_file_brings_it(group, mikko):
    job = saved(group, mikko, "Puhelin;Lempinimi\n0401234567;Annukka\n")

    assert job.mapping == ["phone", "nickname"]
    assert Contact.objects.get().nickname == "Annukka"
    assert Contact.objects.matching("annuk").count() == 1
    assert ("nickname", "Nickname") in ColumnsForm(job=job).fields["column_1"].choices


def test_too_long_a_cell_is_left_out(group, mikko):
    job = checked(group, mikko, f"Puhelin;Lempinimi\n0401234567;{'a' * 31}\n")

    [problem] = ImportRow.objects.get(job=job).problems
    assert problem["reason"] == "This is longer than 30 characters."


def test_a_file_changes_it_and_is_taken_back(group, anna, mikko):
    job = saved(group, mikko, "Puhelin;Lempinimi\n0401234567;Mummo\n")
    anna.refresh_from_db()

    assert anna.nickname == "Mummo"
    assert Contact.objects.matching("mummo").count() == 1
    assert ImportRow.objects.get(job=job).changes == {"nickname": ["Annukka", "Mummo"]}

    undoing.begin(job, by=mikko)
    undoing.undo(job.pk)
    anna.refresh_from_db()
    assert (anna.nickname, Contact.objects.matching("annuk").count()) == ("Annukka", 1)


def test_a_blank_cell_empties_it_when_the_file_says_so(group, anna, mikko):
    job = import_lifecycle.upload(
        Upload("file.csv", [b"Puhelin;Lempinimi\n0401234567;\n"]), group=group, by=mikko
    )
    import_lifecycle.start_checking(job, mapping=job.mapping, regions=job.regions, blank_clears=True)
    checking.check(job.pk)

    assert ImportRow.objects.get(job=job).changes == {"nickname": ["Annukka", ""]}


def test_the_form_holds_it(group, anna, mikko):
    client, page = client_of(mikko), reverse("contacts:edit", args=[anna.pk])

    assert 'name="nickname" value="Annukka"' in client.get(page).content.decode()
    client.post(page, {"first_name": "Anna", "nickname": "Mummo", "revision": 0, "active": "on"})

    anna.refresh_from_db()
    assert (anna.nickname, Contact.objects.matching("mummo").count()) == ("Mummo", 1)


def test_the_sheet_and_the_table_show_it(group, anna, mikko):
    client, table = client_of(mikko), reverse("contacts:group", args=[group.pk])

    sheet = markup(client.get(reverse("contacts:contact", args=[anna.pk])))
    client.post(reverse("contacts:columns", args=[group.pk]), {"column": ["nickname"]})

    assert "<dt>Nickname</dt><dd><bdi>Annukka</bdi></dd>" in sheet
    assert 'data-label="Nickname"><bdi>Annukka</bdi>' in client.get(table).content.decode()


def test_an_export_holds_it(group, anna):
    header, row = contact_rows(Contact.objects.filter(group=group))

    assert dict(zip(header, row, strict=True))["Nickname"] == "Annukka"


def test_smartdialog_is_told_and_asked(anna):
    there = RemoteContact(
        **dict.fromkeys(
            ("email", "last_name", "gender", "street_address", "zip_code", "city", "country_code"), ""
        ),
        phone=PHONE,
        first_name="Anna",
        birth_year=None,
        failed_messages=None,
        properties=[],
        nickname="Mummo",
    )

    assert pushing.payload_of(anna)["contact"]["nickname"] == "Annukka"
    assert remote_values(there)["nickname"] == "Mummo"
    assert remote_diff(anna, there) == {"nickname": "Mummo"}
    assert remote_diff(anna, replace(there, nickname="Annukka")) == {}


def test_a_copy_in_another_group_has_it(group, anna, other, mikko):
    done(BulkVerb.COPY, group, mikko, target=other.pk)

    assert Contact.objects.get(group=other).nickname == "Annukka"


def test_a_message_can_say_it(anna):
    [contact] = Contact.objects.values(*contact_fields.columns(["nickname"]))

    assert ("nickname", "Nickname") in contact_fields.choices(None)
    assert contact_fields.value(contact, "nickname") == "Annukka"


def test_it_is_told_of_a_person_and_erased(kahvila, anna, aino):
    make_connection(aino)

    [section] = [
        each for each in erasing.held_sections(erasing.person_of(kahvila, PHONE)) if "Nickname" in str(each)
    ]
    erasing.erase([kahvila], PHONE, by=aino)

    assert "Annukka" in str(section)
    assert Contact.objects.get().nickname == ""
