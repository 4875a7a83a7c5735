"""What each verb does to a chunk of contacts, and what it costs."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Case, F, IntegerField, Q, Value, When

from accounts.trail import audit
from contacts.bulk import chunks
from contacts.consent import opt_outs
from contacts.consent.opt_outs import Evidence
from contacts.fields import NAMES
from contacts.models import BulkAction, BulkVerb, ConsentSource, Contact, SyncState
from contacts.models.contact import (
    NOT_SYNCED,
    ContactQuerySet,
    delete_contacts,
    is_stopped,
    said_by_themselves,
)
from contacts.models.known_spellings import as_known
from contacts.models.suppression import BY_THE_PERSON
from contacts.text.phones import spellings
from gateway import outbox
from gateway.models import Lane, Service
from gateway.outbox import BacklogRef


@dataclass
class ChunkResult:
    """How many; and, for their history, what was before by the key of each that is still there, by group."""

    count: int
    before: dict[int, dict[int, Any]] = field(default_factory=dict)


class Verb:
    """`calls`: for each contact that it changes."""

    calls = 1

    def changeable(self, contacts: ContactQuerySet) -> ContactQuerySet:
        """Those of the contacts that it would change; the others are left out.

        Of whom nobody has said whether they get messages, nothing is sent before somebody does.
        """
        return contacts.decided()

    def opted_out(self, contacts: ContactQuerySet) -> ContactQuerySet:
        """Those that it leaves out since they said themselves that they want no messages."""
        return contacts.none()

    def apply(self, action: BulkAction, keys: Sequence[int], backlog: BacklogRef) -> ChunkResult:
        """Change them, in the caller's transaction."""
        raise NotImplementedError


class Deactivate(Verb):
    """Who is not active in this group alone, too: their No holds in the others from then on."""

    def changeable(self, contacts: ContactQuerySet) -> ContactQuerySet:
        return contacts.filter(Q(active=True) | Q(undecided=True) | ~is_stopped())

    def apply(self, action: BulkAction, keys: Sequence[int], backlog: BacklogRef) -> ChunkResult:
        phones = _phones(self.changeable(chunks.lock_present(keys)))
        evidence = Evidence(ConsentSource.STAFF, by=action.created_by)
        opt_outs.keep(action.group.customer, phones, evidence)
        return _switch(action, phones, backlog, active=False)


class Activate(Verb):
    """Never those who said themselves that they want no messages: each of those is agreed to alone."""

    def changeable(self, contacts: ContactQuerySet) -> ContactQuerySet:
        return contacts.filter(~said_by_themselves(), active=False)

    def opted_out(self, contacts: ContactQuerySet) -> ContactQuerySet:
        return contacts.filter(said_by_themselves())

    def apply(self, action: BulkAction, keys: Sequence[int], backlog: BacklogRef) -> ChunkResult:
        phones = _phones(self.changeable(chunks.lock_present(keys)))
        dated = date.fromisoformat(action.options["dated"])
        evidence = Evidence(
            ConsentSource.STAFF, words=action.options["words"], by=action.created_by, dated=dated
        )
        others = set(ConsentSource) - set(BY_THE_PERSON)
        opt_outs.lift(action.group.customer, phones, evidence, of=others)
        free = set(phones) - opt_outs.stopped_among(action.group.customer, phones)
        return _switch(action, free, backlog, active=True)


class SetProperty(Verb):
    """An empty value takes the property away."""

    def apply(self, action: BulkAction, keys: Sequence[int], backlog: BacklogRef) -> ChunkResult:
        name, value = action.options["name"], action.options["value"]
        before: dict[int, Any] = {}
        contacts = []
        for contact in self.changeable(chunks.lock_present(keys)):
            if (contact.properties.get(name) or "") != value:
                before[contact.pk] = contact.properties.pop(name, "")
                contact.properties |= {name: value} if value else {}
                contact.index()
                contacts.append(contact)
        Contact.objects.bulk_update(contacts, ["properties", "search_text"], batch_size=250)
        chunks.update_and_queue(list(before), backlog)
        return ChunkResult(len(before), {action.group_id: before})


class Delete(Verb):
    """Those that SmartDialog has never heard of cost no call, and are gone at once."""

    def changeable(self, contacts: ContactQuerySet) -> ContactQuerySet:
        return contacts

    def apply(self, action: BulkAction, keys: Sequence[int], backlog: BacklogRef) -> ChunkResult:
        people = list(chunks.lock_present(keys).select_related("group__customer"))
        if action.verb == BulkVerb.DELETE and action.lane == Lane.INTERACTIVE:
            _record_deletions(people, action)
        found = [contact.pk for contact in people]
        chunks.cancel_calls(found)
        unheard = chunks.idle_contacts(chunks.never_sent(found))
        delete_contacts(unheard)
        heard = [key for key in found if key not in unheard]
        chunks.add_to_backlog(heard, backlog, sync_state=SyncState.DELETING, sync_error=_untold_changes())
        return ChunkResult(len(found), {action.group_id: dict.fromkeys(heard)})


class Copy(Verb):
    """Who is in the other group already stays there as they are.

    Who is still being deleted there begins anew, and gets messages only if they did when they were deleted.
    """

    def apply(self, action: BulkAction, keys: Sequence[int], backlog: BacklogRef) -> ChunkResult:
        target = Service.objects.select_related("customer").get(pk=action.options["target"])
        people = list(self.changeable(chunks.lock_present(keys)))
        phones = [contact.phone for contact in people]
        there = _there(target, phones)
        stopped = _stopped(target, phones) | {phone for phone, each in there.items() if not each.active}
        new = [_copied(each, target, stopped) for each in people if each.phone not in there]
        again = [each for each in people if each.phone in there and _is_going(there[each.phone])]
        Contact.objects.bulk_create(new, batch_size=500, ignore_conflicts=True)
        for each in again:
            _begun_anew(each, there[each.phone], stopped).save()
        added = [contact.phone for contact in (*new, *(there[each.phone] for each in again))]
        arrived = chunks.keys_of(Contact.objects.filter(group=target, phone__in=added))
        chunks.update_and_queue(arrived, backlog)
        return ChunkResult(len(arrived), {target.pk: dict.fromkeys(arrived)})


