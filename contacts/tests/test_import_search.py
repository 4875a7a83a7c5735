"""A search among the rows of a kind, while a checked import is looked through."""

import re
from urllib.parse import quote

import pytest
from django.utils import timezone

from contacts.importing import import_lifecycle, import_preview, row_fixes, saving
from contacts.models import Import, ImportRow, ImportState
from contacts.tests.conftest import make_checked, make_import, make_saved
from contacts.tests.test_import_pages import HTMX, content, queries_of, url
from tests.factories import make_contact
from tests.markup import markup
from tests.people import client_of

VAINO = "+358 40 123 4567;Väinö;O'Äijälä;vaino@example.fi;;Kulta 2. vuosi\n"
CROWD = "".join(f"04050000{n:02};Orvokki;Niemi{n};;;hopea\n" for n in range(60))


def found(job: Import, kind: str, text: str) -> list[int]:
    return [line.number for line in import_preview.page(job, kind, text=text).lines]


@pytest.mark.parametrize(
    "text",
    [
        *["väinö", "VAINO", "Va\u0308ino\u0308", "o'äij", "äij väi", "vaino@example.fi", "kulta vuosi"],
        *["040 123", "0401234567", "+358401234567", "00358-40-1234567", "4567", "väinö 040"],
    ],
)
def test_a_row_is_found_by_name_email_property_and_number_in_any_spelling(group, mikko, text):
    job = make_checked(group, mikko, CROWD + VAINO)

    assert found(job, "new", text) == [62]


@pytest.mark.parametrize("text", ["äinö", "väinö orvokki", "9999", "Kuopio"])
def test_what_no_row_has_is_not_found(group, mikko, text):
    assert found(make_checked(group, mikko, CROWD + VAINO), "new", text) == []


def test_every_kind_of_valid_row_is_searched(group, mikko):
    make_contact(group, phone="+358401111111", first_name="Anna")
    make_contact(group, phone="+358402222222", first_name="Anna")
    make_contact(group, phone="+358403333333", active=False)
    rows = "0404444444;Anna\n0401111111;Anna;Berg\n0402222222;Anna\n0404444444;Anna\n0403333333;Anna\n"
    job = make_checked(group, mikko, rows + "0405555555;Anna;;anna(at)x\n")

    kinds = ["new", "changed", "unchanged", "duplicate", "opted_out", "warnings"]
    assert [found(job, kind, "anna 040") for kind in kinds] == [[2, 7], [3], [4], [5], [6], [7]]
    assert not ImportRow.objects.filter(job=job, search_text="").exists()


@pytest.mark.parametrize(
    "text", ["040 12", "04012", "4012", "matti", "MA\u0308KI", "mäki matti", "matti(at)example", "vip"]
)
def test_an_invalid_row_is_found_by_what_its_cells_hold(group, mikko, text):
    job = make_checked(group, mikko, "040;Anna\n040 12;Matti;Mäki;matti(at)example.fi;;VIP\n")

    assert found(job, "invalid", text) == [3]


def test_a_number_without_its_last_digits_is_found_as_it_is_dialled(group, mikko):
    job = make_checked(group, mikko, "+358 40 1;Anna\n3,58E+11;Ben\n")

    assert found(job, "invalid", "0401") == [2]
    assert found(job, "invalid", "3,58E+11") == [3]


def test_a_cell_that_was_left_out_is_found_and_no_contact_is_found_by_it(group, mikko, connected):
    job = make_checked(group, mikko, "0401111111;Anna;;anna(at)example.fi\n0402222222;Ben;;ben(at)x\n")

    assert found(job, "warnings", "anna(at)example") == [2]
    assert found(job, "new", "anna 0401111111") == [2]
    import_lifecycle.confirm(job, by=mikko)
    saving.save(job.pk)
    assert group.contacts.matching("anna").count() == 1
    assert group.contacts.matching("example").count() == 0


def test_a_mended_row_is_found_by_what_it_is_now(group, mikko):
    job = make_checked(group, mikko, "040;Anna\n041;Ben\n")

    row_fixes.fix_row(ImportRow.objects.get(job=job, line=2), {0: "0401111111", 1: "Cia"}, by=mikko)

    assert [found(job, "new", text) for text in ("cia", "0401111111", "anna")] == [[2], [2], []]
    assert found(job, "invalid", "ben") == [3]


