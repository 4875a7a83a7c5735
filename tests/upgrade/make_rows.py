"""How rows.json was made: an installation of commit e3a94a4, filled by its own code.

    git worktree add /tmp/then e3a94a4 && cp tests/upgrade/make_rows.py /tmp/then/ && cd /tmp/then
    export DATABASE_URL=sqlite:////tmp/then.sqlite3 CELERY_BROKER_URL=memory://
    DJANGO_SETTINGS_MODULE=tests.settings python make_rows.py > rows.json

It runs there only, with the names of then. The demo people work for a customer that has a row of every kind
in every state: what the browser tests furnished their pages with, a real import through check, save and
calls, and what neither has.
"""

# ruff: noqa: E402, I001
import json
from datetime import timedelta
from importlib import import_module
from io import StringIO
from itertools import count

import django

django.setup()

from django.contrib.sessions.backends.db import SessionStore
from django.core.management import call_command
from django.utils import timezone

from accounts.trail import audit
from accounts.models import Customer, Membership, User
from contacts.importing import checking, running, saving
from contacts.importing.running import Upload
from contacts.models import (
    BulkAction,
    BulkPart,
    Contact,
    FileShape,
    Import,
    ImportState,
    SavedFilter,
    Suppression,
    TableColumns,
)
from gateway.models import (
    Backlog,
    Call,
    Change,
    ClockAgreed,
    EventState,
    Heartbeat,
    HookEvent,
    HookSubscription,
    Lane,
    OperationState,
    ServiceKind,
    SubscriptionState,
    WhatsappIdentity,
)
from gateway.outbox import holding
from messaging.whatsapp.models import TemplateList
from tests.makers import make_connection, make_operation, make_service

WORDS = [
    "Anna",
    "Åke",
    "Bea",
    "Čapek",
    "Dörte",
    "Eeva",
    "O'Hara",
    "Γιώργος",
    "Iida",
    "Jaana",
    "Kaisa",
    "Liisa",
]
WHEN = timezone.now().replace(microsecond=0)


def main() -> None:
    call_command("migrate", verbosity=0)
    call_command("seed_demo", verbosity=0)
    customer = Customer.objects.create(remote_id="customer-kahvila", name="Kahvila Aalto")
    aino, mikko, vera, _ = User.objects.order_by("pk")
    Membership.objects.bulk_create(Membership(user=user, customer=customer) for user in (aino, mikko, vera))
    connection = make_connection(mikko, troubles=3, trouble_text="SmartDialog was silent.", trouble_at=WHEN)
    make_service(customer, name="Kahvila")
    make_service(customer, kind=ServiceKind.TWO_WAY, name="Palaute")
    WhatsappIdentity.objects.create(customer=customer, address="+358451234567")
    import_module("tests.browser.furnishing").furnish(customer.remote_id, WORDS, "kahvi tarjolla")
    group = customer.services.filter(kind=ServiceKind.GROUP).get()
    _outbox(connection, customer, mikko)
    _hooks(customer)
    _contacts(group, mikko)
    _import(group, mikko)
    _kept(group, mikko)
    audit.record(
        actor=aino, customer=None, verb="person.role_changed", subject=vera, after={"role": "viewer"}
    )
    dumped = StringIO()
    call_command("dumpdata", "--exclude=contenttypes", "--exclude=auth.permission", stdout=dumped)
    lines = (json.dumps(row, ensure_ascii=False) for row in json.loads(dumped.getvalue()))
    print("[" + ",\n".join(lines) + "]")


def _outbox(connection, customer, by) -> None:
    """Each state; one that is held, one that may have been taken, one refused."""
    fields = {"customer": customer, "kind": "contact.create", "lane": Lane.BULK, "created_by": by}
    for number, state in enumerate(OperationState):
        make_operation(
            connection, state=state, subject=f"contact:{9000 + number}", batch="then:states", **fields
        )
    held = make_operation(connection, subject="contact:9100", batch="then:held", **fields)
    assert holding.hold(type(held).objects.filter(pk=held.pk)) == 1
    make_operation(
        connection,
        subject="contact:9101",
        batch="then:taken",
        may_be_taken=True,
        attempts=2,
        unauthorized=1,
        request_id="then-1",
        first_tried_at=WHEN,
        tried_at=WHEN,
        due_at=WHEN + timedelta(days=900),
        **fields,
    )
    _refused(connection, customer, fields)
    Backlog.objects.create(
        connection=connection,
        customer=customer,
        kind="contacts",
        batch="then:backlog",
        left=3,
        dropped=1,
        created_by=by,
        state="paused",
    )


