"""Whose number a column holds: the person's own is taken, of anybody else's or a former one it is asked."""

import pytest

from contacts.importing.columns import phone_columns
from contacts.importing.columns.phone_columns import Kind, kind_of
from contacts.tests.first_looks import asked

OWN, OTHER = ("0401110001", "0401110002"), ("0509990001", "0509990002")


@pytest.mark.parametrize(
    ("own", "other"),
    [
        ("Puhelin", "Myyjän matkapuhelin"),
        ("Puhelin", "Vanha matkapuhelin"),
        ("Puhelin", "Entinen GSM"),
        ("Puhelin", "Vaimon matkapuhelin"),
        ("Puhelin", "Kaverin GSM"),
        ("Puhelinnumero", "Yhteyshenkilön GSM"),
        ("Phone", "Sales rep mobile"),
        ("Phone", "Account manager mobile"),
        ("Phone", "Doctor mobile"),
        ("Phone", "Support mobile"),
        ("Phone", "Secondary contact mobile"),
        ("Phone", "Old mobile"),
        ("Phone", "Our phone"),
        ("Phone", "Do not use mobile"),
        ("Phone", "Invalid mobile"),
        ("Phone", "Wife mobile"),
        ("Telefon", "Säljarens mobil"),
        ("Telefon", "Kontaktpersonens mobil"),
        ("Telefon", "Gammal mobil"),
        ("Telefono", "Cellulare agente"),
        ("Telefono", "Cellulare referente"),
        ("Telefono", "Vecchio cellulare"),
    ],
)
def test_a_number_of_somebody_else_or_a_former_one_is_not_taken_for_the_own(own, other):
    rows = list(zip(OWN, OTHER, strict=True))

    beside = phone_columns.find([own, other], rows, ["FI"])
    alone = phone_columns.find([other], [[each] for each in OTHER], ["FI"])

    assert (beside.column, beside.is_certain, beside.others) == (0, True, [])
    assert (alone.column, alone.is_certain) == (0, False)


def test_a_header_with_a_word_that_is_not_known_is_asked_about(uploaded):
    job = uploaded("Nimi;Yhteys;Myyjän matkapuhelin\nAino;0401110001;0509990001\n")

    [question] = job.questions
    assert question["about"] == "phone_column"
    assert question["choices"] == ["Myyjän matkapuhelin", "Yhteys"]
    assert "No column clearly holds each person’s own, current number." in question["words"]


@pytest.mark.parametrize(
    "header",
    [
        *("Kundens mobil", "Customer phone number", "customerPhone", "Phone (Billing)", "Phone Number *"),
        *("What is your phone number?", "Mobile (Finland)", "Mobiil (+372)", "Contact mobile", "Cell #"),
        *("Asiakkaan puhelinnumero", "Työmatkapuhelin", "Mikä on puhelinnumerosi?", "GSM nro", "Puhelin FI"),
        *("Puhelinnumero (pakollinen)", "Uusi puhelinnumero", "Känny"),
        *("Mobilnr.", "Telefon (arbete)", "Ditt mobilnummer", "Numero di cellulare", "Teléfono móvil"),
        *(
            "Il tuo numero di telefono",
            "Номер телефона",
            "Numer telefonu",
            "Handynummer",
            "Mobilais tālrunis",
        ),
    ],
)
def test_a_header_of_known_words_is_the_persons_own(header, uploaded):
    assert kind_of(header) in {Kind.MOBILE, Kind.PHONE, Kind.LAND_LINE}
    assert asked(uploaded(f"{header};Etunimi\n0401110001;Aino\n")) == {}
