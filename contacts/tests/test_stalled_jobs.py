"""A job whose workers come to nothing is given up, with words, and one that gets on never is."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import OperationalError
from django.urls import reverse

from contacts.importing import checking, import_lifecycle, saving
from contacts.importing.files import stored_files
from contacts.importing.files.process_limits import ReaderDied
from contacts.models import Import, ImportState, StoredFile
from contacts.tests.conftest import make_import
from gateway import clock
from gateway.workers.leases import MAX_STALLS
from tests.markup import markup
from tests.people import client_of

pytestmark = pytest.mark.django_db


def a_worker_dies(job: Import, state: ImportState) -> None:
    assert import_lifecycle.acquire(job.pk, state)
    Import.objects.filter(pk=job.pk).update(leased_until=clock.now() - timedelta(seconds=1))


@pytest.fixture
def checking_job(group, mikko) -> Import:
    job = make_import(group, mikko, "0401111111;Anna\n0401111112;Bea\n")
    import_lifecycle.start_checking(job, mapping=job.mapping, regions=job.regions)
    return job


def test_a_check_whose_workers_die_is_refused_with_words(checking_job, mikko):
    for _ in range(MAX_STALLS + 1):
        a_worker_dies(checking_job, ImportState.CHECKING)
    checking.check(checking_job.pk)

    checking_job.refresh_from_db()
    assert (checking_job.state, checking_job.refusal_code) == (ImportState.REFUSED, "given_up")
    assert not StoredFile.objects.exists()
    page = client_of(mikko).get(reverse("contacts:import_page", args=[checking_job.pk]))
    assert "so it was given up" in markup(page)


def test_a_few_deaths_are_no_reason_to_give_up(checking_job):
    for _ in range(MAX_STALLS):
        a_worker_dies(checking_job, ImportState.CHECKING)
    checking.check(checking_job.pk)

    checking_job.refresh_from_db()
    assert (checking_job.state, checking_job.stalls) == (ImportState.CHECKED, 0)


def test_a_job_that_gets_on_between_deaths_is_not_given_up(checking_job):
    for _ in range(3 * MAX_STALLS):
        a_worker_dies(checking_job, ImportState.CHECKING)
        lease = import_lifecycle.acquire(checking_job.pk, ImportState.CHECKING)
        assert lease
        assert not lease.is_hopeless
        lease.checkpoint(0)
        lease.release()


def test_a_reader_that_dies_each_time_is_not_tried_for_ever(checking_job, monkeypatch):
    def die(*_args, **_kwargs):
        raise ReaderDied

    monkeypatch.setattr(checking, "_check_under", die)
    for _ in range(MAX_STALLS + 1):
        with pytest.raises(ReaderDied):
            checking.check(checking_job.pk)
    checking.check(checking_job.pk)

    checking_job.refresh_from_db()
    assert checking_job.state == ImportState.REFUSED


def failing(error: Exception) -> Callable[..., None]:
    def fail(*_args: object, **_named: object) -> None:
        raise error

    return fail


@pytest.mark.parametrize("error", [OSError(), KeyError("no such sheet"), MemoryError()])
def test_whatever_else_ends_a_check_twice_is_not_tried_for_ever(checking_job, monkeypatch, error):
    monkeypatch.setattr(checking, "_check_under", failing(error))
    for _ in range(2):
        with pytest.raises(type(error)):
            checking.check(checking_job.pk)
    checking.check(checking_job.pk)

    checking_job.refresh_from_db()
    assert (checking_job.state, checking_job.refusal_code) == (ImportState.REFUSED, "given_up")


def test_a_save_that_ends_by_an_error_twice_is_paused(checking_job, mikko, connected, monkeypatch):
    checking.check(checking_job.pk)
    import_lifecycle.confirm(checking_job, by=mikko)
    monkeypatch.setattr(saving, "_save_chunk", failing(KeyError()))
    for _ in range(2):
        with pytest.raises(KeyError):
            saving.save(checking_job.pk)
    saving.save(checking_job.pk)

    checking_job.refresh_from_db()
    assert (checking_job.state, checking_job.paused) == (ImportState.SAVING, True)


@pytest.mark.parametrize("error", [OperationalError(), stored_files.StoreAway()])
def test_an_outage_is_tried_again_for_ever(checking_job, monkeypatch, error):
    with monkeypatch.context() as patched:
        patched.setattr(checking, "_check_under", failing(error))
        for _ in range(5):
            with suppress(OperationalError):
                checking.check(checking_job.pk)
    checking.check(checking_job.pk)

    checking_job.refresh_from_db()
    assert checking_job.state == ImportState.CHECKED


def test_a_save_whose_workers_die_is_paused_and_goes_on_when_somebody_resumes_it(
    checking_job, mikko, connected
):
    checking.check(checking_job.pk)
    import_lifecycle.confirm(checking_job, by=mikko)
    for _ in range(MAX_STALLS + 1):
        a_worker_dies(checking_job, ImportState.SAVING)
    saving.save(checking_job.pk)

    checking_job.refresh_from_db()
    page = markup(client_of(mikko).get(reverse("contacts:import_page", args=[checking_job.pk])))
    assert (checking_job.state, checking_job.paused) == (ImportState.SAVING, True)
    assert "stopped several times in the same place" in page

    import_lifecycle.resume(checking_job, by=mikko)
    saving.save(checking_job.pk)
    checking_job.refresh_from_db()
    assert (checking_job.state, checking_job.saved) == (ImportState.SYNCING, 2)
