"""Cards of address books as programs write them, in versions 2.1 to 4."""

import pytest

from contacts.importing.files.address_books import HEADER
from contacts.importing.files.file_reader import open_rows
from contacts.importing.files.reading import Reading


@pytest.fixture
def rows(tmp_path):
    def read(*cards: str) -> list[dict[str, str]]:
        path = tmp_path / "people.vcf"
        path.write_text("".join(f"BEGIN:VCARD\n{card}\nEND:VCARD\n" for card in cards), newline="\r\n")
        with open_rows(path, Reading()) as found:
            return [
                {name: each for name, each in zip(HEADER, row.cells, strict=False) if each} for row in found
            ][1:]

    return read


@pytest.mark.parametrize(
    ("card", "said"),
    [
        ("N:Aalto;Aino;Maria;Dr;\nTEL:1", {"First name": "Aino", "Last name": "Aalto", "Phone": "1"}),
        ("N:Aalto;Aino,Maria", {"First name": "Aino, Maria", "Last name": "Aalto"}),
        ("FN:Aino Aalto\nN:;;;;", {"First name": "Aino", "Last name": "Aalto"}),
        ("FN:Aino\nFN:Eero", {"First name": "Aino"}),
        ("NOTE:Kello 8\\, ovi B\\; soita\\nensin\\\\", {"Note": "Kello 8, ovi B; soita ensin\\"}),
        ("NOTE:ensin\n kahvia\n\t ja pullaa", {"Note": "ensinkahvia ja pullaa"}),
        ("ORG:Kahvila\\, Oy;Myynti", {"Organization": "Kahvila, Oy, Myynti"}),
        ("CATEGORIES:kanta,uutiset\\, viikko", {"Groups": "kanta, uutiset, viikko"}),
        (
            "ADR;TYPE=home:;;Katu 1\\, B;Turku;;20100;Suomi",
            {"Street address": "Katu 1, B", "Postal code": "20100", "City": "Turku", "Country": "Suomi"},
        ),
        ("ADR:;;Katu 1", {"Street address": "Katu 1"}),
        ("BDAY:1980-02-03", {"Birthday": "1980-02-03"}),
        ("BDAY:--0203\nTITLE:x", {"Title": "x"}),
        ("BDAY:1604-02-03\nTITLE:x", {"Title": "x"}),
        ("item1.EMAIL;TYPE=INTERNET:a@example.fi", {"Email": "a@example.fi"}),
        (
            'TEL;FAX:1\nTEL;TYPE=home:2\nTEL;TYPE="cell,voice":3\nTEL:4',
            {"Phone": "3", "Other numbers": "4, 2"},
        ),
        ("tel;type=CELL;VALUE=uri:tel:+358401234567", {"Phone": "+358401234567"}),
        ('TEL;X-A="a:b;c":5', {"Phone": "5"}),
        ("NOTE;ENCODING=QUOTED-PRINTABLE;CHARSET=ISO-8859-1:p=E4iv=E4", {"Note": "päivä"}),
        ("NOTE;QUOTED-PRINTABLE:p=C3=A4iv=\n=C3=A4=0D=0Ahei", {"Note": "päivä hei"}),
        ("NOTE;ENCODING=BASE64:cMOkaXbDpA==", {"Note": "päivä"}),
        ("NOTE;ENCODING=b:!\nTEL:1", {"Phone": "1"}),
        ("NOTE;QUOTED-PRINTABLE;CHARSET=nothing:p=C3=A4iv=E4", {"Note": "päiv\ufffd"}),
        ("NOTE;QUOTED-PRINTABLE;CHARSET=punycode:a-b=00", {"Note": "a-b\ufffd"}),
        ("PHOTO;ENCODING=b:AAAA\n TEL:9\nTEL:1", {"Phone": "1"}),
        ("no property at all\n:x\n;TEL:2\nTEL 3\nTEL:1", {"Phone": "1"}),
    ],
)
def test_a_card_says_what_it_says(rows, card, said):
    assert rows(card) == [said]


def test_a_card_of_nothing_is_no_row(rows):
    assert rows("FN: ;\nVERSION:3.0", "TEL:1") == [{"Phone": "1"}]
