"""A list of opt-outs in files of any kind: no number of it is lost in silence."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from contacts.importing.columns import first_look
from contacts.tests.first_looks import workbook
from tests.markup import words_on
from tests.people import client_of

pytestmark = pytest.mark.django_db
ONE, TWO, THREE, FOUR = (f"040{number}" for number in ("1110001", "2220002", "3330003", "4440004"))
CARD = f"BEGIN:VCARD\nVERSION:3.0\nFN:Aino\nTEL;TYPE=CELL:{ONE}\nTEL;TYPE=HOME:{TWO}\nEND:VCARD\n"


def reviewed(user, content: str | bytes, name: str = ""):
    """The page on which a list is checked: pasted, or a file of that name."""
    raw = content.encode() if isinstance(content, str) else content
    said = {"file": SimpleUploadedFile(name, raw)} if name else {"pasted": content}
    return client_of(user).post(reverse("opt_outs:import"), said)


def international(*numbers: str) -> list[str]:
    return [f"+358{number[1:]}" for number in numbers]


@pytest.mark.parametrize("name", ["", "list.csv"], ids=["pasted", "file"])
@pytest.mark.parametrize(
    "text",
    [
        f"{ONE},{TWO},{THREE}\n",
        f"{ONE};{TWO}\n{THREE}\n",
        f"{ONE}\t{TWO}\n{THREE}\n",
        f"{ONE}\n{TWO};{THREE}\n",
        f"Puhelin\n{ONE},{TWO}\n{THREE}\n",
        f"Puhelin\n{ONE} / {TWO}\n{THREE}\n",
        f"Puhelin\n{ONE}:::{TWO}:::{THREE}\n",
        f"Puhelin\n{ONE} tai {TWO}\n{THREE}\n",
        f"Puhelin;GSM\n{ONE};\n;{TWO}\n{THREE};{ONE}\n",
        f"Nimi;Koti;Työ\nAino;{ONE};\nEero;;{TWO}\nIida;{THREE};\n",
        f"Numerot\n{ONE} {TWO}\n{THREE}\n",
    ],
)
def test_every_number_of_a_list_is_taken_wherever_it_stands(text, name, group, mikko):
    judged = reviewed(mikko, text, name).context["judged"]

    assert sorted(judged.new) == international(ONE, TWO, THREE)
    assert (judged.unclear, judged.refused) == ([], [])


def test_numbers_with_plus_on_one_line_are_each_taken(group, mikko):
    numbers = international(ONE, TWO, THREE)

    assert reviewed(mikko, " ".join(numbers)).context["judged"].new == numbers


def test_every_sheet_of_a_workbook_is_read(group, mikko):
    book = workbook(A=[["Puhelin"], [ONE]], Info=[["Nothing here"]], B=[["Nimi", "GSM"], ["Eero", TWO]])

    assert reviewed(mikko, book, "list.xlsx").context["judged"].new == international(ONE, TWO)


def test_a_workbook_with_more_sheets_than_are_read_is_refused(group, mikko, monkeypatch):
    monkeypatch.setattr(first_look, "MAX_SHEETS", 1)
    book = workbook(A=[["Puhelin"], [ONE]], B=[["Puhelin"], [TWO]])

    assert "more than 1 sheets" in words_on(reviewed(mikko, book, "list.xlsx"))


def test_every_number_of_a_card_is_taken(group, mikko):
    assert reviewed(mikko, CARD, "list.vcf").context["judged"].new == international(ONE, TWO)


def test_a_row_without_a_number_is_told(group, mikko):
    text = f"Email;Phone\nA@example.com;{ONE}\nb@example.com;\n"

    judged = reviewed(mikko, text).context["judged"]

    assert judged.new == international(ONE)
    assert [(each.row, each.reason) for each in judged.refused] == [(3, "There is no phone number.")]


def test_what_is_no_number_beside_one_is_told(group, mikko):
    judged = reviewed(mikko, f"Phone\n{ONE} / 12345\n").context["judged"]

    assert judged.new == international(ONE)
    assert [each.text for each in judged.refused] == ["12345"]


def test_two_unclear_numbers_of_a_cell_are_both_asked_about(group, mikko):
    judged = reviewed(mikko, "Phone\n47 912 34 567 / 47 912 34 568\n").context["judged"]

    assert [each.text for each in judged.unclear] == ["47 912 34 567", "47 912 34 568"]


def test_a_list_whose_rows_may_be_swallowed_by_a_quotation_mark_is_refused(group, mikko):
    text = f'Puhelin;Nimi\n{ONE};"Aino\n{TWO};Eero"\n{THREE};Iida\n'

    assert "It is not certain where the rows of this list end" in words_on(reviewed(mikko, text))


def test_the_number_of_somebody_else_is_not_opted_out(group, mikko):
    text = f"Puhelin;Äidin puhelin\n{ONE};{TWO}\n{THREE};{FOUR}\n"

    assert reviewed(mikko, text).context["judged"].new == international(ONE, THREE)


def test_it_is_shown_which_columns_were_read_and_stays_so(group, mikko):
    review = reviewed(mikko, f"Puhelin;Äidin puhelin;GSM\n{ONE};{TWO};{FOUR}\n{THREE};;\n")
    assert "Columns read Puhelin, GSM" in words_on(review)

    kept = {name: review.context["form"].data[name] for name in ("cells", "columns", "token")}
    again = client_of(mikko).post(reverse("opt_outs:import"), kept)

    assert again.context["form"].cleaned_data["columns"] == "Puhelin, GSM"
