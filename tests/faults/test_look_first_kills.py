"""A worker killed at every step of an import into a group that others have used, and of taking it back.

Whatever SmartDialog does with a creation of somebody who is there: refuse it, or write over them. What comes
after the looks is the same for both.
"""

import pytest

from accounts.models import User
from contacts.consent.opt_outs import Evidence, opt_out
from contacts.editing import crud
from contacts.importing import checking, import_lifecycle, saving, undoing
from contacts.models import ConsentSource, Contact, Import
from gateway.models import Operation, Service
from tests.faults.crashing_worker import AT_EACH_STEP, drain_and_crash
from tests.faults.test_merge_kills import FAILPOINTS, go_on
from tests.integration import test_people_there_before as there_before
from tests.integration.test_people_there_before import ANNA, BEN, at_smartdialog, carried, has

pytestmark = [*AT_EACH_STEP, pytest.mark.usefixtures("who_is_there")]

anna = there_before.anna
# Anna is looked up, and Ben; Ben is created, and that is said once more.
IMPORTING = [*(f"{point}:{at_pass}" for point in FAILPOINTS for at_pass in (1, 2, 3, 4)), "outcome written:1"]
# What Anna had is given back, and Ben is deleted.
TAKING_BACK = [f"{point}:{at_pass}" for point in [*FAILPOINTS, "outcome written"] for at_pass in (1, 2)]


@pytest.fixture
def mikko_signed_in(signed_in: User) -> User:
    return signed_in


@pytest.fixture
def group(signed_in: User) -> Service:
    return Service.objects.groups().get(name="Jäsenet")


@pytest.fixture
def who_is_there(request: pytest.FixtureRequest, sandbox) -> None:
    """What SmartDialog does with a creation of them; only of one that writes over them, if not said."""
    switch = getattr(request, "param", "upsert")
    sandbox.post("/_switches", {"duplicate_contact": switch}).raise_for_status()


@pytest.fixture
def job(group, anna, signed_in, tmp_path, settings) -> Import:
    """Saved here; its calls are still to be made."""
    settings.UPLOADS_DIR = tmp_path / "uploads"
    upload = import_lifecycle.Upload("people.csv", [there_before.FILE])
    job = import_lifecycle.upload(upload, group=group, by=signed_in)
    import_lifecycle.start_checking(job, mapping=job.mapping, regions=["FI"])
    checking.check(job.pk)
    job.refresh_from_db()
    import_lifecycle.confirm(job, by=signed_in)
    saving.save(job.pk)
    job.refresh_from_db()
    return job


def taken_back(job: Import, by: User) -> None:
    import_lifecycle.sweep()
    job.refresh_from_db()
    undoing.begin(job, by=by)
    undoing.undo(job.pk)


@pytest.mark.parametrize("failpoint", IMPORTING)
@pytest.mark.parametrize("who_is_there", ["refuse", "upsert"], indirect=True)
def test_a_kill_while_people_are_looked_up_writes_over_nobody(
    failpoint, job, signed_in, sandbox, tmp_path, later
):
    drain_and_crash(signed_in.connection.pk, failpoint=failpoint, folder=tmp_path)
    go_on(signed_in, later)

    met, ours = Contact.objects.get(phone=ANNA), Contact.objects.get(phone=BEN)
    assert has(sandbox, active=False, firstName="Anna", updated_count=0, created_count=1)
    assert (met.undecided, met.active, met.city) == (True, False, "Oulu")
    assert (ours.undecided, ours.met, ours.sync_state) == (False, None, "synced")
    assert at_smartdialog(sandbox, BEN)["firstName"] == "Ben"
    assert not Operation.objects.unsettled().exists()


@pytest.mark.parametrize("failpoint", TAKING_BACK)
def test_a_kill_while_it_is_taken_back_gives_back_what_was_there(
    failpoint, job, signed_in, sandbox, tmp_path, later
):
    carried(job, signed_in)
    crud.decide(Contact.objects.get(phone=ANNA), active=False, by=signed_in)
    carried(job, signed_in)
    assert has(sandbox, active=False, firstName="Anne")
    taken_back(job, signed_in)

    drain_and_crash(signed_in.connection.pk, failpoint=failpoint, folder=tmp_path)
    go_on(signed_in, later)

    assert has(sandbox, active=False, firstName="Anna")
    assert at_smartdialog(sandbox, BEN) is None
    assert not Contact.objects.exists()


@pytest.mark.parametrize("failpoint", [f"{point}:1" for point in FAILPOINTS])
def test_an_import_that_is_taken_back_while_people_are_looked_up_deletes_nobody(
    failpoint, job, signed_in, sandbox, tmp_path, later
):
    drain_and_crash(signed_in.connection.pk, failpoint=failpoint, folder=tmp_path)
    taken_back(job, signed_in)
    go_on(signed_in, later)

    assert has(sandbox, active=False, firstName="Anna", updated_count=0, created_count=1)
    assert at_smartdialog(sandbox, BEN) is None
    assert not Contact.objects.exists()


@pytest.mark.parametrize("failpoint", [f"{point}:{at_pass}" for point in FAILPOINTS for at_pass in (1, 3)])
def test_who_says_no_while_they_are_looked_up_is_not_active(
    failpoint, job, group, signed_in, sandbox, tmp_path, later
):
    drain_and_crash(signed_in.connection.pk, failpoint=failpoint, folder=tmp_path)
    for phone in (ANNA, BEN):
        opt_out(group.customer, phone, Evidence(ConsentSource.MESSAGE, words="STOP"))
    go_on(signed_in, later)

    assert has(sandbox, active=False, firstName="Anne", created_count=1)
    assert at_smartdialog(sandbox, BEN)["active"] is False
    assert not Contact.objects.filter(active=True).exists()
    assert not Operation.objects.unsettled().exists()
