"""How a file is read at first sight: which row, sheet, letters and columns; and what is asked of it."""

import io

import pytest
import xlsxwriter
from django.urls import reverse

from contacts.erasure import erasing
from contacts.importing import import_lifecycle
from contacts.importing.columns.phone_columns import Kind, kind_of
from contacts.importing.files import text_files
from contacts.importing.files.refusals import FileRefused
from contacts.models import Import, ImportRow
from contacts.tests.first_looks import asked, people, workbook
from tests.markup import markup
from tests.people import client_of


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        ("Puhelin 1", Kind.PHONE),
        ("Työpuhelin", Kind.LAND_LINE),
        ("Työmatkapuhelin", Kind.MOBILE),
        ("Mobile Phone (primary)", Kind.MOBILE),
        ("Phone 1 - Value", Kind.PHONE),
        ("Home Phone", Kind.LAND_LINE),
        ("Mobiltelefonnummer", Kind.MOBILE),
        ("Phone number (with country code)", Kind.PHONE),
        ("Telefono cellulare", Kind.MOBILE),
        ("Default Address Phone", Kind.PHONE),
        ("Phone 1 - Type", None),
        ("SMS-lupa", None),
        ("Phone country code", None),
        ("Fax", None),
        ("First Name Phonetic", None),
        ("Accepts SMS Marketing", None),
        ("Asiakasnro", None),
        ("Emergency contact mobile", Kind.OF_ANOTHER),
        ("Lähiomaisen puhelin", Kind.OF_ANOTHER),
        ("Huoltajan matkapuhelin", Kind.OF_ANOTHER),
        ("Telefon till anhörig", Kind.OF_ANOTHER),
        ("Telefono genitore", Kind.OF_ANOTHER),
    ],
)
def test_words_of_a_header_say_what_numbers_are_below_it(header, kind):
    assert kind_of(header) == kind


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("Puhelin;Matkapuhelin\n09 4241 1001;0401110001\n09 4241 1002;0401110002\n", 1),
        ("Matkapuhelin;Puhelin\n;0401110001\n;0401110002\n0401110003;0401110004\n", 1),
        ("Matkapuhelin;Puhelin\nkyllä;0401110001\nei;0401110002\n", 1),
        ("Puhelinmalli;Yhteys puhelimitse\nNokia 3310;0401110001\n", 1),
        ("Lähiomaisen matkapuhelin;Puhelin\n0401110001;0401110002\n0401110003;\n", 1),
        ("Emergency contact mobile;Home phone\n0401110001;09 4241 1001\n", 1),
    ],
)
def test_the_column_with_the_mobile_numbers_is_taken(uploaded, text, column):
    job = uploaded(text)

    assert job.mapping.index("phone") == column
    assert asked(job) == {}


def test_the_number_of_another_is_never_taken_for_the_persons_own_in_silence(uploaded):
    job = uploaded("Lapsi;Lapsen puhelin;Huoltajan puhelin\nAino;0401110001;0401110002\n")

    assert asked(job) == {"phone_column": "Lapsen puhelin"}
    assert "other_phone" not in uploaded("Mobile;Parent phone\n;0401110001\n0401110002;0401110003\n").mapping


@pytest.mark.parametrize(
    "header", ["Asiakasnro", "Viitenumero", "Y-tunnus", "Syntymäaika", "Customer ID", "Order date"]
)
def test_a_guess_by_content_is_said_and_never_an_id_or_a_date(uploaded, header):
    job = uploaded(f"{header};Yhteystieto\n0409990001;0401110001\n0409990002;0401110002\n")

    assert job.mapping.index("phone") == 1
    assert asked(job) == {"phone_column": "Yhteystieto"}


def test_where_few_cells_are_numbers_the_column_is_asked_for(uploaded, mikko):
    job = uploaded("Nimi;Yhteys\nAino;0401110001\nEero;eero@example.com\n")
    page = markup(client_of(mikko).get(reverse("contacts:import_page", args=[job.pk])))

    assert asked(job) == {"phone_column": ""}
    assert "none is full of them. Choose the column." in page


def test_a_number_of_another_column_is_read_where_the_first_has_none(uploaded):
    job = uploaded("Nimi,Puhelin,Puhelin\nAino,0401110001,\nHelmi,,0501110003\n")

    assert job.mapping == ["full_name", "phone", "other_phone"]
    assert [row[2] for row in people(job)] == ["+358401110001", "+358501110003"]


