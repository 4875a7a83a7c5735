"""Somebody whom SmartDialog had before we told it of them: taken in before anything is written over.

What we say wins, and what we do not say stays. Where SmartDialog does not tell whether they get messages, a
person does: until then nothing is written, and they get none.
"""

from collections.abc import Mapping
from typing import Any

from accounts.models import User
from accounts.trail import audit
from contacts.fields import DETAIL_NAMES, label
from contacts.models import ConsentSource, Contact, Suppression, SyncState
from contacts.sync.remote_diff import remote_values, storable
from contacts.text.phones import spellings
from gateway import clock
from gateway.live_updates import live
from gateway.models import Service
from gateway.smartdialog.types import RemoteContact

UNDECIDED = (
    "SmartDialog had this person before, and does not say whether they get messages. Until you do, they get "
    "none, and nothing is written over."
)
# What is so of whoever waits for that.
TO_BE_DECIDED = {
    "active": False,
    "undecided": True,
    "sync_state": SyncState.FAILED,
    "sync_error": UNDECIDED,
}
STOPPED = "Got no messages at SmartDialog"


def meet(contact: Contact, remote: RemoteContact, *, by: User | None) -> None:
    """Merge, and save. Whether they get messages is ours to say only where it is No."""
    there = values_there(remote)
    before = contact.values()
    contact.take({target: value for target, value in storable(there).items() if target not in before})
    contact.met, contact.known_remotely = there, True
    if remote.active is False:
        keep_no(contact)
    contact.undecided = contact.active and remote.active is None
    _touch(contact)
    contact.save()
    Service.objects.filter(pk=contact.group_id).exclude(is_shared=True).update(is_shared=True)
    _record(contact, before, by)


def seen(remote: RemoteContact) -> dict[str, Any]:
    """What reading a contact back tells beside its fields."""
    return {"verified_at": clock.now(), "failed_messages": remote.failed_messages}


def newcomer(group: Service, phone: str, there: Mapping[str, str], *, active: bool | None) -> Contact:
    """Somebody who is there, as a contact here; does not save. `active` None: a person is to say."""
    contact = Contact(group=group, phone=phone, met=dict(there), known_remotely=True, verified_at=clock.now())
    contact.take(storable(there))
    contact.active, contact.undecided = bool(active), active is None
    contact.sync_state = SyncState.FAILED if contact.undecided else SyncState.SYNCED
    contact.sync_error = UNDECIDED if contact.undecided else ""
    return contact


def take_spelling(contact: Contact, spelling: str) -> bool:
    """SmartDialog has the person by it, and so has the group from now on; saves it.

    False where another contact of the group has it.
    """
    if spelling == contact.phone:
        return True
    if Contact.objects.filter(group=contact.group, phone=spelling).exists():
        return False
    before, contact.phone = contact.phone, spelling
    contact.index()
    contact.save(update_fields=["phone", "phone_type", "name_key", "search_text"])
    audit.record(
        actor=None,
        customer=contact.group.customer,
        verb="contact.spelling_taken",
        subject=contact,
        before={"phone": before},
        after={"phone": spelling},
    )
    return True


def values_there(remote: RemoteContact) -> dict[str, str]:
    """All but the number, by which it was asked for."""
    return {target: text for target, text in remote_values(remote).items() if target != "phone"}


def fields_met(contact: Contact) -> list[tuple[str, str, str]]:
    """What each field is called, what SmartDialog had before us, and what is here."""
    ours = contact.values()
    return [(label(target), text, str(ours.get(target, ""))) for target, text in (contact.met or {}).items()]


def written_over(contact: Contact) -> dict[str, tuple[str, str]]:
    """What SmartDialog had and what we have instead, by target, of somebody who was met."""
    ours = contact.values()
    pairs = {target: (text, str(ours.get(target, ""))) for target, text in (contact.met or {}).items()}
    return {target: pair for target, pair in pairs.items() if pair[0] != pair[1]}


def is_what_was_sent(sent: Mapping[str, Any], remote: RemoteContact) -> bool:
    """Whether it is there just as a creation said it. A bare number says nothing of who sent it."""
    said = {name: str(sent[name]) for name in DETAIL_NAMES if sent[name]}
    said |= {f"property:{name}": value for name, value in sent["properties"] if value}
    return bool(said) and said == values_there(remote)


def keep_no(contact: Contact) -> None:
    """A No that SmartDialog had is kept on the record; the sweep stops the number in the other groups."""
    contact.active = False
    said = {"words": STOPPED, "place": contact.group.name[:200]}
    for spelling in spellings(contact.phone):
        Suppression.objects.get_or_create(
            customer=contact.group.customer,
            phone=spelling,
            source=ConsentSource.API,
            lifted_at=None,
            defaults={**said, "other_spelling": spelling != contact.phone},
        )


def _touch(contact: Contact) -> None:
    """What an import brought is still what it left, so that it can be taken back."""
    as_imported = contact.imported_revision == contact.revision
    contact.touch()
    contact.imported_revision = contact.revision if as_imported else contact.imported_revision
    if contact.undecided:
        contact.active, contact.sync_state, contact.sync_error = False, SyncState.FAILED, UNDECIDED


def _record(contact: Contact, before: Mapping[str, Any], by: User | None) -> None:
    taken = {target: value for target, value in contact.values().items() if target not in before}
    lost = written_over(contact)
    audit.record(
        actor=by,
        customer=contact.group.customer,
        verb="contact.met",
        subject=contact,
        before=dict.fromkeys(taken, "") | {target: theirs for target, (theirs, _) in lost.items()},
        after=taken | {target: ours for target, (_, ours) in lost.items()} | {"active": _active(contact)},
    )
    live.announce(contact.group.customer, "contacts")


def _active(contact: Contact) -> bool | None:
    return None if contact.undecided else contact.active
