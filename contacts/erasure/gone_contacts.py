"""Contacts that were deleted before an erasure: who of them was the person, by what is still said of them."""

from collections.abc import Iterable

from django.db.models import Q

from accounts.models import AuditEvent
from contacts.erasure.registry import DataSubject, ErasureOrder, HeldRow, Holder, holds
from contacts.models import Contact
from gateway import outbox

_CONTACT = "contact:"  # how a contact is named as a subject


@holds("contacts.gone")
class GoneContacts(Holder):
    """Deleted before the erasure: the trail and the calls tell of them still, and not always by number."""

    def subjects(self, person: DataSubject) -> Iterable[str]:
        return sorted(_subjects_of_the_gone(person))

    def held(self, person: DataSubject) -> list[HeldRow]:
        return []

    def erase(self, person: DataSubject, order: ErasureOrder) -> None:
        """The holders of calls and of the trail do, by these subjects."""


def _subjects_of_the_gone(person: DataSubject) -> set[str]:
    """As the outbox and the trail name contacts of the number that are here no more.

    One that is here under another number is somebody's: it is found by that.
    """
    phone = person.phone
    named = outbox.subjects_saying(person.customer, phone=phone, contact__phone=phone)
    saying = Q(before__phone=phone) | Q(after__phone=phone)
    told = AuditEvent.objects.of_customer(person.customer).filter(saying)
    named |= set(told.values_list("subject", flat=True))
    keys = {name: int(name.removeprefix(_CONTACT)) for name in named if name.startswith(_CONTACT)}
    here = set(Contact.objects.filter(pk__in=keys.values()).values_list("pk", flat=True))
    return {name for name, key in keys.items() if key not in here}
