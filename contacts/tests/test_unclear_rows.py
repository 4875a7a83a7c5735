"""Numbers that can be read in two ways are asked about, for one row or all alike, and saved by no guess."""

import pytest
from django.urls import reverse

from contacts.importing import checking, import_lifecycle, saving
from contacts.importing.columns.column_mapping import guess_mapping
from contacts.importing.import_lifecycle import Upload
from contacts.importing.import_preview import unclear_regions
from contacts.importing.row_parser import RowParser, parse_row
from contacts.importing.value_decisions import Decisions
from contacts.models import Contact, Import, ImportRow
from contacts.models.import_rows import RowKind
from contacts.tests.conftest import make_checked
from tests.factories import make_contact

NORWEGIAN = "4791234567"  # without its +; in Finland it is a number, too


@pytest.fixture
def unclear(group, mikko) -> Import:
    return make_checked(group, mikko, f"{NORWEGIAN};Nils\n0401111111;Anna\n4791234568;Ola\n")


def checked_anew(job: Import) -> Import:
    checking.check(job.pk)
    job.refresh_from_db()
    return job


def test_they_are_a_kind_of_their_own_with_what_they_may_be(unclear):
    assert unclear.counts == {"new": 1, "unclear": 2}
    row = ImportRow.objects.get(job=unclear, line=2)
    assert (row.kind, row.phone, row.raw[0]) == ("unclear", None, NORWEGIAN)
    assert row.problems[0]["choices"] == ["+3584791234567", "+4791234567"]
    assert unclear_regions(unclear) == [("FI", "Finland", 2), ("NO", "Norway", 2)]


def test_nobody_is_saved_before_it_is_decided(unclear, mikko, connected):
    import_lifecycle.confirm(unclear, by=mikko)
    saving.save(unclear.pk)

    assert [contact.phone for contact in Contact.objects.all()] == ["+358401111111"]


def test_all_alike_are_read_as_one_country_decided(unclear, mikko):
    assert import_lifecycle.decide_unclear(unclear, region="NO")

    job = checked_anew(unclear)
    assert job.counts == {"new": 3}
    assert {row.phone for row in job.rows.all()} == {"+4791234567", "+4791234568", "+358401111111"}


def test_another_choice_of_columns_takes_the_decision_back(unclear):
    import_lifecycle.decide_unclear(unclear, region="NO")
    checked_anew(unclear)

    import_lifecycle.start_checking(unclear, mapping=unclear.mapping, regions=["FI"])

    assert checked_anew(unclear).counts == {"new": 1, "unclear": 2}


def test_the_page_offers_each_reading_and_all_alike(unclear, mikko, client, connected):
    client.force_login(mikko)
    page = reverse("contacts:import_page", args=[unclear.pk])

    shown = client.get(f"{page}?kind=unclear").content.decode()

    assert 'value="+4791234567"' in shown
    assert "Norway (2)" in shown
    client.post(reverse("contacts:import_mending", args=[unclear.pk]), {"line": 2, "cell_0": "+4791234567"})
    assert ImportRow.objects.get(job=unclear, line=2).kind == RowKind.NEW
    client.post(reverse("contacts:import_unclear", args=[unclear.pk]), {"region": "FI"})
    assert checked_anew(unclear).counts == {"new": 3}
    # What was decided for one row stays.
    assert ImportRow.objects.get(job=unclear, line=2).phone == "+4791234567"


@pytest.mark.parametrize("region", ["", "XX", "Norway"])
def test_a_country_that_is_none_decides_nothing(unclear, mikko, client, region):
    client.force_login(mikko)

    client.post(reverse("contacts:import_unclear", args=[unclear.pk]), {"region": region}, follow=True)

    unclear.refresh_from_db()
    assert (unclear.state, unclear.unclear_region) == ("checked", "")


def test_the_country_column_decides_for_its_row(group, mikko):
    text = "Maa;Puhelin\nNO;91234567\nFI;0401111111\nIT;399 976 7837\n"
    job = import_lifecycle.upload(Upload("a.csv", [text.encode()]), group=group, by=mikko)
    import_lifecycle.start_checking(job, mapping=job.mapping, regions=["FI"])

    assert checked_anew(job).counts == {"new": 3}
    assert {row.phone for row in job.rows.all()} == {"+4791234567", "+358401111111", "+393999767837"}


