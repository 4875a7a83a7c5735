"""Somebody of whom people write wherever a page lets them: erased, nothing is left but what is told of."""

from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.models import User
from contacts.bulk import action_runner
from contacts.erasure import erasing
from contacts.importing import checking, saving
from contacts.models import BulkAction, Contact, Import
from contacts.tests.answers import take
from contacts.tests.bulk_actions import post_bulk
from contacts.tests.conftest import plan_calls
from gateway.models import Operation, OperationState, Service
from messaging.inbox.models import Thread
from messaging.inbox.tests import conftest as inbox
from tests.erasure import whole_database
from tests.erasure.planting import CANARY
from tests.factories import make_connection, make_contact
from tests.people import client_of

pytestmark = pytest.mark.django_db
number, answering, hook = inbox.number, inbox.answering, inbox.hook

PHONE, OTHERS = "+358409119753", "+358402222222"
FILE = """Puhelin;Etunimi;Sukunimi;Sähköposti;Taso
040 911 9753;Zyxqvia;Testiviidakko;zyx@kvantti.example;kvanttitaso
"""


def settle() -> None:
    for operation in Operation.objects.filter(state=OperationState.WAITING):
        take(operation)


@pytest.fixture
def imported(group, mikko, connected, settings, tmp_path) -> Contact:
    settings.UPLOADS_DIR, settings.BULK_GRACE = tmp_path / "uploads", 0
    browser = client_of(mikko)
    file = SimpleUploadedFile("Zyxqvia Testiviidakon lista.csv", FILE.encode())
    browser.post(reverse("contacts:import", args=[group.pk]), {"file": file})
    job = Import.objects.get()
    browser.post(
        reverse("contacts:import_check", args=[job.pk]),
        {f"column_{number}": target for number, target in enumerate(job.mapping)} | {"region_0": "FI"},
    )
    checking.check(job.pk)
    browser.post(reverse("contacts:import_saving", args=[job.pk]))
    saving.save(job.pk)
    plan_calls(connected)
    settle()
    return Contact.objects.get()


def in_the_table(group: Service, by: User) -> None:
    browser = client_of(by)
    set_to = {"verb": "set_property", "name": "Mieli", "value": "Kulta"}
    post_bulk(by, group, matching="yes", filter="q=Zyxqvia", agreed=1, **set_to)
    action_runner.run(BulkAction.objects.latest("pk").pk)
    kept = {"name": "Zyxqvia T", "filter": "q=testiviidakko"}
    browser.post(reverse("contacts:filters", args=[group.pk]), kept)
    asked = {"matching": "yes", "filter": "q=0409119753", "format": "csv"}
    browser.post(reverse("contacts:export", args=[group.pk]), asked)
    said = {"name": "Zyxqvian sukulaiset", "mode": "text", "text": 'city = "Zyxqvia Testiviidakko"'}
    browser.post(reverse("contacts:segment_new"), said)


def in_the_inbox(hook, by: User) -> None:
    inbox.receive(hook, sender=PHONE, content="Olen Zyxqvia")
    inbox.receive(hook, sender=OTHERS, content="Moi")
    other = Thread.objects.get(address=OTHERS)
    browser = client_of(by)
    browser.post(inbox.of(other, "notes"), {"text": "Sama kuin Zyxqvia Testiviidakko, 040-911 97 53"})
    browser.post(inbox.of(other, "labels"), {"name": "Zyxqvia"})
    browser.post(inbox.of(other, "draft"), {"content": "Kerro Zyxqvia Testiviidakolle", "key": str(uuid4())})
    browser.post(reverse("inbox:views"), {"name": "Zyxqvian"})
    browser.post(
        reverse("contacts:opting_out", args=[Contact.objects.get(phone=OTHERS).pk]),
        {"words": "Zyxqvia Testiviidakko soitti"},
    )
    browser.post(inbox.of(other, "opting_out"), {"words": "Testiviidakko, Zyxqvia soitti"})


def test_nothing_is_left_of_whom_people_wrote_of(group, imported, hook, answering, mikko, aino):
    make_connection(aino)
    make_contact(group, phone=OTHERS, first_name="Ben")
    in_the_table(group, mikko)
    in_the_inbox(hook, mikko)

    [erasure] = erasing.erase([group.customer], PHONE, by=aino)
    settle()
    erasing.sweep()

    erasure.refresh_from_db()
    assert erasure.finished_at
    told = ("inbox_draft.content", "inbox_note.")
    assert [found for found in whole_database.where(CANARY) if not found.startswith(told)] == []
