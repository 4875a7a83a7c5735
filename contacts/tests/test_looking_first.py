"""A group that others may have used: who is there is looked at before a creation could write over them."""

import pytest

from accounts.models import AuditEvent
from contacts.consent.opt_outs import Evidence, opt_out
from contacts.editing import crud
from contacts.models import ConsentSource, Contact
from contacts.sync import looking_first, pushing
from contacts.sync.handlers import HERE_TWICE
from contacts.tests.answers import refuse, take
from contacts.tests.conftest import make_saved, plan_calls
from contacts.tests.test_people_there_before import there
from gateway import clock
from gateway.models import Lane, Operation, OperationState
from gateway.outbox import QueuedCall
from gateway.outbox.handlers import handler_of
from gateway.smartdialog.errors import Refused, Unsendable
from tests.factories import make_contact, make_operation

PHONE = "+358401111111"
NOBODY = Refused("There is no such contact", status=404)
THERE = Refused("The group already has a contact with this phone number", status=400)
ROWS = "0401111111;Anna;;;;\n0401111112;Ben;;;;\n"


@pytest.fixture(autouse=True)
def shared(group) -> None:
    """Nobody has said whether others use it."""
    group.is_shared = None
    group.save()


def add(group, by, phone: str = PHONE) -> Contact:
    return crud.add(group, phone=phone, values={"first_name": "Anna", "active": True}, by=by)


def waiting(kind: str) -> Operation:
    return Operation.objects.get(kind=kind, state=OperationState.WAITING)


def waiting_kinds() -> list[str]:
    return list(Operation.objects.filter(state="waiting").order_by("pk").values_list("kind", flat=True))


@pytest.fixture
def looked_up(group, mikko, connected) -> Contact:
    """And not there: the creation waits."""
    contact = add(group, mikko)
    refuse(waiting(pushing.LOOKUP), NOBODY)
    return contact


def test_who_may_be_there_is_looked_up_before_anything_is_written(group, mikko, connected):
    add(group, mikko)

    assert waiting_kinds() == [pushing.LOOKUP]


def test_who_is_not_there_is_created(looked_up):
    creation = waiting(pushing.CREATE)

    assert waiting_kinds() == [pushing.CREATE]
    assert (creation.lane, creation.payload["contact"]["first_name"]) == (Lane.INTERACTIVE, "Anna")


def test_who_is_there_is_taken_in_and_the_group_is_known_to_be_shared(group, mikko, connected):
    contact = add(group, mikko)

    take(waiting(pushing.LOOKUP), there(first_name="Anne", city="Oulu"))

    contact.refresh_from_db()
    group.refresh_from_db()
    assert (contact.first_name, contact.city, contact.undecided) == ("Anna", "Oulu", True)
    assert group.is_shared
    assert waiting_kinds() == []


def test_an_import_looks_first_and_counts_with_it(group, mikko, connected):
    job = make_saved(group, mikko, ROWS)
    plan_calls(connected)

    looks = Operation.objects.filter(batch=job.batch)
    assert set(looks.values_list("kind", "lane")) == {(pushing.LOOKUP, Lane.BULK)}
    refuse(looks.first(), NOBODY)
    assert waiting(pushing.CREATE).batch == job.batch


@pytest.mark.parametrize("known", [{"is_shared": False}, {"keeps_who_is_there": True}])
def test_a_look_that_is_not_needed_is_not_made(group, mikko, connected, known):
    type(group).objects.update(**known)
    group.refresh_from_db()
    add(group, mikko)

    assert waiting_kinds() == [pushing.CREATE]


@pytest.mark.parametrize(("answer", "keeps"), [(THERE, True), (None, False)])
def test_what_was_just_taken_is_said_once_more_to_see_what_is_done_with_it(
    group, mikko, looked_up, answer, keeps
):
    creation = waiting(pushing.CREATE)
    take(creation)
    again = waiting(pushing.REPEAT)
    assert again.payload["contact"] == creation.payload["contact"]

    refuse(again, answer) if answer else take(again)

    group.refresh_from_db()
    looked_up.refresh_from_db()
    assert group.keeps_who_is_there is keeps
    assert group.looks_first is not keeps
    assert looked_up.sync_state == "synced"
    assert not Operation.objects.filter(state=OperationState.FAILED).exists()


def test_it_is_seen_once_for_a_group(group, mikko, looked_up):
    take(waiting(pushing.CREATE))
    add(group, mikko, "+358401111112")
    refuse(waiting(pushing.LOOKUP), NOBODY)
    take(waiting(pushing.CREATE))

    assert waiting_kinds() == [pushing.REPEAT]


@pytest.mark.parametrize("later", [pushing.LOOKUP, pushing.DELETE])
def test_it_is_not_said_again_of_whom_something_else_is_to_be_said(looked_up, connected, later):
    make_operation(connected, kind=later, subject=f"contact:{looked_up.pk}")

    take(waiting(pushing.CREATE))

    assert waiting_kinds() == [later]


def test_another_refusal_says_nothing_and_it_is_seen_later(group, mikko, looked_up):
    take(waiting(pushing.CREATE))
    refuse(waiting(pushing.REPEAT), Refused("No such group", status=403))

    group.refresh_from_db()
    assert group.looks_first
    assert not Operation.objects.filter(state=OperationState.FAILED).exists()


def test_what_was_said_long_ago_is_not_said_again(looked_up):
    take(waiting(pushing.CREATE))
    again = waiting(pushing.REPEAT)
    Operation.objects.update(created_at=clock.after(-3600))
    again.refresh_from_db()

    with pytest.raises(Unsendable):
        handler_of(again).call(None, QueuedCall(again))