def _refused(connection, customer, fields) -> None:
    """A call that was made, the answer to it, and a list that was read by it."""
    refused = make_operation(
        connection,
        subject="contact:9102",
        batch="then:refused",
        state=OperationState.FAILED,
        status=400,
        error_text="The number is no number.",
        settled_at=WHEN,
        **fields,
    )
    Call.objects.create(
        connection=connection,
        operation=refused,
        name=refused.kind,
        lane=Lane.BULK,
        reserved_at=WHEN,
        held_until=WHEN,
        answered_at=WHEN,
        status=400,
        milliseconds=12,
        error="The number is no number.",
    )
    TemplateList.objects.create(customer=customer, look_up=refused, asked_at=WHEN, categories=["Utility"])


def _hooks(customer) -> None:
    service = customer.services.get(kind=ServiceKind.TWO_WAY)
    numbers = count()
    for state in SubscriptionState:
        hook = HookSubscription.objects.create(
            customer=customer,
            service=service if state != "asked" else None,
            kind="inbound",
            state=state,
            secret=f"made-up-{next(numbers)}",
            digest=f"{next(numbers):064}",
            error_text="Arena said no.",
            pipeline_id="p",
            action_id="a",
        )
    for state in EventState:
        HookEvent.objects.create(subscription=hook, body=b'{"text": "hei"}', state=state, reason="For then.")


def _contacts(group, by) -> None:
    Suppression.objects.create(
        customer=group.customer, phone="+358401230001", reason="They said stop.", since=WHEN
    )
    contact = Contact.objects.filter(group=group).order_by("pk").first()
    action = BulkAction.objects.get(group=group, verb="set_property")
    action.options = {"name": "Taso", "value": "Kulta"}
    action.save()
    BulkPart.objects.create(
        action=action, group=group, first=contact.pk, last=contact.pk, changes={str(contact.pk): "old"}
    )
    audit.record(
        actor=by,
        customer=group.customer,
        verb="contact.updated",
        subject=contact,
        before={"city": "Oulu"},
        after={"city": "Turku"},
    )


def _import(group, by) -> None:
    """Checked and saved as people do it; its calls wait as a backlog."""
    file = "Puhelin;Etunimi;Taso\n+358409000001;Maija;Kulta\n+358409000002;Pekka;\nei numero;Olli;\n"
    job = running.upload(Upload("jäsenet.csv", [file.encode()]), group=group, by=by)
    running.start_checking(
        job, mapping=["phone", "first_name", "property:Taso"], regions=["FI"], blank_clears=False
    )
    checking.check(job.pk)
    job.refresh_from_db()
    running.confirm(job, by=by)
    saving.save(job.pk)
    job.refresh_from_db()
    assert (job.state, job.saved) == (ImportState.SYNCING, 2), (job.state, job.saved)
    assert Import.objects.count() > 5


def _kept(group, by) -> None:
    customer = group.customer
    SavedFilter.objects.create(user=by, customer=customer, name="Kulta", query="property=Taso&value=Kulta")
    TableColumns.objects.create(user=by, customer=customer, columns=["city", "property:Taso"])
    FileShape.objects.get_or_create(
        customer=customer, signature="0" * 64, defaults={"mapping": ["phone"], "regions": ["FI"]}
    )
    Change.objects.create(customer=customer, topic="contacts")
    Heartbeat.objects.create(name="worker", at=WHEN)
    ClockAgreed.objects.create(boot="then", epoch_at_boot=1.5)
    session = SessionStore()
    session["_auth_user_id"] = str(by.pk)
    session.create()


main()
