"""What contacts, look-ups and the record of consent hold of a person."""

from collections.abc import Iterable
from typing import Any

from django.db.models import F, Q, QuerySet

from accounts.models import subject_key
from contacts.erasure.registry import DataSubject, ErasureOrder, HeldRow, Holder, holds
from contacts.erasure.words_holder import Place, ToldHolder, WordsHolder
from contacts.fields import NAMES, PERSONAL, Values, label
from contacts.models import Contact, Lookup, NumberList, OptOutRequest, Suppression, SyncState
from contacts.models.contact import ContactQuerySet
from contacts.sync import pushing
from gateway import outbox


@holds("contacts.contact")
class ContactHolder(Holder):
    title = "Contacts"
    fate = "Deleted here, and at SmartDialog by one call for each group"
    covers = {
        "contacts.Contact": (
            "phone former_phone first_name last_name email street_address zip_code city country_code gender "
            "phone_type properties sync_error found_remotely met name_key search_text"
        )
    }

    def known(self, person: DataSubject) -> Iterable[Values]:
        for contact in _contacts(person):
            yield contact.values()
            yield from (values for values in (contact.met, contact.found_remotely) if values)

    def subjects(self, person: DataSubject) -> Iterable[str]:
        return [subject_key(contact) for contact in _contacts(person)]

    def held(self, person: DataSubject) -> list[HeldRow]:
        return [_contact(contact) for contact in _contacts(person).select_related("group")]

    def erase(self, person: DataSubject, order: ErasureOrder) -> None:
        """Emptied at once; the row with its number goes when SmartDialog has deleted it.

        Held first: a bulk action or an undo may be deleting it at this moment.
        """
        found = _contacts(person).select_related("group__customer")
        contacts = list(found.select_for_update(of=("self",)).order_by("pk"))
        for contact in contacts:
            outbox.cancel_waiting(subject=contact)
            pushing.remove_from_backlog(contact)
            _empty(contact)
        known = [each for each in contacts if each.may_exist_remotely or outbox.is_underway(subject=each)]
        if order.connection:
            pushing.push_deletions(known, connection=order.connection, by=order.by, batch=order.erasure.batch)
        _contacts(person).exclude(pk__in=[contact.pk for contact in known]).delete()

    def tidy(self, person: DataSubject) -> int:
        """What was refused and taken at another try is gone as well."""
        for contact in _contacts(person).filter(known_remotely=False):
            if not outbox.is_underway(subject=contact):
                contact.delete()
        return _contacts(person).count()


@holds("contacts.lookup")
class LookupHolder(Holder):
    title = "Numbers looked up at SmartDialog"
    covers = {"contacts.Lookup": "phone found typed error"}

    def known(self, person: DataSubject) -> Iterable[Values]:
        for lookup in _lookups(person):
            yield from (lookup.found, {name: lookup.typed.get(name, "") for name in NAMES})

    def subjects(self, person: DataSubject) -> Iterable[str]:
        return [subject_key(lookup) for lookup in _lookups(person)]

    def held(self, person: DataSubject) -> list[HeldRow]:
        return [
            {
                "Group": lookup.group.name,
                "When": lookup.asked_at,
                **{label(target): text for target, text in lookup.found.items()},
                **_typed(lookup),
            }
            for lookup in _lookups(person).select_related("group")
        ]

    def erase(self, person: DataSubject, order: ErasureOrder) -> None:
        for lookup in _lookups(person):
            outbox.cancel_waiting(subject=lookup)
            lookup.delete()


@holds("contacts.suppression")
class SuppressionHolder(Holder):
    title = "Record of consent"
    fate = "Deleted; the fingerprint that is kept works alike on imports, and a No holds if they come back"
    covers = {"contacts.Suppression": "phone"}

    def held(self, person: DataSubject) -> list[HeldRow]:
        return [
            {"Since": each.since, "Why": each.reason, **_lifting(each)}
            for each in _suppressions(person).filter(other_spelling=False).select_related("by", "lifted_by")
        ]

    def erase(self, person: DataSubject, order: ErasureOrder) -> None:
        _suppressions(person).delete()