@pytest.mark.parametrize("text", ["1204", "1,204", "row 1,204", "Row1204"])
def test_a_row_is_found_by_its_number_in_the_file(group, mikko, text):
    job = make_checked(group, mikko, "0401111111;Anna\n0402222222;Ben\n")
    ImportRow.objects.filter(line=3).update(line=1204)

    assert found(job, "new", text) == [1204]


@pytest.mark.parametrize("text", ["row", "row 0", "0", "1" * 40, "row " + "9" * 12, ",", "row ,"])
def test_what_is_no_row_number_finds_no_row_by_it(group, mikko, text):
    job = make_checked(group, mikko, "0402222222;Anna\n")

    assert found(job, "new", text) in ([], [2] if text == "," else [])


@pytest.mark.parametrize("sign", ["%", "_", "'", "\\", "&", "|", ":", "*", "<", '"', "''", "\\'", ":*"])
def test_signs_that_mean_something_to_a_database_are_plain_text(group, mikko, sign):
    job = make_checked(group, mikko, f"0401111111;Aa{sign}Bb\n0402222222;Ben\n040;Aa{sign}Bb\n041;Ben\n")

    assert found(job, "new", f"aa{sign}bb") == [2]
    assert found(job, "invalid", f"aa{sign}bb") == [4]
    assert found(job, "new", f"a{sign}n") == []
    page = content(mikko, job, kind="new", q=sign)
    assert "A search needs a letter or a digit, so all are shown" in page
    assert 'id="row-3"' in page


def test_pages_keep_the_search(group, mikko):
    job = make_checked(group, mikko, "".join(f"04060000{n:02};Cia;Å\n" for n in range(60)) + CROWD)

    page = content(mikko, job, kind="new", q="orvokki å&b")
    assert "Nobody matches" in page
    page = content(mikko, job, kind="new", q="orvokki 04050")
    assert numbers(page) == list(range(62, 112))
    assert "More than 50 rows match" in page
    forth = following(page, "next")
    assert forth == "?step=check&kind=new&q=orvokki+04050&after=111"
    page = content_at(mikko, job, forth)
    assert numbers(page) == list(range(112, 122))
    page = content_at(mikko, job, following(page, "prev"))
    assert numbers(page) == list(range(62, 112))
    assert 'rel="prev"' not in page


def test_chips_keep_the_search(group, mikko):
    job = make_checked(group, mikko, "0401111111;Anna\n0402222222;Ben\n040;Anna & Ben\n041;Ben\n")

    page = content(mikko, job, kind="new", q="anna &")
    (chip,) = re.findall(r'href="([^"]*)" data-testid="chip-invalid"', page)
    page = content_at(mikko, job, chip.replace("&amp;", "&"))

    assert numbers(page) == [4]
    assert 'name="q" value="anna &amp;"' in page
    assert "1 row matches" in page


def test_a_mended_row_leaves_the_search_as_it_was(group, mikko):
    job = make_checked(group, mikko, "040;Anna;Niemi\n041;Ben;Niemi\n042;Cia;Berg\n")
    mended = {"line": "2", "cell_0": "0401111111", "kind": "invalid", "after": "", "q": "niemi"}
    browser = client_of(mikko)

    part = markup(browser.post(url(job, "import_mending"), mended, **HTMX))
    assert numbers(part) == [2]
    assert "kind=invalid&amp;q=niemi" in part

    plain = {"line": "3", "cell_0": "0402222222", "kind": "invalid", "q": "niemi"}
    answer = browser.post(url(job, "import_mending"), plain, follow=True)
    assert answer.redirect_chain[0][0].endswith("?kind=invalid&after=&before=&q=niemi")
    page = answer.content.decode()
    assert "Row 3 is now new." in page
    assert "Nobody among the invalid rows matches “<bdi>niemi</bdi>”" in page


def test_nobody_is_found_in_words_with_a_way_back(group, mikko):
    job = make_checked(group, mikko, "0401111111;Anna\n040;Ben\n")

    page = content(mikko, job, kind="invalid", q="<b>zzz")

    assert "Nobody among the invalid rows matches “<bdi>&lt;b&gt;zzz</bdi>”" in page
    assert (
        '<a class="button empty__action" href="?step=check&amp;kind=invalid">Show all invalid rows</a>'
        in page
    )
    assert "Download these rows" in page


