"""A worker killed at every step of meeting somebody whom SmartDialog had before, and of giving back."""

import pytest

from accounts.models import User
from contacts.editing import crud
from contacts.importing import undoing
from contacts.models import Contact
from contacts.sync import pushing
from gateway.models import Operation, Service
from gateway.outbox.draining import drain
from tests.faults.crashing_worker import AT_EACH_STEP, drain_and_crash
from tests.integration import test_people_there_before as there_before
from tests.integration.test_people_there_before import ANNA, at_smartdialog, carried, has, imported

pytestmark = AT_EACH_STEP

anna = there_before.anna
FAILPOINTS = ["slot reserved", "before connect", "no answer", "answer read", "committed"]
# The first pass is the creation that is refused, the second the look that follows.
MEETING = [f"{failpoint}:{at_pass}" for failpoint in FAILPOINTS for at_pass in (1, 2)]


@pytest.fixture
def mikko_signed_in(signed_in: User) -> User:
    return signed_in


@pytest.fixture
def group(signed_in: User) -> Service:
    """SmartDialog is known to refuse to create who is there, so that nobody is looked up before."""
    Service.objects.update(keeps_who_is_there=True)
    return Service.objects.groups().get(name="Jäsenet")


@pytest.mark.parametrize("failpoint", [*MEETING, "outcome written:1"])
def test_a_kill_while_somebody_is_met_writes_over_nothing(
    failpoint, group, anna, signed_in, sandbox, tmp_path, later
):
    crud.add(group, phone=ANNA, values={"first_name": "Anne"}, by=signed_in)

    drain_and_crash(signed_in.connection.pk, failpoint=failpoint, folder=tmp_path)
    go_on(signed_in, later)

    contact = Contact.objects.get()
    assert has(sandbox, active=False, firstName="Anna", updated_count=0, created_count=1)
    assert (contact.undecided, contact.active, contact.city) == (True, False, "Oulu")
    assert not Operation.objects.unsettled().exists()


@pytest.mark.parametrize("failpoint", [*FAILPOINTS, "outcome written"])
def test_a_kill_while_what_was_there_is_given_back_loses_nobody(
    failpoint, group, anna, signed_in, sandbox, tmp_path, later, settings
):
    settings.UPLOADS_DIR = tmp_path / "uploads"
    job = imported(group, signed_in)
    crud.decide(Contact.objects.get(phone=ANNA), active=False, by=signed_in)
    carried(job, signed_in)
    assert has(sandbox, active=False, firstName="Anne")
    undoing.begin(job, by=signed_in)
    undoing.undo(job.pk)

    drain_and_crash(signed_in.connection.pk, failpoint=failpoint, folder=tmp_path)
    go_on(signed_in, later)

    assert has(sandbox, active=False, firstName="Anna")
    assert at_smartdialog(sandbox, there_before.BEN) is None
    assert not Contact.objects.exists()


@pytest.mark.parametrize("failpoint", ["no answer", "answer read"])
def test_who_was_created_by_a_call_that_nobody_heard_of_is_ours(
    failpoint, group, signed_in, sandbox, tmp_path, later
):
    crud.add(group, phone=ANNA, values={"first_name": "Anne"}, by=signed_in)

    drain_and_crash(signed_in.connection.pk, failpoint=failpoint, folder=tmp_path)
    go_on(signed_in, later)

    contact = Contact.objects.get()
    assert (contact.undecided, contact.met, contact.sync_state) == (False, None, "synced")
    assert Operation.objects.filter(kind=pushing.UPDATE).count() == 1


def go_on(person: User, later) -> None:
    """When the dead worker's lease has run out, and what it sent is surely over."""
    for seconds in (50, 150, 250, 350):
        later(seconds)
        drain(person.connection.pk)
