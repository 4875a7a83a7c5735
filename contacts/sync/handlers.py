"""What the contact operations call, and what their answers mean for the contact.

SmartDialog cannot say "already exists" reliably, so a refused creation is looked up: there, it becomes an
update; not there, the refusal stands. Every call may therefore be repeated without harm.
"""

from typing import Any

from django.utils import timezone

from accounts import audit
from contacts.models import Contact, SyncState
from contacts.models.contact import ContactQuerySet
from contacts.models.erasure import ERASURE_BATCH_PREFIX
from contacts.sync import pushing
from gateway import outbox
from gateway.api import SmartDialog
from gateway.errors import GatewayError
from gateway.models import UNSETTLED, Operation, OperationState
from gateway.outbox import Handler, handles
from gateway.types import ContactFields, RemoteContact

_ALREADY_THERE = {400, 409}


class _ContactHandler(Handler):
    def done(self, operation: Operation, result: Any) -> None:
        _by_this_number(operation).update(known_remotely=True)
        _current(operation).update(sync_state=SyncState.SYNCED, sync_error="")
        _leave_former(operation)

    def refused(self, operation: Operation, error: GatewayError) -> None:
        _fail(operation, error.text)


@handles(pushing.CREATE)
class CreateContact(_ContactHandler):
    endpoint = "CreateGroupContact"

    def call(self, api: SmartDialog, operation: Operation) -> str:
        return api.create_contact(**_where(operation), contact=_fields(operation))

    def refused(self, operation: Operation, error: GatewayError) -> None:
        if error.status in _ALREADY_THERE:
            _follow_up(operation, pushing.LOOKUP, {"refusal": error.text, "creation": operation.pk})
        else:
            _fail(operation, error.text)


@handles(pushing.LOOKUP)
class LookUpContact(_ContactHandler):
    """After a refused creation: is the contact there?"""

    endpoint = "GetGroupContact"

    def call(self, api: SmartDialog, operation: Operation) -> RemoteContact:
        return api.get_contact(**_where(operation), phone=operation.payload["phone"])

    def done(self, operation: Operation, result: RemoteContact) -> None:
        _by_this_number(operation).update(known_remotely=True, verified_at=timezone.now())
        _follow_up(operation, pushing.UPDATE)

    def refused(self, operation: Operation, error: GatewayError) -> None:
        """Not there: the creation is what failed, and what a person may try again."""
        words = operation.payload["refusal"]
        _close(operation, "SmartDialog does not have the contact.")
        Operation.objects.filter(pk=operation.payload["creation"]).update(
            state=OperationState.FAILED, error_text=words
        )
        _fail(operation, words)


@handles(pushing.UPDATE)
class UpdateContact(_ContactHandler):
    endpoint = "UpdateGroupContact"

    def call(self, api: SmartDialog, operation: Operation) -> bool:
        return api.update_contact(
            **_where(operation), phone=operation.payload["phone"], contact=_fields(operation)
        )

    def done(self, operation: Operation, result: bool) -> None:
        """False may mean that nobody has the number: then it is created."""
        if result:
            super().done(operation, result)
        else:
            self._create(operation, "SmartDialog did not find the contact.")

    def refused(self, operation: Operation, error: GatewayError) -> None:
        if error.status == 404:
            self._create(operation, error.text)
        else:
            _fail(operation, error.text)

    def _create(self, operation: Operation, words: str) -> None:
        """Once: an update that follows a refused creation has been that way already."""
        if operation.payload.get("refusal"):
            _fail(operation, words)
        else:
            _by_this_number(operation).update(known_remotely=False)
            _follow_up(operation, pushing.CREATE, {"refusal": words})


@handles(pushing.DELETE)
class DeleteContact(_ContactHandler):
    endpoint = "DeleteGroupContact"

    def call(self, api: SmartDialog, operation: Operation) -> bool:
        return api.delete_contact(**_where(operation), phone=operation.payload["phone"])

    def done(self, operation: Operation, result: bool) -> None:
        """The row goes, unless the person was changed or added again since; FAILED, if tried once more."""
        _leave_former(operation)
        _by_this_number(operation).update(known_remotely=False)
        _current(operation).filter(sync_state__in=[SyncState.DELETING, SyncState.FAILED]).delete()

    def refused(self, operation: Operation, error: GatewayError) -> None:
        if error.status == 404:
            _close(operation, "It was gone at SmartDialog already.")
            self.done(operation, True)
        elif not operation.batch.startswith(ERASURE_BATCH_PREFIX):  # whom we erased stays out of the lists
            _say_failed(operation, error.text)