@pytest.mark.parametrize(
    "above", ["", "Asiakkaat 11/2026\n\n", "\n\nLista\nTulostettu;29.11.2026\n\n", "sep=;\nAsiakkaat\n"]
)
def test_the_header_is_found_below_titles(uploaded, above):
    job = uploaded(f"{above}Etunimi;Puhelin\nAino;0401110001\nEero;12\n")

    assert job.mapping == ["first_name", "phone"]
    header = above.replace("sep=;\n", "").count("\n") + 1
    assert people(job) == [(header + 1, "new", "+358401110001", "Aino"), (header + 2, "invalid", "", "")]


def test_without_a_header_the_first_person_is_one_and_names_no_column(uploaded):
    job = uploaded("Aino;Aalto;0401110001\nEero;Elo;0401110002\n")

    assert (job.header_row, job.header) == (0, ["Column 1", "Column 2", "Column 3"])
    assert asked(job) == {"header_row": "none", "phone_column": "Column 3"}
    assert [row[:3] for row in people(job)] == [(1, "new", "+358401110001"), (2, "new", "+358401110002")]


def test_a_header_narrower_than_the_rows_is_no_error(uploaded):
    job = uploaded("nimi;kaupunki\nAino;Oulu;0401110001\nEero;Espoo;0401110002\n")

    assert job.header == ["nimi", "kaupunki", "Column 3"]
    assert asked(job) == {"phone_column": "Column 3"}


def test_what_a_person_answers_is_asked_no_more_and_reads_the_file_anew(uploaded, mikko):
    job = uploaded("Aino;Aalto;0401110001\nEero;Elo;0401110002\n")
    page = reverse("contacts:import_reading", args=[job.pk])

    client_of(mikko).post(page, {"encoding": "utf-8", "delimiter": ";", "header_row": "1"})

    job.refresh_from_db()
    assert (job.header, job.answered) == (["Aino", "Aalto", "0401110001"], ["header_row"])
    assert "header_row" not in asked(job)


def test_an_answer_that_cannot_be_leaves_the_file_as_it_was(uploaded, mikko):
    job = uploaded("Puhelin;Etunimi\n0401110001;Aino\n")

    client_of(mikko).post(
        reverse("contacts:import_reading", args=[job.pk]),
        {"encoding": "utf-8", "delimiter": ";", "header_row": "700"},
    )

    job.refresh_from_db()
    assert (job.header_row, job.answered, job.mapping) == (1, [], ["phone", "first_name"])


NAMES = {
    "cp1252": "Päivi;Meikäläinen",
    "mac_roman": "Åsa;Öström",
    "cp850": "Päivi;Mäkeläinen",
    "cp1250": "Łukasz;Wiśniewski",
    "cp1251": "Иван;Петров",
    "cp1257": "Jānis;Bērziņš",
    "cp1253": "Γιώργος;Παπαδόπουλος",
    "iso8859_15": "Šárka;Žáková",
    "iso8859_2": "Świętosława;Śliwa",
    "koi8_r": "Иван;Петров",
    "utf8_twice": "Päivi;O’Mäki",
}


@pytest.mark.parametrize("encoding", NAMES)
def test_letters_are_read_as_they_make_sense(uploaded, encoding):
    job = uploaded(f"Etunimi;Sukunimi;Puhelin\r\n{NAMES[encoding]};0401110001\r\n".encode(encoding))

    assert job.encoding == encoding
    assert people(job)[0][3] == NAMES[encoding].replace(";", " ")


def test_a_letter_in_few_of_many_words_makes_no_question_of_them(uploaded):
    names = ["Åsa;Mäkinen", "Väinö;Hämäläinen", "Päivi;Mäkelä", "Jyrki;Pöyhönen", "Leo;Järvinen"]
    rows = "".join(f"{name};040111000{number}\r\n" for number, name in enumerate(names))
    job = uploaded(f"Etunimi;Sukunimi;Sähköposti;Puhelin\r\n{rows.replace(';040', ';;040')}".encode("cp1252"))

    assert (job.encoding, "encoding" in asked(job)) == ("cp1252", False)


@pytest.mark.parametrize("encoding", ["mac_roman", "cp850", "cp1252"])
@pytest.mark.parametrize("names", ["Niccolò;Forlì", "Müller;Groß", "Bjørn;Sæther", "José;Muñoz"])
def test_letters_of_other_languages_are_right_or_asked_for(uploaded, encoding, names):
    job = uploaded(f"Etunimi;Sukunimi;Puhelin\r\n{names};0401110001\r\n".encode(encoding, "replace"))

    assert "encoding" in asked(job) or people(job)[0][3] == names.replace(";", " ")


