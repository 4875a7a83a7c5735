"""What conversations hold of a person, and the raw events they came in."""

import re
from collections.abc import Iterable

from django.db.models import Q, QuerySet

from accounts.models import subject_key
from contacts.erasure.registry import DataSubject, ErasureOrder, HeldRow, Holder, holds
from gateway import outbox
from gateway.models import EventState, HookEvent
from messaging.inbox.models import Message, Thread


@holds("inbox.raw_events")
class RawEvents(Holder):
    """Before the conversations, by which it finds them."""

    title = "What SmartDialog sent to us of the person, as it came"

    def held(self, person: DataSubject) -> list[HeldRow]:
        return [
            {
                "When": event.received_at,
                "Body": bytes(event.body).decode("utf-8", "replace"),
                "Query": event.query,
            }
            for event in _events(person)
        ]

    def erase(self, person: DataSubject, order: ErasureOrder) -> None:
        self.tidy(person)

    def tidy(self, person: DataSubject) -> int:
        _events(person).delete()
        return 0


@holds("inbox.conversations")
class Conversations(Holder):
    title = "Messages"
    fate = "Deleted, with their conversation"

    def subjects(self, person: DataSubject) -> Iterable[str]:
        return [subject_key(thread) for thread in _threads(person)]

    def held(self, person: DataSubject) -> list[HeldRow]:
        messages = Message.objects.filter(thread__in=_threads(person)).select_related("thread__service")
        return [
            {
                "With": message.thread.service.name,
                "When": message.at,
                "From": "The person" if not message.is_ours else "Us",
                "Text": message.content,
                **({"Attachments": message.attachments} if message.attachments else {}),
                **({"State": message.get_state_display()} if message.state else {}),
            }
            for message in messages.order_by("at", "pk")
        ]

    def erase(self, person: DataSubject, order: ErasureOrder) -> None:
        for thread in _threads(person):
            outbox.cancel_waiting(subject=thread)
        self.tidy(person)

    def tidy(self, person: DataSubject) -> int:
        """An answer that is being sent needs its message until it has left."""
        for thread in _threads(person):
            if not outbox.is_underway(subject=thread):
                thread.delete()
        return _threads(person).count()


def _threads(person: DataSubject) -> QuerySet[Thread]:
    return Thread.objects.of_customer(person.customer).filter(address=person.phone)


def _events(person: DataSubject) -> QuerySet[HookEvent]:
    """Those that became the person's messages, reports that name the number, and what nobody has read yet."""
    own = HookEvent.objects.filter(subscription__customer=person.customer)
    messages = Message.objects.filter(thread__in=_threads(person), event__isnull=False)
    unread = own.exclude(state=EventState.DONE).exclude(body=b"").only("pk", "body")
    number = re.compile(person.naming.encode())
    naming = [event.pk for event in unread.iterator() if number.search(bytes(event.body))]
    return own.filter(Q(pk__in=messages.values("event")) | Q(query__regex=person.naming) | Q(pk__in=naming))
