"""What anybody may put into an address: names we never asked for, and values that no page of ours makes."""

import ast
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.db import transaction
from django.forms.forms import BaseForm

from contacts.models import Contact
from tests.access.addresses import Address, addresses
from tests.access.conftest import World

pytestmark = pytest.mark.django_db

OURS = ("accounts", "gateway", "contacts", "messaging", "smartdialog_admin")
JUNK = [
    "",
    "'",
    '"; DROP TABLE accounts_user; --',
    "\0",
    "%00",
    "-1",
    "9" * 40,
    "9" * 18,
    "1e9",
    "٣",
    "²",
    "__",
    "pk__in",
    "..",
    "<script>",
    "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"),
    "x" * 10_000,
]
POSTED = ["\0", "9" * 18, "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"), "x" * 5000]
HOSTILE = [
    "password__startswith",
    "created_by__password__startswith",
    "_connector",
    "_negated",
    "customer",
    "customer_id",
    "order_by",
    "pk__in",
    "\0",
    "'",
]
# What would let a parameter into a query by its own name, or text into SQL.
NEVER = {"extra", "raw", "RawSQL"}
WRITTEN_BY_DJANGO = {
    "kept_queries.py",
    "saved_views.py",
}  # statements that are kept, with their parameters apart
QUERIES = {"query", "asked"}  # what a function that reads request.GET calls it


def sources(*words: str) -> Iterator[tuple[Path, ast.Module]]:
    """Those with one of the words in them: to parse all takes two seconds."""
    for app in OURS:
        for path in Path(settings.BASE_DIR, app).rglob("*.py"):
            if not {"tests", "migrations"} & set(path.parts):
                source = path.read_text()
                if any(word in source for word in words):
                    yield path, ast.parse(source)


def is_query(node: ast.expr) -> bool:
    return (isinstance(node, ast.Attribute) and node.attr == "GET") or (
        isinstance(node, ast.Name) and node.id in QUERIES
    )


def is_written_out(call: ast.Call, module: ast.Module) -> bool:
    """Its SQL is a constant text of its module."""
    texts = {
        target.id
        for each in module.body
        if isinstance(each, ast.Assign) and isinstance(each.value, ast.Constant)
        for target in each.targets
        if isinstance(target, ast.Name)
    }
    return bool(call.args) and isinstance(call.args[0], ast.Name) and call.args[0].id in texts


def is_posted(node: ast.expr) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == "POST"


@cache
def names_read(of: Callable[[ast.expr], bool], *words: str) -> set[str]:
    """Every parameter that some page reads; most modules that have such a word read nothing by it."""
    names = set()
    for _, tree in sources(*(f"{word}{how}" for word in words for how in (".get", "["))):
        for node in ast.walk(tree):
            match node:
                case ast.Call(
                    func=ast.Attribute(value=value, attr="get" | "getlist"),
                    args=[ast.Constant(str(name)), *_],
                ):
                    names |= {name} if of(value) else set()
                case ast.Subscript(value=value, slice=ast.Constant(str(name))):
                    names |= {name} if of(value) else set()
    return names


def names_in_forms() -> set[str]:
    """Fields of every form, those of a set of forms as its first names them."""
    names, forms = set(), [BaseForm]
    while forms:
        form = forms.pop()
        forms += form.__subclasses__()
        names |= {each for name in getattr(form, "base_fields", ()) for each in (name, f"form-0-{name}")}
    return names


ASKED = sorted(names_read(is_query, "GET", *QUERIES))
ALL = addresses()


def test_the_parameters_are_found_in_the_code():
    assert {"q", "sort", "state", "after", "before", "kind", "show", "actor", "topics", "next"} <= set(ASKED)


@pytest.mark.parametrize("address", ALL, ids=lambda one: one.name)
def test_no_parameter_breaks_a_page(address: Address, world: World):
    """Every name meets every value, twice in one address, as a page and as a fragment.

    A page that asks for none of them is asked once as each.
    """
    names, is_asked = [*ASKED, *HOSTILE], False
    path, browser = address.path(world.rows), world.browser()
    if browser.get(path).status_code == 405:
        return

    for turn in range(len(JUNK)):
        asked = {name: [JUNK[(place + turn) % len(JUNK)], JUNK[turn]] for place, name in enumerate(names)}
        headers = {"HX-Request": "true"} if turn % 2 else {}
        answer = browser.get(path, asked, headers=headers)
        assert answer.status_code != 500
        is_asked = is_asked or "GET" in vars(answer.wsgi_request)  # cached when it is first read
        if turn == 1 and not is_asked:
            return


@pytest.mark.parametrize("address", ALL, ids=lambda one: one.name)
def test_nothing_posted_breaks_a_page(address: Address, world: World):
    """Every name with the same value; what it changed is taken back before the next one.

    A page that reads no form is sent one only.
    """
    path, browser = address.path(world.rows), world.browser()
    if browser.post(path).status_code == 405:
        return

    for body in posted():
        with transaction.atomic():
            answer = browser.post(path, body, content_type="application/x-www-form-urlencoded")
            assert answer.status_code != 500
            transaction.set_rollback(True)
        if "_post" not in vars(answer.wsgi_request):  # set when it is first read
            return


@cache
def posted() -> list[str]:
    """The forms, as a browser encodes them."""
    names = sorted({*names_read(is_posted, "POST"), *names_in_forms(), "cell_0", "form-TOTAL_FORMS"})
    return [urlencode(dict.fromkeys(names, value)) for value in POSTED]


@pytest.mark.parametrize("address", [one for one in ALL if one.parameters], ids=lambda one: one.name)
def test_a_number_or_word_that_no_row_has_is_not_found(address: Address, world: World):
    browser = world.browser()
    for value in (0, 2**31, 2**63, 10**30):
        numbers = dict.fromkeys(["pk", "group", "number"], value)
        path = address.path(numbers | dict.fromkeys(["secret", "token"], f"\0{value}"))

        assert {browser.get(path).status_code, browser.post(path).status_code} <= {404, 405}, value


@pytest.mark.parametrize("name", [*HOSTILE, "first_name", "first_name__startswith", "search_text__contains"])
def test_a_name_we_did_not_ask_for_filters_nothing(world: World, name):
    path = f"/contacts/{world.rows['group']}/"

    page = world.browser().get(path, {name: "zzz"})

    assert [contact.pk for contact in page.context["page"].rows] == [Contact.objects.get().pk]


@pytest.mark.parametrize(
    ("called", "is_constant"),
    [("RawSQL(SQL, [])", True), ("RawSQL(f'{SQL}', [])", False), ("raw(made)", False)],
)
def test_sql_is_a_constant_only_where_its_module_says_all_of_it(called, is_constant):
    module = ast.parse(f"SQL = 'SELECT 1'\nmade = str(1)\n{called}")

    assert is_written_out(module.body[-1].value, module) is is_constant


def test_no_parameter_reaches_a_query_by_its_own_name():
    offenders = []
    for path, tree in sources("GET", *QUERIES, *NEVER):
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call):
                continue
            called = getattr(node.func, "attr", getattr(node.func, "id", ""))
            spread = [each.value for each in node.keywords if each.arg is None]
            is_raw = called in NEVER and path.name not in WRITTEN_BY_DJANGO
            if (is_raw and not is_written_out(node, tree)) or any(
                is_query(value) or "GET" in ast.dump(value) for value in spread
            ):
                offenders.append(f"{path.name}:{node.lineno}")

    assert offenders == []