@holds("contacts.opt_out_request")
class OptOutRequestHolder(Holder):
    title = "Requests that may be opt-outs"
    covers = {"contacts.OptOutRequest": "phone"}

    def held(self, person: DataSubject) -> list[HeldRow]:
        return [{"When": each.asked_at, "Wrote": each.words, "To": each.place} for each in _requests(person)]

    def erase(self, person: DataSubject, order: ErasureOrder) -> None:
        _requests(person).delete()


@holds("contacts.consent_of_others")
class ConsentOfOthers(WordsHolder):
    title = "What was noted about other people’s consent, and names the person"
    places = (
        Place(
            Suppression,
            "Opt-out of",
            customer="customer",
            columns="words place lift_words lift_place",
            lone="place lift_place",
            own="phone",
        ),
        Place(
            OptOutRequest,
            "Request of",
            customer="customer",
            columns="words place",
            lone="place",
            own="phone",
        ),
        Place(NumberList, "List", customer="customer", columns="name words", lone="name"),
    )


@holds("contacts.other_contacts")
class OtherContacts(ToldHolder):
    title = "Other contacts with something that names the person"

    def held(self, person: DataSubject) -> list[HeldRow]:
        """Found by their words, in which names and numbers are."""
        others = Contact.objects.present().filter(group__customer=person.customer)
        others = others.exclude(phone__in=person.phones).select_related("group")
        return [
            {"Group": each.group.name, "Contact": str(each), "Number": each.phone}
            for each in others.filter(person.naming.may_be_in("search_text"))
            if person.naming.found_in({**each.values(), "phone": ""})
        ]


def _contacts(person: DataSubject) -> ContactQuerySet:
    return Contact.objects.of_customer(person.customer).filter(phone__in=person.phones)


def _contact(contact: Contact) -> HeldRow:
    return {
        "Group": contact.group.name,
        **{label(target): value for target, value in contact.values().items()},
        "Gets messages": "Yes" if contact.active else "No",
        "At SmartDialog": contact.get_sync_state_display(),
        "Added": contact.created_at,
        "Changed": contact.updated_at,
    }


def _empty(contact: Contact) -> None:
    blank: dict[str, Any] = {
        **PERSONAL,
        "properties": {},
        "name_key": "",
        "search_text": "",
        "sync_error": "",
        "met": None,
        "found_remotely": None,
        "last_import": None,
        "sync_state": SyncState.DELETING,
    }
    Contact.objects.filter(pk=contact.pk).update(**blank, revision=F("revision") + 1)
    contact.refresh_from_db(fields=[*blank, "revision"])


def _typed(lookup: Lookup) -> HeldRow:
    """What the form held beside the number, as ContactForm kept it."""
    fields = {label(target): text for target, text in lookup.typed.items() if target in NAMES}
    return {
        f"{name}, as typed": text for name, text in [*fields.items(), *lookup.typed.get("properties", [])]
    }


def _lookups(person: DataSubject) -> QuerySet[Lookup]:
    return Lookup.objects.of_customer(person.customer).filter(phone__in=person.phones)


def _suppressions(person: DataSubject) -> QuerySet[Suppression]:
    return Suppression.objects.of_customer(person.customer).filter(phone__in=person.phones)


def _requests(person: DataSubject) -> QuerySet[OptOutRequest]:
    """Also of a sender that nobody could read for certain, where it names the number."""
    requests = OptOutRequest.objects.of_customer(person.customer)
    unclear = [each.pk for each in requests.filter(unreadable=True) if person.naming.is_of([each.phone])]
    return requests.filter(Q(phone__in=person.phones) | Q(pk__in=unclear))


def _lifting(suppression: Suppression) -> HeldRow:
    if suppression.lifted_at is None:
        return {}
    return {"Removed": suppression.lifted_at, "Why it was removed": suppression.lift_reason}