class Move(Verb):
    """Copied, then deleted where they were."""

    calls = 2

    def apply(self, action: BulkAction, keys: Sequence[int], backlog: BacklogRef) -> ChunkResult:
        keys = chunks.keys_of(self.changeable(chunks.lock_present(keys)))
        copied = Copy().apply(action, keys, backlog)
        deleted = Delete().apply(action, keys, backlog)
        return ChunkResult(deleted.count, copied.before | deleted.before)


class Send(Verb):
    """Those whom SmartDialog did not take, or was never told of, as they are here.

    Of whom it was found to have something else, a person decides one by one: this would write over it.
    """

    def changeable(self, contacts: ContactQuerySet) -> ContactQuerySet:
        forgotten = Q(~outbox.row_is_underway(Contact), sync_state=SyncState.WAITING, backlog=None)
        unsent = contacts.decided().exclude(sync_state=SyncState.SYNCED).filter(found_remotely__isnull=True)
        return unsent.filter(Q(sync_state__in=NOT_SYNCED) | forgotten)

    def apply(self, action: BulkAction, keys: Sequence[int], backlog: BacklogRef) -> ChunkResult:
        found = chunks.keys_of(self.changeable(chunks.lock_present(keys)))
        chunks.update_and_queue(found, backlog, imported_revision=_as_imported())
        return ChunkResult(len(found), {action.group_id: dict.fromkeys(found)})


VERBS: dict[str, Verb] = {
    BulkVerb.DELETE: Delete(),
    BulkVerb.DEACTIVATE: Deactivate(),
    BulkVerb.ACTIVATE: Activate(),
    BulkVerb.SET_PROPERTY: SetProperty(),
    BulkVerb.COPY: Copy(),
    BulkVerb.MOVE: Move(),
    BulkVerb.SEND: Send(),
    BulkVerb.VERIFY: Verb(),  # changes nobody: see contacts.sync.verification
}


def _as_imported(**which: bool) -> Case:
    """What an import left is what is sent: it can still be taken back."""
    return Case(
        When(imported_revision=F("revision"), **which, then=F("revision") + 1),
        default=F("imported_revision"),
        output_field=IntegerField(),
    )


def _untold_changes() -> Case:
    """What SmartDialog does not have as it is here, it does not have if the deletion is cancelled, either."""
    synced = When(sync_state=SyncState.SYNCED, then=Value(""))
    return Case(synced, default=Value("Changed here before it was deleted."))


def _phones(contacts: ContactQuerySet) -> list[str]:
    return list(contacts.values_list("phone", flat=True))


def _switch(action: BulkAction, phones: Collection[str], backlog: BacklogRef, *, active: bool) -> ChunkResult:
    """The contacts with these phones in every group; counted are those of the group of the action."""
    ways = [way for phone in phones for way in spellings(phone)]
    everywhere = Contact.objects.present().filter(group__customer=action.group.customer, phone__in=ways)
    concerned = everywhere.filter(Q(group=action.group) | Q(active=not active) | Q(undecided=True))
    found: dict[int, dict[int, Any]] = {action.group_id: {}}
    for pk, group in concerned.select_for_update(of=("self",)).order_by("pk").values_list("pk", "group"):
        found.setdefault(group, {})[pk] = None
    decided = {"undecided": False, "imported_revision": _as_imported(undecided=True)}
    keys = [pk for keys in found.values() for pk in keys]
    chunks.update_and_queue(keys, backlog, active=active, before_opt_out="", **decided)
    return ChunkResult(len(found[action.group_id]), {group: keys for group, keys in found.items() if keys})


def _record_deletions(people: Sequence[Contact], action: BulkAction) -> None:
    """Of few, the trail says who each was."""
    for contact in people:
        audit.record(
            actor=action.created_by,
            customer=contact.group.customer,
            verb="contact.deleted",
            subject=contact,
            before={**contact.values(), "active": contact.active},
        )


def _stopped(target: Service, phones: Sequence[str]) -> set[str]:
    """Those that have opted out."""
    return opt_outs.stopped_among(target.customer, phones)


def _there(target: Service, phones: Sequence[str]) -> dict[str, Contact]:
    """Who is in the group, by the number that is copied, in whatever spelling."""
    known = dict(zip(phones, phones, strict=True)) | as_known(target, phones)
    found = Contact.objects.filter(group=target, phone__in=known.values())
    here = {contact.phone: contact for contact in found}
    return {phone: here[way] for phone, way in known.items() if way in here}


def _copied(contact: Contact, target: Service, stopped: Collection[str]) -> Contact:
    copy = Contact(group=target, **{name: getattr(contact, name) for name in (*NAMES, "properties")})
    copy.active = contact.active and contact.phone not in stopped
    copy.index()
    return copy


def _begun_anew(contact: Contact, going: Contact, stopped: Collection[str]) -> Contact:
    """In the row of one that is still being deleted there."""
    copy = _copied(contact, going.group, stopped)
    copy.pk, copy.revision, copy.known_remotely = going.pk, going.revision, going.known_remotely
    copy.phone = going.phone
    copy.index()
    return copy


def _is_going(contact: Contact) -> bool:
    return contact.sync_state == SyncState.DELETING