@pytest.mark.parametrize(
    "country",
    [
        *("46", "+46", "0046", "SE - Sverige", "Ruotsi (SE)", "swe", "🇸🇪", "🇸🇪 Sweden", "Sweden +46"),
        *("46 (Sverige)", "+46 Sweden", "Schweden", "Suède", "Suecia", "Rootsi", "Szwecja", "Швеция"),
    ],
)
def test_the_country_of_a_row_is_known_by_its_code_and_its_names(country):
    reading = parse_row([country, "070-1740605"], ["country_code", "phone"], ["FI"])

    assert reading.values["phone"] == "+46701740605"


@pytest.mark.parametrize(
    "header",
    [
        *(
            "Country of residence",
            "Phone country",
            "Country name",
            "Asuinmaa",
            "Hemland",
            "Paese di residenza",
        ),
        *("Pays", "País", "Riik", "Kraj", "Страна"),
    ],
)
def test_the_country_of_a_row_is_found_by_what_its_column_is_called(header):
    assert guess_mapping(["Name", "Phone", header], [["A", "070-1740605", "SE"]])[2] == "country_code"


@pytest.mark.parametrize("header", ["Country of birth", "Syntymämaa", "Language", "Residence"])
def test_another_country_is_not_that_of_a_number(header):
    assert guess_mapping(["Name", "Phone", header], [["A", "070-1740605", "SE"]])[2] != "country_code"


def test_where_the_country_of_a_row_is_not_known_its_number_is_asked_about():
    mapping = ["country_code", "phone"]

    for country in ("Ruritania", "🏴", "Sweden +47", "Norway 46"):
        assert parse_row([country, "040 111 0001"], mapping, ["FI"]).is_unclear
    assert not parse_row(["Ruritania", "+358 40 111 0001"], mapping, ["FI"]).is_unclear
    assert not parse_row(["-", "040 111 0001"], mapping, ["FI"]).is_unclear
    decided = RowParser(mapping, ["FI"], Decisions(region="FI")).read(["Ruritania", "040 111 0001"])
    assert decided.values["phone"] == "+358401110001"


def test_a_land_line_is_imported_and_marked(group, mikko, client, connected):
    job = make_checked(group, mikko, "09 4241 1001;Anna\n0401111111;Ben\n")
    assert job.counts == {"new": 2}
    client.force_login(mikko)
    page = client.get(reverse("contacts:import_page", args=[job.pk])).content.decode()
    assert page.count("it cannot get SMS") == 1
    import_lifecycle.confirm(job, by=mikko)
    saving.save(job.pk)

    types = dict(Contact.objects.values_list("first_name", "phone_type"))
    assert types == {"Anna": "landline", "Ben": "mobile"}
    table = client.get(reverse("contacts:group", args=[group.pk])).content.decode()
    assert table.count("cannot get SMS") == 1


def test_a_contact_made_by_hand_has_the_type_of_its_number(group):
    contact = make_contact(group, phone="+358942411001")
    contact.index()

    assert (contact.phone_type, contact.can_get_sms) == ("landline", False)


@pytest.mark.parametrize(
    ("blank", "counts"), [("yes", {"new": 2, "opted_out": 1}), ("no", {"new": 0, "opted_out": 3})]
)
def test_what_empty_consents_mean_is_decided_for_all_alike(group, mikko, client, connected, blank, counts):
    lines = ["Puhelin;Kielto", "0401111111;", "0401111112;kyllä", "0401111113;  ", "0401111114;ehkä"]
    upload = Upload("kiellot.csv", ["\n".join(lines).encode()])
    job = import_lifecycle.upload(upload, group=group, by=mikko)
    import_lifecycle.start_checking(job, mapping=job.mapping, regions=["FI"])
    assert checked_anew(job).counts == {"opted_out": 1, "unclear": 3}
    client.force_login(mikko)
    page = client.get(reverse("contacts:import_page", args=[job.pk]), {"kind": "unclear"}).content.decode()
    assert "cell about messages is empty (2)" in page

    client.post(reverse("contacts:import_unclear", args=[job.pk]), {"blank_consent": blank})

    assert {"new": 0, **checked_anew(job).counts} == {**counts, "unclear": 1}


def test_a_decision_that_is_none_changes_nothing(unclear, mikko, client, connected):
    client.force_login(mikko)

    for posted in ({}, {"region": "XX"}, {"blank_consent": "maybe"}, {"blank_consent": "yes", "region": "q"}):
        client.post(reverse("contacts:import_unclear", args=[unclear.pk]), posted)

    unclear.refresh_from_db()
    assert (unclear.state, unclear.unclear_region, unclear.blank_consent) == ("checked", "", "")
