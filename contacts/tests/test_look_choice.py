"""Whether others have used a group: asked before an import is saved, with what looking first costs."""

import re

import pytest
from django.core.management import call_command
from django.urls import reverse

from contacts.importing import saving
from contacts.management.commands.import_contacts import look_words
from contacts.models import Import
from contacts.tests.conftest import HEADER, make_checked, plan_calls
from gateway.models import Operation, Service
from tests.factories import make_contact
from tests.markup import markup
from tests.people import client_of

TWO = "0401111111;Anna\n0402222222;Ben\n"


@pytest.fixture(autouse=True)
def unknown(group) -> None:
    """Nobody has said it."""
    group.is_shared = None
    group.save()


def page(person, job: Import) -> str:
    return markup(client_of(person).get(reverse("contacts:import_page", args=[job.pk])))


def test_it_is_asked_with_what_each_answer_costs(group, mikko, connected):
    asked = page(mikko, make_checked(group, mikko, TWO)).partition("Has anybody else put people into")[2]

    yes, _, no = asked.partition('value="no"')
    assert re.search(r'value="yes"\s+checked.*at most\s+a few seconds, done ', yes, re.DOTALL)
    assert re.search(r"^\s*>.*\sa few seconds, done ", no, re.DOTALL)


def test_what_was_said_before_is_said_again(group, mikko, connected):
    Service.objects.update(is_shared=False)

    assert re.search(r'value="no"\s+checked', page(mikko, make_checked(group, mikko, TWO)))


@pytest.mark.parametrize(("said", "kind"), [("yes", "contact.lookup"), ("no", "contact.create")])
def test_what_a_person_says_decides(group, mikko, connected, said, kind):
    job = make_checked(group, mikko, "0401111111;Anna\n")

    client_of(mikko).post(reverse("contacts:import_saving", args=[job.pk]), {"shared": said})
    saving.save(job.pk)
    plan_calls(connected)

    group.refresh_from_db()
    assert group.is_shared == (said == "yes")
    assert Operation.objects.get().kind == kind


def test_nothing_is_asked_where_nobody_is_new(group, mikko, connected):
    make_contact(group, phone="+358401111111", first_name="Anna")

    assert "Has anybody else" not in page(mikko, make_checked(group, mikko, "0401111111;Anne\n"))


def test_nothing_is_asked_where_smartdialog_writes_over_nobody(group, mikko, connected):
    Service.objects.update(keeps_who_is_there=True)

    assert "Has anybody else" not in page(mikko, make_checked(group, mikko, TWO))


@pytest.mark.parametrize(
    ("options", "kind"), [([], "lookup"), (["--shared", "yes"], "lookup"), (["--shared", "no"], "create")]
)
def test_the_command_looks_first_unless_nobody_else_has_used_the_group(
    group, connected, tmp_path, options, kind
):
    file = tmp_path / "people.csv"
    file.write_text(HEADER + "0401111111;Anna\n")
    where = ["--customer", group.customer.remote_id, "--group", group.remote_id]

    call_command("import_contacts", str(file), *where, *options)
    plan_calls(connected)

    assert [call.kind for call in Operation.objects.all()] == [f"contact.{kind}"]


def test_the_command_says_before_what_looking_first_costs(group, mikko):
    job = make_checked(group, mikko, TWO)
    cost = "Each new number is looked up first: at most 4 calls, a few seconds. With --shared no it is not.\n"
    assert [look_words(job, said) for said in (None, True, False)] == [cost, cost, ""]

    job.group.keeps_who_is_there = True
    assert look_words(job, None) == ""


@pytest.mark.parametrize(("known", "is_said"), [({}, True), ({"is_shared": False}, False)])
def test_copying_says_that_who_is_new_in_the_other_group_may_be_looked_up(
    group, other, people, mikko, connected, known, is_said
):
    Service.objects.filter(pk=other.pk).update(**{"is_shared": None, **known})

    asked = {"verb": "copy", "contact": [each.pk for each in people]}
    answer = client_of(mikko).post(reverse("contacts:bulk", args=[group.pk]), asked).content.decode()

    assert "Choose a group" in answer
    assert ("who is new there is looked up first: at most 5 calls more" in answer) == is_said
