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
from gateway.outbox import Handler, QueuedCall, Reason, handles
from gateway.types import ContactFields, RemoteContact

_ALREADY_THERE = {400, 409}


class _ContactHandler(Handler):
    def done(self, call: QueuedCall, result: Any) -> None:
        _by_this_number(call).update(known_remotely=True)
        _current(call).update(sync_state=SyncState.SYNCED, sync_error="")
        _leave_former(call)

    def refused(self, call: QueuedCall, error: GatewayError) -> None:
        _fail(call, error.reason)


@handles(pushing.CREATE)
class CreateContact(_ContactHandler):
    endpoint = "CreateGroupContact"

    def call(self, api: SmartDialog, call: QueuedCall) -> str:
        return api.create_contact(**_where(call), contact=_fields(call))

    def refused(self, call: QueuedCall, error: GatewayError) -> None:
        if error.status in _ALREADY_THERE:
            outbox.follow_up(call, pushing.LOOKUP, refusal=error.reason.to_json(), creation=call.id)
        else:
            _fail(call, error.reason)


@handles(pushing.LOOKUP)
class LookUpContact(_ContactHandler):
    """After a refused creation: is the contact there?"""

    endpoint = "GetGroupContact"

    def call(self, api: SmartDialog, call: QueuedCall) -> RemoteContact:
        return api.get_contact(**_where(call), phone=call.payload["phone"])

    def done(self, call: QueuedCall, result: RemoteContact) -> None:
        _by_this_number(call).update(known_remotely=True, verified_at=timezone.now())
        outbox.follow_up(call, pushing.UPDATE)

    def refused(self, call: QueuedCall, error: GatewayError) -> None:
        """Not there: the creation is what failed, and what a person may try again."""
        reason = Reason.from_json(call.payload["refusal"])
        outbox.close(call, Reason("absent"))
        outbox.fail(call.payload["creation"], reason)
        _fail(call, reason)


@handles(pushing.UPDATE)
class UpdateContact(_ContactHandler):
    endpoint = "UpdateGroupContact"

    def call(self, api: SmartDialog, call: QueuedCall) -> bool:
        return api.update_contact(**_where(call), phone=call.payload["phone"], contact=_fields(call))

    def done(self, call: QueuedCall, result: bool) -> None:
        """False may mean that nobody has the number: then it is created."""
        if result:
            super().done(call, result)
        else:
            self._create(call, Reason("not_found"))

    def refused(self, call: QueuedCall, error: GatewayError) -> None:
        if error.status == 404:
            self._create(call, error.reason)
        else:
            _fail(call, error.reason)

    def _create(self, call: QueuedCall, reason: Reason) -> None:
        """Once: an update that follows a refused creation has been that way already."""
        if call.payload.get("refusal"):
            _fail(call, reason)
        else:
            _by_this_number(call).update(known_remotely=False)
            outbox.follow_up(call, pushing.CREATE, refusal=reason.to_json())


@handles(pushing.DELETE)
class DeleteContact(_ContactHandler):
    endpoint = "DeleteGroupContact"

    def call(self, api: SmartDialog, call: QueuedCall) -> bool:
        return api.delete_contact(**_where(call), phone=call.payload["phone"])

    def done(self, call: QueuedCall, result: bool) -> None:
        """The row goes, unless the person was changed or added again since; FAILED, if tried once more."""
        _leave_former(call)
        _by_this_number(call).update(known_remotely=False)
        _current(call).filter(sync_state__in=[SyncState.DELETING, SyncState.FAILED]).delete()

    def refused(self, call: QueuedCall, error: GatewayError) -> None:
        if error.status == 404:
            outbox.close(call, Reason("gone_already"))
            self.done(call, True)
        elif not call.batch.startswith(ERASURE_BATCH_PREFIX):  # whom we erased stays out of the lists
            _say_failed(call, error.text)