@pytest.mark.parametrize(
    ("encoding", "names"), [("cp1253", "Νίκος;Ραχτη"), ("cp1251", "Юрий;Лев"), ("cp1251", "Светлана;Петрова")]
)
def test_letters_of_greek_and_russian_are_right_or_asked_for(uploaded, encoding, names):
    job = uploaded(f"Etunimi;Sukunimi;Puhelin\r\n{names};0401110001\r\n".encode(encoding))

    assert "encoding" in asked(job) or people(job)[0][3] == names.replace(";", " ")


@pytest.mark.parametrize("names", ["O´Brien;D´Angelo", "Pekka;Mäki´s"])
def test_a_sign_in_a_name_makes_no_question_of_letters(uploaded, names):
    job = uploaded(f"Etunimi;Sukunimi;Puhelin\r\n{names};0401110001\r\n".encode("cp1252"))

    assert (job.encoding, "encoding" in asked(job)) == ("cp1252", False)


def test_letters_that_were_encoded_twice_are_asked_about(uploaded):
    text = "Etunimi;Sukunimi;Puhelin\nÄijä;Öhman;0401110001\n".encode().decode("cp1252")
    job = uploaded("\ufeff" + text)

    [question] = job.questions
    assert (question["guess"], question["choices"]) == ("utf8_twice", ["utf8_twice", "utf-8"])
    assert "Äijä" in question["words"]
    assert "Ã„ijÃ¤" in question["words"]
    assert people(job)[0][3] == "Äijä Öhman"


def test_a_word_with_a_letter_that_was_encoded_once_is_no_such_word(uploaded):
    job = uploaded("\ufeffEtunimi;Kaupunki;Puhelin\nAino;Â®𮛇;0401110001\n")

    assert (job.encoding, "encoding" in asked(job)) == ("utf-8", False)


def test_a_bad_byte_does_not_spoil_the_letters_of_a_file(uploaded):
    job = uploaded("Etunimi;Puhelin\nPäivi;0401110001\nM".encode() + b"\xe4ki;0401110002\n")

    assert job.encoding == "utf-8"
    assert people(job)[0][3] == "Päivi"
    assert [row.line for row in ImportRow.objects.filter(job=job, warned=True)] == [3]


def test_a_delimiter_within_the_cells_does_not_cut_them(uploaded):
    job = uploaded("Nimi (suku, etu);Osoite (katu, kaupunki);Puhelin\nAalto, Aino;Katu 1, 3;0401110001\n")

    assert job.delimiter == ";"
    assert people(job) == [(2, "new", "+358401110001", "Aino Aalto")]


@pytest.mark.parametrize(
    "text",
    [
        '"Puhelin;Etunimi"\n"0401110001;Anna"\n',
        '"Puhelin,""Etunimi"""\r\n"0401110001,""Anna"""\r\n',
        'Puhelin,Etunimi\n"0401110001,""Anna"""\n"0401110002,""Ben ""B"""\n',
        'sep=;\n"Puhelin;Etunimi"\n\n"0401110001;Anna"\n',
    ],
)
def test_lines_that_are_quoted_whole_are_cut_all_the_same(uploaded, text):
    job = uploaded(text)

    assert (job.header, people(job)[0][2:]) == (["Puhelin", "Etunimi"], ("+358401110001", "Anna"))


@pytest.mark.parametrize(
    "text", ['"Puhelin"\n"0401110001, 0401110002"\n', 'Puhelin;Nimi\n"0401110001";"Anna; B"\n"a;b"\n']
)
def test_quoted_cells_are_no_lines_that_are_quoted_whole(uploaded, text):
    assert len(uploaded(text).header) == text.splitlines()[0].count(";") + 1


def test_quotation_marks_that_meet_by_chance_are_asked_about_before_anybody_is_checked(uploaded, mikko):
    job = uploaded('etunimi;x;puhelin\nAino;"A;0401110001\nEero;B";0401110002\n')
    client = client_of(mikko)

    answer = client.post(
        reverse("contacts:import_check", args=[job.pk]),
        {"column_0": "first_name", "column_1": "", "column_2": "phone", "region_0": "FI"},
    )
    assert asked(job) == {"quotes": ""}
    assert "Answer first: Row 2 has quotation marks" in markup(answer)

    client.post(
        reverse("contacts:import_reading", args=[job.pk]),
        {"encoding": "utf-8", "delimiter": ";", "header_row": "1", "quotes": "plain"},
    )
    job.refresh_from_db()
    assert asked(job) == {}
    assert [row[2:] for row in people(job)] == [("+358401110001", "Aino"), ("+358401110002", "Eero")]


