"""What is kept of a person for WhatsApp, beside what campaigns and conversations hold."""

from collections.abc import Iterable

from django.db.models import QuerySet

from accounts.models import subject_key
from contacts.erasure.registry import DataSubject, ErasureOrder, HeldRow, Holder, holds
from gateway import outbox
from messaging.whatsapp.models import RegisteredOptIn


@holds("whatsapp.registered_opt_ins")
class RegisteredOptIns(Holder):
    title = "What SmartDialog’s register of WhatsApp opt-ins was told"
    fate = "Deleted here; SmartDialog keeps what it was told"
    covers = {"whatsapp.RegisteredOptIn": "phone"}

    def subjects(self, person: DataSubject) -> Iterable[str]:
        return [subject_key(each) for each in _of(person)]

    def held(self, person: DataSubject) -> list[HeldRow]:
        return [
            {"WhatsApp number": each.identity, "When": each.told_at, "Told": "In" if each.is_in else "Out"}
            for each in _of(person).order_by("pk")
        ]

    def erase(self, person: DataSubject, order: ErasureOrder) -> None:
        for each in _of(person):
            outbox.cancel_waiting(subject=each)
        _of(person).delete()


def _of(person: DataSubject) -> QuerySet[RegisteredOptIn]:
    return RegisteredOptIn.objects.of_customer(person.customer).filter(phone__in=person.phones)