@handles(pushing.DELETE_FORMER)
class DeleteFormerNumber(Handler):
    """The last step of a change of number, when SmartDialog has the new one."""

    endpoint = "DeleteGroupContact"

    def call(self, api: SmartDialog, call: QueuedCall) -> bool:
        return api.delete_contact(**_where(call), phone=call.payload["former"])

    def done(self, call: QueuedCall, result: bool) -> None:
        """Whoever was given that number meanwhile, and has been sent by it, is created by it once more."""
        _contacts(call).filter(former_phone=call.payload["former"]).update(former_phone="")
        for holder in _holders_of_former(call).present().select_related("group__customer"):
            holder.known_remotely, holder.sync_state = False, SyncState.WAITING
            holder.save(update_fields=["known_remotely", "sync_state"])
            pushing.push(holder, connection=call.connection, by=call.created_by)

    def refused(self, call: QueuedCall, error: GatewayError) -> None:
        if error.status == 404:
            outbox.close(call, Reason("gone_already"))
            self.done(call, True)
        else:
            former = call.payload["former"]
            _say_failed(call, f"SmartDialog has the new number, and kept {former}, too: {error.text}")


def _leave_former(call: QueuedCall) -> None:
    """SmartDialog has the new number: the former one goes, unless somebody else has been given it."""
    former = call.payload.get("former")
    if not former:
        return
    if _holders_of_former(call).exists():
        _contacts(call).filter(former_phone=former).update(former_phone="")
    elif not outbox.is_underway(subject=call.subject, kinds=[pushing.DELETE_FORMER]):
        outbox.follow_up(call, pushing.DELETE_FORMER)


def _holders_of_former(call: QueuedCall) -> ContactQuerySet:
    """Who has the former number now."""
    return Contact.objects.filter(
        phone=call.payload["former"],
        group__customer=call.customer,
        group__remote_id=call.payload["group"],
    )


def _keep_former(call: QueuedCall, reason: Reason) -> bool:
    """SmartDialog does not take the new number: the former one stays, and the contact says so."""
    former = call.payload.get("former")
    renumbered = _current(call).filter(former_phone=former, known_remotely=False)
    contact = renumbered.select_related("group__customer").first()
    if not former or contact is None or Contact.objects.filter(group=contact.group, phone=former).exists():
        return False
    refused, contact.phone, contact.former_phone = contact.phone, former, ""
    contact.known_remotely = True
    contact.index()
    contact.touch()
    contact.sync_state = SyncState.FAILED
    words = f"SmartDialog did not take {refused}, so the number stays {former}. {reason.text}"
    contact.sync_error = words[:500]
    contact.save()
    audit.record(
        actor=None,
        customer=contact.group.customer,
        verb="contact.number_kept",
        subject=contact,
        before={"phone": refused},
        after={"phone": former, "why": reason.text},
    )
    outbox.close(call, reason)
    return True


def _fail(call: QueuedCall, reason: Reason) -> None:
    if not _keep_former(call, reason):
        _say_failed(call, reason.text)


def _say_failed(call: QueuedCall, words: str) -> None:
    _current(call).update(sync_state=SyncState.FAILED, sync_error=words[:500])


def _contacts(call: QueuedCall) -> ContactQuerySet:
    return Contact.objects.filter(pk=call.payload["contact_id"])


def _by_this_number(call: QueuedCall) -> ContactQuerySet:
    """The contact, unless it has been given another number since."""
    return _contacts(call).filter(phone=call.payload["phone"])


def _current(call: QueuedCall) -> ContactQuerySet:
    """The contact, while this operation carries its latest change: optimistic locking."""
    return _contacts(call).filter(revision=call.payload["revision"])


def _where(call: QueuedCall) -> dict[str, str]:
    return {"customer": call.payload["customer"], "group": call.payload["group"]}


def _fields(call: QueuedCall) -> ContactFields:
    return ContactFields.from_json(call.payload["contact"])
