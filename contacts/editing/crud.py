"""What people do with a single contact: add, edit, send again."""

from typing import Any

from django.db import IntegrityError, transaction

from accounts.models import User
from accounts.trail import audit
from contacts.consent import opt_outs, propagation
from contacts.consent.opt_outs import Evidence
from contacts.errors import ERASED, EditConflict
from contacts.fields import BLANKS, PROPERTY_PREFIX
from contacts.models import ConsentSource, Contact, SyncState
from contacts.models.erased_numbers import await_erasures, erased_among
from contacts.models.known_spellings import as_known
from contacts.sync import pushing
from contacts.sync.remote_diff import diff_message, not_storable, storable
from contacts.text.phones import spellings
from gateway import outbox
from gateway.live_updates import live
from gateway.models import Lane, Service
from gateway.sign_in import connections


def add(group: Service, *, phone: str, values: dict[str, Any], by: User) -> Contact:
    """Save a new contact and queue its call. Raises NotConnected, or EditConflict if the number is taken."""
    connection = connections.for_user(by)
    with transaction.atomic():
        _refuse_erased(group, phone)
        contact = _row_for(group, phone)
        _change(contact, values)
        pushing.push(contact, connection=connection, by=by, lane=Lane.INTERACTIVE)
        _record(contact, by, "contact.created", after=_audited(contact))
        _keep_no(contact, by)
    return contact


def edit(
    contact: Contact, *, values: dict[str, Any], revision: int, by: User, phone: str | None = None
) -> bool:
    """Save what the person changed, with optimistic locking by `revision`; False when nothing differs.

    With another `phone`, SmartDialog is told to create the contact by that number and, when it has, to delete
    it by the former one; if it does not take the new number, the former one stays. Raises NotConnected, or
    EditConflict when somebody else changed the contact meanwhile.
    """
    connection = connections.for_user(by)
    with transaction.atomic():
        contact = _decided(_held(contact, revision))
        before = _all_audited(contact)
        if phone and phone != contact.phone:
            _renumber(contact, phone)
        _set(contact, values)
        if _all_audited(contact) == before:
            return False
        _keep(contact)
        pushing.push(contact, connection=connection, by=by, lane=Lane.INTERACTIVE)
        was, became = audit.differences(before, _all_audited(contact))
        _record(contact, by, "contact.updated", before=was, after=became)
        _keep_no(contact, by)
    return True


def resend(contact: Contact, *, by: User) -> None:
    """Queue the contact as it is, after a failure. Raises NotConnected or EditConflict."""
    connection = connections.for_user(by)
    with transaction.atomic():
        contact = _decided(_held(contact, contact.revision))
        if contact.imported_revision == contact.revision:
            contact.imported_revision += 1  # what the import left is what is sent
        _keep(contact)
        pushing.push(contact, connection=connection, by=by, lane=Lane.INTERACTIVE)
        _record(contact, by, "contact.sent_again")


def adopt(contact: Contact, *, by: User) -> Contact | None:
    """Take over what SmartDialog was found to have; no call. None when there is nothing to take.

    What cannot be kept here differs still: `found_remotely` of the contact is just that. Raises EditConflict.
    """
    with transaction.atomic():
        contact = _held(contact, contact.revision)
        found = contact.found_remotely or {}
        left = not_storable(found)
        if found == left:
            return None
        before = _audited(contact)
        _take_over(contact, found)
        contact.touch()
        contact.sync_state = SyncState.FAILED if left else SyncState.SYNCED
        contact.sync_error, contact.found_remotely = diff_message(left), left or None
        contact.save()
        was, became = audit.differences(before, {**dict.fromkeys(before, ""), **_audited(contact)})
        _record(contact, by, "contact.adopted", before=was, after=became)
    return contact


def decide(contact: Contact, *, active: bool, by: User) -> None:
    """A person says whether somebody gets messages whom SmartDialog had before; what was merged is sent.

    Raises NotConnected, or EditConflict when somebody else just did.
    """
    connection = connections.for_user(by)
    with transaction.atomic():
        contact = _held(contact, contact.revision)
        if not contact.undecided:
            raise EditConflict("Somebody has just said whether this person gets messages.")
        if active and opt_outs.stopped_among(contact.group.customer, [contact.phone]):
            raise EditConflict(
                "This number has opted out, in whatever group. Say No, or remove the opt-out first."
            )
        as_imported = contact.imported_revision == contact.revision
        contact.active, contact.undecided = active, False
        contact.imported_revision = contact.revision + 1 if as_imported else contact.imported_revision
        _keep(contact)
        _keep_no(contact, by)
        pushing.push(contact, connection=connection, by=by, lane=Lane.INTERACTIVE)
        _record(contact, by, "contact.decided", before={"active": None}, after={"active": active})


