"""Plain makers of rows, with sane defaults that keywords override."""

from typing import Any

from accounts.models import Customer, User
from contacts.consent.opt_outs import Evidence, opt_out
from contacts.models import ConsentSource, Contact, SyncState
from gateway import clock
from gateway.models import Connection, Lane, Operation, Service, ServiceKind


def make_service(customer: Customer, *, kind: str = ServiceKind.ONE_WAY, **fields: Any) -> Service:
    number = Service.objects.count() + 1
    defaults = {
        "name": f"{kind} {number}",
        "remote_id": f"service-{number}",
        "seen_at": clock.now(),
        "is_shared": False,  # of a group: nobody but us is in it
    }
    return Service.objects.create(customer=customer, kind=kind, **(defaults | fields))


def make_connection(user: User, **fields: Any) -> Connection:
    defaults = {
        "subject": user.subject or user.username,
        "access_token": "access",
        "refresh_token": "refresh",
        "expires_at": clock.after(3600),
    }
    return Connection.objects.create(user=user, **(defaults | fields))


def make_operation(connection: Connection, **fields: Any) -> Operation:
    defaults = {"kind": "directory.customers", "lane": Lane.INTERACTIVE, "payload": {}}
    return Operation.objects.create(connection=connection, **(defaults | fields))


def make_contact(group: Service, **fields: Any) -> Contact:
    number = Contact.objects.count() + 1
    defaults = {"phone": f"+35840{1000000 + number}", "sync_state": SyncState.SYNCED, "known_remotely": True}
    contact = Contact(group=group, **(defaults | fields))
    contact.index()
    contact.save()
    return contact


def suppress(customer: Customer, *, phone: str, reason: str = "STOP", by: User | None = None) -> None:
    """As the person opts out by a message."""
    opt_out(customer, phone, Evidence(ConsentSource.MESSAGE, words=reason, place="Inbound", by=by))
