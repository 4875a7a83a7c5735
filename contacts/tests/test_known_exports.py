"""Exports of well-known programs, each a header and a person."""

import csv

import pytest

from contacts.importing import checking, import_lifecycle
from contacts.importing.columns.column_mapping import guess_mapping
from contacts.importing.import_lifecycle import Upload
from contacts.models import ImportRow

EXPORTS = {
    "Google": (
        (
            "First Name,Middle Name,Last Name,Nickname,Birthday,Notes,Labels,E-mail 1 - Label,"
            "E-mail 1 - Value,"
            "Phone 1 - Label,Phone 1 - Value,Address 1 - Label,Address 1 - Street,Address 1 - City,"
            "Address 1 - Postal Code,Address 1 - Country"
        ),
        (
            "Aino,,Aalto,,1985-10-20,,* myContacts,* Home,aino@example.com,Mobile,040 111 0001,Home,"
            "Katu 1,Oulu,"
            "90100,Finland"
        ),
    ),
    "Outlook": (
        (
            "First Name,Middle Name,Last Name,Title,E-mail Address,E-mail 2 Address,Home Phone,"
            "Business Phone,"
            "Mobile Phone,Company,Business Street,Home Street,"
            "Home City,Home Postal Code,Home Country/Region,Birthday"
        ),
        "Aino,,Aalto,,aino@example.com,,,,040 111 0001,,,Katu 1,Oulu,90100,Finland,20.10.1985",
    ),
    "Mailchimp": (
        "Email Address,First Name,Last Name,Address,Phone Number,Birthday,MEMBER_RATING,City,Zip,Country",
        "aino@example.com,Aino,Aalto,Katu 1,040 111 0001,20.10.1985,2,Oulu,90100,FI",
    ),
    "HubSpot": (
        (
            "Record ID,First Name,Last Name,Email,Phone Number,Mobile Phone Number,Street Address,City,"
            "Postal Code,"
            "Country/Region,Date of birth,Contact owner"
        ),
        (
            "1010001234,Aino,Aalto,aino@example.com,09 4241 1001,040 111 0001,Katu 1,Oulu,90100,Finland,"
            "1985-10-20,"
        ),
    ),
    "Shopify": (
        (
            "Customer ID,First Name,Last Name,Email,Default Address Company,Default Address Address1,"
            "Default Address City,Default Address Province Code,Default Address Country Code,"
            "Default Address Zip,"
            "Default Address Phone,Phone,Total Spent,Born"
        ),
        "'6712345678901,Aino,Aalto,aino@example.com,,Katu 1,Oulu,,FI,90100,,'+358401110001,12.00,1985",
    ),
    "Odoo": (
        "Name,Phone,Mobile,Email,Street,City,Zip,Country,Born",
        "Aino Aalto,09 4241 1001,+358 40 1110001,aino@example.com,Katu 1,Oulu,90100,Finland,1985",
    ),
    "Google Forms": (
        "Aikaleima,Nimi,Puhelinnumero,Sähköpostiosoite,Osoite,Postinumero,Kaupunki,Maa,Syntymävuosi",
        "2026/11/29 12:00:00,Aino Aalto,040 111 0001,aino@example.com,Katu 1,90100,Oulu,Suomi,1985",
    ),
}


@pytest.mark.parametrize("program", EXPORTS)
def test_the_export_of_a_well_known_program_maps_whole_at_first_sight(group, mikko, program):
    content = "\n".join(EXPORTS[program]).encode()
    job = import_lifecycle.upload(Upload("people.csv", [content]), group=group, by=mikko)
    questions = job.questions

    import_lifecycle.start_checking(job, mapping=job.mapping, regions=job.regions)
    checking.check(job.pk)

    row = ImportRow.objects.get(job=job)
    assert questions == []
    assert (row.phone, row.first_name, row.last_name) == ("+358401110001", "Aino", "Aalto")
    assert (row.email, row.birth_year) == ("aino@example.com", 1985)
    assert (row.street_address, row.zip_code, row.city) == ("Katu 1", "90100", "Oulu")
    assert row.country_code == "FIN"
    assert row.problems == []


@pytest.mark.parametrize(
    ("headers", "targets"),
    [
        (
            "First Name (Billing),Last Name (Billing),Country Code (Billing),Phone (Billing),City (Shipping)",
            "first_name,last_name,country_code,phone,city",
        ),
        (
            "user_email,first_name,billing_first_name,billing_postcode,billing_phone",
            "email,first_name,property:billing_first_name,zip_code,phone",
        ),
        ("Person - Name,Person - Phone - Mobile,Person - Email - Work", "full_name,phone,email"),
        ("Kundens namn,Kundens mobil,Kundens ort", "full_name,phone,city"),
        ("First name,Last name,Customer name,Mobile", "first_name,last_name,,phone"),
        ("Customer number,Mobile,Contact owner", "property:Customer number,phone,property:Contact owner"),
    ],
)
def test_a_field_of_somebody_is_known_by_its_name(headers, targets):
    assert guess_mapping(headers.split(",")) == targets.split(",")


@pytest.mark.parametrize(
    "headers",
    [
        (
            "Katuosoite (koti),Postinumero (koti),Postitoimipaikka (koti),Maa/alue (koti),"
            "Sähköpostiosoite,Syntymäpäivä"
        ),
        '"Gatuadress, hem","Postnummer, hem","Ort, hem","Land/region, hem",E-postadress,Födelsedag',
        "Via (ab.),CAP (ab.),Città (ab.),Paese (ab.),Indirizzo posta elettronica,Compleanno",
    ],
)
def test_outlook_is_known_in_each_language(headers):
    [names] = csv.reader([headers])

    assert guess_mapping(names) == [
        *("street_address", "zip_code", "city", "country_code", "email", "birth_year")
    ]