def _keep_no(contact: Contact, by: User) -> None:
    """Who gets no messages in one group gets none in any."""
    if not contact.active:
        customer = contact.group.customer
        if not opt_outs.stopped_among(customer, [contact.phone]):
            opt_outs.keep(customer, [contact.phone], Evidence(ConsentSource.STAFF, by=by))
        propagation.stop(customer, spellings(contact.phone), by=by)


def _refuse_erased(group: Service, phone: str) -> None:
    """Also whoever is being erased just now."""
    await_erasures([group.customer])
    if erased_among(group.customer, [phone]):
        raise EditConflict(ERASED)


def _row_for(group: Service, phone: str) -> Contact:
    """A new row, or the one that is still being deleted, begun anew; by the number as the group has it."""
    phone = as_known(group, [phone]).get(phone, phone)
    left = Contact.objects.filter(group=group, phone=phone).first()
    if left and left.sync_state != SyncState.DELETING:
        raise EditConflict(f"{left} has this number already. Open that contact to change it.", left)
    contact = Contact(pk=left.pk if left else None, group=group, phone=phone)
    if left:
        contact.revision, contact.former_phone = left.revision, left.former_phone
    return contact


def _change(contact: Contact, values: dict[str, Any]) -> None:
    _set(contact, values)
    contact.touch()
    try:
        with transaction.atomic():
            contact.save()
    except IntegrityError as error:
        raise EditConflict("Somebody has just added this number. Open that contact to change it.") from error


def _set(contact: Contact, values: dict[str, Any]) -> None:
    """Every field of the form, the emptied ones, too."""
    for field, value in values.items():
        setattr(contact, field, value)
    contact.index()


def _renumber(contact: Contact, phone: str) -> None:
    if contact.former_phone:
        raise EditConflict(
            "SmartDialog has yet to take the last change of this number. Change it after that."
        )
    _refuse_erased(contact.group, phone)
    others = Contact.objects.filter(group=contact.group, phone__in=spellings(phone)).exclude(pk=contact.pk)
    if taken := others.first():
        if taken.sync_state == SyncState.DELETING:
            raise EditConflict(
                f"{taken} is still being deleted at SmartDialog by this number. Try again when that is done."
            )
        raise EditConflict(
            f"{taken} has this number already. Delete that contact first, or change it instead.", taken
        )
    if contact.known_remotely or outbox.is_underway(subject=contact):
        contact.former_phone, contact.known_remotely = contact.phone, False
    contact.phone = phone


def _take_over(contact: Contact, found: dict[str, str]) -> None:
    """What is empty there is emptied here."""
    emptied = [target for target, text in found.items() if not text]
    blank = {target: BLANKS[target] for target in emptied if target in BLANKS}
    for target in set(emptied) - set(BLANKS):
        contact.properties.pop(target.removeprefix(PROPERTY_PREFIX), None)
    contact.take(blank | storable(found))


def _held(contact: Contact, revision: int) -> Contact:
    """The row if nobody changed it since `revision`, ours until the commit."""
    same = Contact.objects.present().filter(pk=contact.pk, revision=revision)
    held = same.select_related("group__customer").select_for_update(of=("self",), no_key=True).first()
    if held is None:
        raise EditConflict(
            "Somebody else changed this contact meanwhile. Look at it again, then make your change."
        )
    return held


def _decided(contact: Contact) -> Contact:
    if contact.undecided:
        raise EditConflict("Say first whether this person gets messages.")
    return contact


def _keep(contact: Contact) -> None:
    contact.touch()
    contact.save()


def _record(contact: Contact, by: User | None, verb: str, **what: Any) -> None:
    customer = contact.group.customer
    audit.record(actor=by, customer=customer, verb=verb, subject=contact, **what)
    live.announce(customer, "contacts")


def _all_audited(contact: Contact) -> dict[str, Any]:
    """With the number, by which the history of before it was another is found."""
    return {"phone": contact.phone, **_audited(contact)}


def _audited(contact: Contact) -> dict[str, Any]:
    return {**contact.values(), "active": contact.active}