def test_a_no_between_the_look_and_the_creation_makes_nobody_active(looked_up, kahvila):
    opt_out(kahvila, PHONE, Evidence(ConsentSource.MESSAGE, words="STOP"))

    assert waiting_kinds() == [pushing.CREATE]
    assert waiting(pushing.CREATE).payload["contact"]["active"] is False


def test_a_no_of_many_between_the_look_and_the_creation_makes_nobody_active(group, mikko, looked_up):
    Contact.objects.update(active=False)
    looked_up.refresh_from_db()
    pushing.push_many([looked_up], connection=mikko.connection, by=mikko, batch="bulk:1")

    assert waiting(pushing.CREATE).payload["contact"]["active"] is False


def test_a_no_while_the_look_is_made_makes_nobody_active(group, mikko, connected, kahvila):
    add(group, mikko)
    look = waiting(pushing.LOOKUP)
    Operation.objects.update(attempts=1, state=OperationState.INFLIGHT)
    opt_out(kahvila, PHONE, Evidence(ConsentSource.MESSAGE, words="STOP"))

    refuse(look, NOBODY)
    refuse(waiting(pushing.LOOKUP), NOBODY)

    assert waiting(pushing.CREATE).payload["contact"]["active"] is False


def test_an_edit_while_the_look_is_made_is_created_once(group, mikko, connected):
    contact = add(group, mikko)
    look = waiting(pushing.LOOKUP)
    Operation.objects.update(attempts=1, state=OperationState.INFLIGHT)
    crud.edit(contact, values={"first_name": "Annika"}, revision=contact.revision, by=mikko)

    refuse(look, NOBODY)
    assert waiting_kinds() == [pushing.LOOKUP]
    refuse(waiting(pushing.LOOKUP), NOBODY)

    assert waiting_kinds() == [pushing.CREATE]
    assert waiting(pushing.CREATE).payload["contact"]["first_name"] == "Annika"


def test_a_contact_that_was_deleted_while_the_look_was_made_is_not_created(group, mikko, connected):
    contact = add(group, mikko)
    Contact.objects.filter(pk=contact.pk).update(sync_state="deleting")

    refuse(waiting(pushing.LOOKUP), NOBODY)

    assert waiting_kinds() == []


def test_two_imports_of_one_number_create_it_once(group, mikko, connected):
    make_saved(group, mikko, ROWS)
    plan_calls(connected)
    Operation.objects.update(attempts=1)
    make_saved(group, mikko, "0401111111;Annika;;;;\n")
    plan_calls(connected)
    first, second = Operation.objects.filter(payload__phone=PHONE)

    refuse(first, NOBODY)
    refuse(second, NOBODY)

    creation = waiting(pushing.CREATE)
    assert (creation.payload["contact"]["first_name"], first.kind, second.kind) == (
        "Annika",
        pushing.LOOKUP,
        pushing.LOOKUP,
    )


def test_what_a_person_says_of_the_group_is_on_the_record(group, mikko):
    looking_first.say_shared(group, False, by=mikko)
    looking_first.say_shared(group, False, by=mikko)

    group.refresh_from_db()
    assert group.is_shared is False
    assert AuditEvent.objects.get(verb="group.shared_said").after == {"is_shared": False}


@pytest.mark.parametrize(
    ("known", "planned"),
    [
        ({}, 5),
        ({"keeps_who_is_there": False}, 10),
        ({"keeps_who_is_there": True}, 20),
        ({"is_shared": False}, 20),
    ],
)
def test_few_are_planned_at_once_while_looks_are_made(group, known, planned):
    for name, value in known.items():
        setattr(group, name, value)
    new = [Contact(group=group, phone=f"+35840111{number:04}") for number in range(30)]

    assert looking_first.share_of(20, new) == planned
    assert looking_first.share_of(20, [Contact(group=group, known_remotely=True)]) == 20


MEXICO, BEFORE_2020 = "+525512345678", "+5215512345678"


def test_who_is_there_in_another_spelling_is_taken_in_by_it_and_not_created_twice(group, mikko, connected):
    contact = add(group, mikko, MEXICO)
    refuse(waiting(pushing.LOOKUP), NOBODY)
    take(waiting(pushing.LOOKUP), there(phone=BEFORE_2020, city="Puebla", active=True))

    contact.refresh_from_db()
    update = waiting(pushing.UPDATE)
    assert waiting_kinds() == [pushing.UPDATE]
    assert (contact.phone, contact.city, update.payload["phone"]) == (BEFORE_2020, "Puebla", BEFORE_2020)
    assert AuditEvent.objects.filter(verb="contact.spelling_taken").exists()


def test_a_creation_that_is_refused_as_there_is_looked_up_in_each_spelling(group, mikko, connected):
    add(group, mikko, MEXICO)
    for _ in range(2):
        refuse(waiting(pushing.LOOKUP), NOBODY)
    refuse(waiting(pushing.CREATE), THERE)
    assert not waiting(pushing.LOOKUP).payload["spelling"]
    refuse(waiting(pushing.LOOKUP), NOBODY)

    take(waiting(pushing.LOOKUP), there(phone=BEFORE_2020, active=True))

    assert waiting(pushing.UPDATE).payload["phone"] == BEFORE_2020


def test_a_person_whom_the_group_has_twice_by_two_spellings_is_said_to_be(group, mikko, connected):
    contact = add(group, mikko, MEXICO)
    make_contact(group, phone=BEFORE_2020)
    refuse(waiting(pushing.LOOKUP), NOBODY)

    take(waiting(pushing.LOOKUP), there(phone=BEFORE_2020, active=True))

    contact.refresh_from_db()
    assert (contact.phone, contact.sync_error) == (MEXICO, HERE_TWICE)
