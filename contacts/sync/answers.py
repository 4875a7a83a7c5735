"""What all contact operations share: which contact an answer is about, and what becomes of it."""

from typing import Any

from contacts.models import Contact, SyncState
from contacts.models.contact import ContactQuerySet
from contacts.sync import pushing, remote_merge
from contacts.text.answered_numbers import is_same_phone
from contacts.text.phones import spellings
from gateway import outbox
from gateway.outbox import Handler, QueuedCall
from gateway.smartdialog.api import SmartDialog
from gateway.smartdialog.types import ContactFields, RemoteContact

OTHER_NUMBER = "SmartDialog answered about another number than it was asked for. Nothing was changed."


class ContactHandler(Handler):
    """`done`: SmartDialog has the contact as the call says it."""

    def done(self, call: QueuedCall, result: Any) -> None:
        by_this_number(call).update(known_remotely=True)
        unchanged(call).update(sync_state=SyncState.SYNCED, sync_error="")
        leave_former(call)


class ContactReader(Handler):
    """`done` is given what SmartDialog has by the number."""

    endpoint = "GetGroupContact"

    def call(self, api: SmartDialog, call: QueuedCall) -> RemoteContact:
        return api.get_contact(**where(call), phone=spelling_asked(call))


def spelling_asked(call: QueuedCall) -> str:
    """A number is asked for as it is written here first, and then in the other spellings that it has."""
    spelling: str = call.payload.get("spelling") or call.payload["phone"]
    return spelling


def ask_next_spelling(call: QueuedCall) -> bool:
    """After a spelling that SmartDialog does not have: another call, or False where none is left."""
    written = spellings(call.payload["phone"])
    left = written[written.index(spelling_asked(call)) + 1 :]
    if left:
        outbox.follow_up(call, call.kind, spelling=left[0])
    return bool(left)


def is_about_it(call: QueuedCall, found: RemoteContact) -> bool:
    """Whether who was found is who was asked for, however the answer spells the number."""
    return is_same_phone(call.payload["phone"], found.phone)


def is_ours(call: QueuedCall, found: RemoteContact) -> bool:
    """Whether a creation that may have been taken, and was repeated, was."""
    may_be = outbox.was_in_doubt(subject=call.subject, kinds=[pushing.CREATE])
    return may_be and remote_merge.is_what_was_sent(call.payload["contact"], found)


def leave_list(call: QueuedCall) -> None:
    """FAILED, if tried once more."""
    unchanged(call).filter(sync_state__in=[SyncState.DELETING, SyncState.FAILED]).delete()


def leave_former(call: QueuedCall) -> None:
    """SmartDialog has the new number: the former one goes, unless somebody else has been given it."""
    former = call.payload.get("former")
    if not former:
        return
    if holders_of_former(call).exists():
        contacts_of(call).filter(former_phone=former).update(former_phone="")
    elif not outbox.is_underway(subject=call.subject, kinds=[pushing.DELETE_FORMER]):
        outbox.follow_up(call, pushing.DELETE_FORMER)


def holders_of_former(call: QueuedCall) -> ContactQuerySet:
    """Who has the former number now."""
    return Contact.objects.filter(
        phone=call.payload["former"],
        group__customer=call.customer,
        group__remote_id=call.payload["group"],
    )


def say_failed(call: QueuedCall, words: str) -> None:
    unchanged(call).update(sync_state=SyncState.FAILED, sync_error=words[:500])


def contacts_of(call: QueuedCall) -> ContactQuerySet:
    return Contact.objects.filter(pk=call.payload["contact_id"])


def by_this_number(call: QueuedCall) -> ContactQuerySet:
    """The contact, unless it has been given another number since."""
    return contacts_of(call).filter(phone=call.payload["phone"])


def unchanged(call: QueuedCall) -> ContactQuerySet:
    """The contact, while this operation carries its latest change: optimistic locking."""
    return contacts_of(call).filter(revision=call.payload["revision"])


def where(call: QueuedCall) -> dict[str, str]:
    return {"customer": call.payload["customer"], "group": call.payload["group"]}


def fields(call: QueuedCall) -> ContactFields:
    return ContactFields.from_json(call.payload["contact"])
