"""Groups, and files on their way into them."""

from collections.abc import Callable

import pytest
from django.test import override_settings

from accounts.models import Customer, User
from contacts.importing import checking, import_lifecycle, saving
from contacts.importing.import_lifecycle import Upload
from contacts.models import Contact, Import, StoredFile
from contacts.tests.erasures import PHONE
from gateway.models import Connection, Service, ServiceKind
from gateway.outbox import backlogs
from gateway.workers import leases
from tests.factories import make_contact, make_service

HEADER = "Puhelin;Etunimi;Sukunimi;Sähköposti;Syntymävuosi;Jäsentaso\r\n"


@pytest.fixture(autouse=True)
def uploads(tmp_path):
    with override_settings(UPLOADS_DIR=tmp_path / "uploads"):
        yield tmp_path / "uploads"


@pytest.fixture
def clienti(trattoria: Customer) -> Service:
    return make_service(trattoria, kind=ServiceKind.GROUP, name="Clienti", regions=["IT"])


@pytest.fixture
def uploaded(group: Service, mikko: User) -> Callable[..., Import]:
    def upload(content: str | bytes, name: str = "people.csv") -> Import:
        content = content.encode() if isinstance(content, str) else content
        return import_lifecycle.upload(Upload(name, [content]), group=group, by=mikko)

    return upload


def make_import(
    group: Service, by: User, text: str, *, name: str = "jäsenet.csv", encoding: str = "cp1252"
) -> Import:
    """A file with the usual header, uploaded."""
    return import_lifecycle.upload(Upload(name, [(HEADER + text).encode(encoding)]), group=group, by=by)


def make_checked(group: Service, by: User, text: str, *, encoding: str = "cp1252") -> Import:
    job = make_import(group, by, text, encoding=encoding)
    import_lifecycle.start_checking(job, mapping=job.mapping, regions=job.regions)
    checking.check(job.pk)
    job.refresh_from_db()
    return job


def plan_calls(connection: Connection) -> None:
    """Write the operations of everything that waits on the connection's backlogs, as its drain would."""
    lease = leases.take_connection(connection.pk)
    assert lease
    while backlogs.plan_next(connection, lease):
        pass
    lease.release()


def make_saved(group: Service, by: User, text: str) -> Import:
    job = make_checked(group, by, text)
    import_lifecycle.confirm(job, by=by)
    saving.save(job.pk)
    job.refresh_from_db()
    return job


def die_after(monkeypatch, module, name: str, *, calls: int) -> None:
    """From then on `name` finds that the lease is lost, as if the worker had been killed there."""
    real, made = getattr(module, name), []

    def dying(*args, **named):
        made.append(1)
        if len(made) > calls:
            raise leases.LeaseLost
        return real(*args, **named)

    monkeypatch.setattr(module, name, dying)


@pytest.fixture
def at_once(settings) -> None:
    """Bulk actions begin without the time to undo them."""
    settings.BULK_GRACE = 0


@pytest.fixture
def as_many(monkeypatch) -> None:
    """Few people are taken for many: their calls wait for their turn."""
    monkeypatch.setattr("contacts.models.bulk.INTERACTIVE_UP_TO", 0)


@pytest.fixture
def people(group: Service) -> list[Contact]:
    """Five, the first two with a name that a search finds."""
    return [make_contact(group, first_name="Anna" if number < 2 else "Ben") for number in range(5)]


@pytest.fixture
def anna(group: Service) -> Contact:
    return make_contact(group, phone=PHONE, first_name="Annamaria", email="anna@example.com")


@pytest.fixture
def other(kahvila: Customer) -> Service:
    return make_service(kahvila, kind=ServiceKind.GROUP, name="Kanta-asiakkaat")


def stored_names() -> list[str]:
    """Of the files that are kept."""
    return list(StoredFile.objects.order_by("pk").values_list("name", flat=True))