def test_a_kind_without_rows_has_nothing_to_search(group, mikko):
    job = make_checked(group, mikko, "0401111111;Anna\n")

    page = content(mikko, job, kind="invalid", q="zzz")

    assert "There are no such rows in this file." in page
    assert 'id="row-search"' not in page
    assert "Download what is left out" not in page


def test_a_form_without_javascript_searches(group, mikko):
    job = make_checked(group, mikko, CROWD + VAINO)

    page = content(mikko, job, step="check", kind="new")
    (form,) = re.findall(r'<form class="toolbar" role="search".*?</form>', page, re.DOTALL)
    asked = dict(re.findall(r'name="(\w+)" value="(\w*)"', form))

    assert f'action="{url(job)}"' in form
    assert asked == {"step": "check", "kind": "new", "q": ""}
    assert numbers(content(mikko, job, **asked | {"q": "väinö"})) == [62]


@pytest.mark.parametrize("kind", ["new", "invalid", "duplicate", "warnings"])
def test_a_search_costs_the_same_queries_as_none_however_many_rows(group, mikko, kind):
    some = "0401111111;Anna\n0401111111;Anna\n040;Anna\n0402222222;Anna;;d(at)d\n"
    many = some + "".join(f"04033333{n:02};Anna;;x(at)\n04033333{n:02};Anna\n04{n};Anna\n" for n in range(60))
    few = queries_of(mikko, url(make_checked(group, mikko, some)) + f"?kind={kind}")

    assert queries_of(mikko, url(make_checked(group, mikko, some)) + f"?kind={kind}&q=anna") == few
    assert queries_of(mikko, url(make_checked(group, mikko, many)) + f"?kind={kind}&q=anna") == few


def test_rows_of_other_imports_are_not_found(group, mikko):
    make_checked(group, mikko, "0401111111;Anna\n")
    job = make_checked(group, mikko, "0402222222;Ben\n")

    assert found(job, "new", "anna") == []


def test_a_stranger_who_searches_finds_no_import(group, mikko, otto):
    job = make_checked(group, mikko, "0401111111;Anna\n")

    assert client_of(otto).get(url(job), {"kind": "new", "q": "anna"}).status_code == 404


def test_an_import_that_is_being_checked_shows_how_far_it_is_whatever_is_sought(group, mikko):
    job = make_import(group, mikko, "0401111111;Anna\n")
    import_lifecycle.start_checking(job, mapping=job.mapping, regions=job.regions)

    page = content(mikko, job, step="check", kind="new", q="anna")

    assert "Rows compared" in page
    assert "every 2s" in page


@pytest.mark.parametrize("state", [ImportState.SAVING, ImportState.SYNCING, ImportState.DONE])
def test_rows_are_searched_in_peace_after_the_import_was_confirmed(group, mikko, connected, state):
    job = make_saved(group, mikko, "0401111111;Anna\n040;Ben\n041;Cia\n")
    Import.objects.update(state=state, finished_at=timezone.now())

    page = content(mikko, job, step="check", kind="invalid", q="cia")

    assert numbers(page) == [4]
    assert "every 2s" not in page
    assert "http-equiv" not in page
    assert ("every 2s" in content(mikko, job)) == (state != ImportState.DONE)


def test_a_long_search_and_one_with_a_nul_are_taken(group, mikko):
    job = make_checked(group, mikko, "0401111111;Anna\n")

    assert numbers(content(mikko, job, kind="new", q="an\0na")) == [2]
    assert "Nobody matches" in content(mikko, job, kind="new", q="zz" * 5000)


def numbers(page: str) -> list[int]:
    return [int(number) for number in re.findall(r'<tr id="row-(\d+)"', page)]


def following(page: str, rel: str) -> str:
    (address,) = re.findall(rf'rel="{rel}" href="([^"]*)"', page)
    return address.replace("&amp;", "&")


def content_at(person, job: Import, address: str) -> str:
    return markup(client_of(person).get(url(job) + quote(address, safe="?&=+%")))
