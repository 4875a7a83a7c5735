"""Whoever erases is killed at any step, and whoever tells SmartDialog: in the end no canary is left."""

import pytest

from accounts.models import User
from contacts.editing import crud
from contacts.erasure import erasing
from contacts.models import Contact, Erasure
from gateway.models import Operation, Service
from gateway.outbox.draining import drain
from tests.erasure import whole_database
from tests.erasure.person_rows import EMAIL, FIRST, LAST, PHONE, World
from tests.erasure.planting import CANARY, WRITTEN, plant
from tests.faults.crashing_worker import AT_EACH_STEP, drain_and_crash, run_and_crash
from tests.integration.test_people_there_before import at_smartdialog

pytestmark = AT_EACH_STEP

ERASE = """
import sys, django
django.setup()
from accounts.models import User
from contacts.erasure import erasing
staff = User.objects.get(pk=sys.argv[1])
erasing.erase(list(staff.customers.filter(pk=sys.argv[2])), sys.argv[3], by=staff)
"""
UNCOMMITTED = ["erasure begun", "contacts emptied", "trail emptied", "erasure recorded"]
COMMITTED = ["erasure committed", "remains looked at"]
OF_THE_CALL = ["slot reserved", "before connect", "no answer", "answer read", "outcome written", "committed"]


@pytest.fixture
def world(signed_in: User, settings, tmp_path) -> World:
    """SmartDialog has the person as well."""
    settings.UPLOADS_DIR = tmp_path / "uploads"
    group = Service.objects.groups().get(name="Jäsenet")
    names = {"first_name": FIRST, "last_name": LAST, "email": EMAIL}
    crud.add(group, phone=PHONE, values=names, by=signed_in)
    drain(signed_in.connection.pk)
    planted = World(group.customer, signed_in, group, Contact.objects.get(phone=PHONE))
    plant(planted, WRITTEN["name"])
    return planted


@pytest.mark.parametrize("failpoint", UNCOMMITTED)
def test_a_kill_before_all_is_committed_erases_nothing_and_it_can_be_asked_again(
    failpoint, world, sandbox, tmp_path, later
):
    before = sorted(whole_database.where(CANARY))

    kill_the_eraser(world, failpoint, tmp_path)

    assert not Erasure.objects.exists()
    assert sorted(whole_database.where(CANARY)) == before
    erasing.erase([world.customer], PHONE, by=world.staff)
    is_erased_in_the_end(world, sandbox, later)


@pytest.mark.parametrize("failpoint", COMMITTED)
def test_a_kill_after_that_is_made_good_by_the_sweep(failpoint, world, sandbox, tmp_path, later):
    kill_the_eraser(world, failpoint, tmp_path)

    is_erased_in_the_end(world, sandbox, later)


@pytest.mark.parametrize("failpoint", OF_THE_CALL)
def test_a_kill_while_smartdialog_is_told_leaves_nobody_behind(failpoint, world, sandbox, tmp_path, later):
    erasing.erase([world.customer], PHONE, by=world.staff)

    drain_and_crash(world.staff.connection.pk, failpoint=failpoint, folder=tmp_path)

    is_erased_in_the_end(world, sandbox, later)


def kill_the_eraser(world: World, failpoint: str, folder) -> None:
    who = (world.staff.pk, world.customer.pk, PHONE)
    run_and_crash(ERASE, *who, failpoint=failpoint, folder=folder)


def is_erased_in_the_end(world: World, sandbox, later) -> None:
    """When the dead worker's lease has run out, and what it sent is surely over."""
    for seconds in (50, 150, 250, 350):
        later(seconds)
        drain(world.staff.connection.pk)
        erasing.sweep()
    erasure = Erasure.objects.get()
    assert erasure.finished_at
    assert not Operation.objects.unsettled().exists()
    assert at_smartdialog(sandbox, PHONE) is None
    assert whole_database.where(CANARY) == []