def test_where_quotation_marks_are_plain_a_list_may_be_long(uploaded):
    rows = "".join(f'"Aino "Ansa"; Oy";040{number:07}\n' for number in range(1110001, 1110401))
    job = uploaded("nimi;puhelin\n" + rows)

    import_lifecycle.reread(job, quotes="plain")

    assert len(people(job)) == 400


@pytest.mark.parametrize("cell", ["x" * 200_000, "x;" * 1_000_000], ids=["cell", "line"])
def test_where_quotation_marks_are_plain_what_is_endless_is_refused_with_its_row(tmp_path, cell):
    path = tmp_path / "list.csv"
    path.write_text(f"nimi;puhelin\nAino;0401110001\n{cell};0401110002\n")

    reading = text_files.read(path, encoding="utf-8", delimiter=";", plain=True)
    with reading as rows, pytest.raises(FileRefused) as refusal:
        list(rows)

    assert "row 3" in refusal.value.words


def test_contacts_on_the_second_sheet_are_found(uploaded):
    job = uploaded(workbook(Ohje=[["Lue tämä"]], Jäsenet=[["Nimi", "Puhelin"], ["Aino", "0401110001"]]))

    assert (job.sheet, job.sheets) == ("Jäsenet", ["Ohje", "Jäsenet"])
    assert asked(job) == {}


def test_of_two_sheets_with_people_one_is_chosen(uploaded):
    rows = [["Nimi", "Puhelin"], ["Aino", "0401110001"]]
    job = uploaded(workbook(A=rows, B=[["Puhelin"], ["0401110002"]]))
    assert asked(job) == {"sheet": "A"}

    import_lifecycle.reread(job, sheet="B")

    assert (asked(job), job.header) == ({}, ["Puhelin"])
    with pytest.raises(FileRefused):
        import_lifecycle.reread(job, sheet="C")


@pytest.fixture
def filtered(uploaded) -> Import:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        sheet = book.add_worksheet()
        for number, cells in enumerate([["Nimi", "Puhelin"], ["Eero", "0401110001"], ["Aino", "0401110001"]]):
            sheet.write_row(number, 0, cells)
        sheet.set_row(1, options={"hidden": True})
    return uploaded(content.getvalue())


def test_hidden_rows_are_counted_and_left_out(filtered, mikko):
    assert people(filtered) == [(2, "hidden", "+358401110001", ""), (3, "new", "+358401110001", "Aino")]
    filtered.refresh_from_db()
    page = reverse("contacts:import_page", args=[filtered.pk])
    assert filtered.counts == {"hidden": 1, "new": 1}
    assert "Eero" in markup(client_of(mikko).get(page, {"kind": "hidden"}))


def test_an_erasure_finds_hidden_rows(filtered, kahvila, mikko):
    people(filtered)

    erasing.erase([kahvila], "+358401110001", by=mikko)

    assert not ImportRow.objects.filter(job=filtered).exclude(raw=[]).exists()


def test_hidden_rows_are_taken_where_somebody_says_so(filtered):
    import_lifecycle.reread(filtered, hidden="take")

    assert [row[:2] for row in people(filtered)] == [(2, "new"), (3, "duplicate")]


def test_columns_without_a_filled_cell_are_left_out(uploaded):
    job = uploaded("Puhelin;Kanta;Muu\n0401110001;kulta;\n0401110002;; \n")

    assert job.mapping == ["phone", "property:Kanta", ""]


def test_a_merged_cell_is_named_as_such(uploaded):
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["Puhelin", "Kaupunki"])
        sheet.write_column(1, 0, ["0401110001", "0401110002"])
        sheet.merge_range(1, 1, 2, 1, "Oulu")

    people(job := uploaded(content.getvalue()))

    row = ImportRow.objects.get(job=job, line=3)
    assert "merged with the one above" in row.problems[0]["reason"]


def test_an_erasure_takes_the_words_of_a_file_out_of_its_question(uploaded, kahvila, mikko):
    job = uploaded("Etunimi;Sukunimi;Puhelin\nGóra;Kamiński;+48512111004\n".encode("cp1250"))
    assert "Kami" in job.questions[0]["words"]

    erasing.erase([kahvila], "+48512111004", by=mikko)

    job.refresh_from_db()
    assert job.questions[0]["words"].endswith("Choose the one that is right.")