@handles(pushing.DELETE_FORMER)
class DeleteFormerNumber(Handler):
    """The last step of a change of number, when SmartDialog has the new one."""

    endpoint = "DeleteGroupContact"

    def call(self, api: SmartDialog, operation: Operation) -> bool:
        return api.delete_contact(**_where(operation), phone=operation.payload["former"])

    def done(self, operation: Operation, result: bool) -> None:
        """Whoever was given that number meanwhile, and has been sent by it, is created by it once more."""
        _contacts(operation).filter(former_phone=operation.payload["former"]).update(former_phone="")
        for holder in _holders_of_former(operation).present().select_related("group__customer"):
            holder.known_remotely, holder.sync_state = False, SyncState.WAITING
            holder.save(update_fields=["known_remotely", "sync_state"])
            pushing.push(holder, connection=operation.connection, by=operation.created_by)

    def refused(self, operation: Operation, error: GatewayError) -> None:
        if error.status == 404:
            _close(operation, "It was gone at SmartDialog already.")
            self.done(operation, True)
        else:
            former = operation.payload["former"]
            _say_failed(operation, f"SmartDialog has the new number, and kept {former}, too: {error.text}")


def _leave_former(operation: Operation) -> None:
    """SmartDialog has the new number: the former one goes, unless somebody else has been given it."""
    former = operation.payload.get("former")
    if not former:
        return
    if _holders_of_former(operation).exists():
        _contacts(operation).filter(former_phone=former).update(former_phone="")
    elif not _is_leaving_former(operation):
        _follow_up(operation, pushing.DELETE_FORMER)


def _is_leaving_former(operation: Operation) -> bool:
    leaving = Operation.objects.filter(subject=operation.subject, kind=pushing.DELETE_FORMER)
    return leaving.filter(state__in=UNSETTLED).exists()


def _holders_of_former(operation: Operation) -> ContactQuerySet:
    """Who has the former number now."""
    return Contact.objects.filter(
        phone=operation.payload["former"],
        group__customer=operation.customer,
        group__remote_id=operation.payload["group"],
    )


def _keep_former(operation: Operation, words: str) -> bool:
    """SmartDialog does not take the new number: the former one stays, and the contact says so."""
    former = operation.payload.get("former")
    renumbered = _current(operation).filter(former_phone=former, known_remotely=False)
    contact = renumbered.select_related("group__customer").first()
    if not former or contact is None or Contact.objects.filter(group=contact.group, phone=former).exists():
        return False
    refused, contact.phone, contact.former_phone = contact.phone, former, ""
    contact.known_remotely = True
    contact.index()
    contact.touch()
    contact.sync_state = SyncState.FAILED
    contact.sync_error = f"SmartDialog did not take {refused}, so the number stays {former}. {words}"[:500]
    contact.save()
    audit.record(
        actor=None,
        customer=contact.group.customer,
        verb="contact.number_kept",
        subject=contact,
        before={"phone": refused},
        after={"phone": former, "why": words},
    )
    _close(operation, words)
    return True


def _follow_up(operation: Operation, kind: str, extra: dict[str, Any] | None = None) -> None:
    """Carry on with another call in place of this one, counted in the same batch."""
    if operation.state == OperationState.FAILED:
        _close(operation, "Carried on with another call.")
    outbox.add(
        connection=operation.connection,
        customer=operation.customer,
        kind=kind,
        payload=operation.payload | (extra or {}),
        lane=operation.lane,
        subject=operation.subject,
        batch=operation.batch,
        by=operation.created_by,
    )


def _close(operation: Operation, words: str) -> None:
    """A refusal that nobody has to mend."""
    Operation.objects.filter(pk=operation.pk).update(state=OperationState.DONE, error_text=words)


def _fail(operation: Operation, words: str) -> None:
    if not _keep_former(operation, words):
        _say_failed(operation, words)


def _say_failed(operation: Operation, words: str) -> None:
    _current(operation).update(sync_state=SyncState.FAILED, sync_error=words[:500])


def _contacts(operation: Operation) -> ContactQuerySet:
    return Contact.objects.filter(pk=operation.payload["contact_id"])


def _by_this_number(operation: Operation) -> ContactQuerySet:
    """The contact, unless it has been given another number since."""
    return _contacts(operation).filter(phone=operation.payload["phone"])


def _current(operation: Operation) -> ContactQuerySet:
    """The contact, while this operation carries its latest change."""
    return _contacts(operation).filter(revision=operation.payload["revision"])


def _where(operation: Operation) -> dict[str, str]:
    return {"customer": operation.payload["customer"], "group": operation.payload["group"]}


def _fields(operation: Operation) -> ContactFields:
    return ContactFields.from_json(operation.payload["contact"])
