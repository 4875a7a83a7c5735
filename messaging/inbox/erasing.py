"""What conversations hold of a person, and the raw events they came in."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import unquote_plus

from django.db.models import Q, QuerySet

from accounts.models import subject_key
from contacts.erasure.registry import DataSubject, ErasureOrder, HeldRow, Holder, holds
from contacts.erasure.words_holder import Place, ToldHolder, WordsHolder
from gateway import outbox
from gateway.models import HookEvent
from messaging.inbox.incoming.receiving import tell
from messaging.inbox.models import (
    AutomaticAnswer,
    Draft,
    FirstDraft,
    Label,
    Message,
    Note,
    Rule,
    RuleRun,
    SavedInboxView,
    Team,
    TemplateDraft,
    Thread,
)
from messaging.inbox.search.hits import forget_deleted_words

_TEXTS = ("pk", "body", "query", "reason", "unclear")


@holds("inbox.raw_events")
class RawEvents(Holder):
    """Before the conversations, by which it finds them."""

    title = "What SmartDialog sent to us of the person, as it came"
    covers = {"gateway.HookEvent": "body query reason unclear"}

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
    covers = {
        "inbox.Thread": "address last_text search_text discussion_id",
        "inbox.Note": "text search_text",
        "inbox.Message": "content search_text attachments remote_id error_text values",
        "inbox.Draft": "content",
        "inbox.TemplateDraft": "said",
        "inbox.FirstDraft": "phone said",
        "inbox.AutomaticAnswer": "phone",
    }

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
                tell(thread)
                thread.delete()
        AutomaticAnswer.objects.of_customer(person.customer).filter(phone__in=person.phones).delete()
        _first_drafts(person).delete()
        forget_deleted_words()
        return _threads(person).count()


@holds("inbox.drafts_of_others")
class DraftsOfOthers(ToldHolder):
    title = "Answers that are being written to other people and name the person"
    places = (
        Place(Draft, "Draft", customer="thread__customer", columns="content", own="thread__address"),
        Place(TemplateDraft, "Draft", customer="thread__customer", columns="said", own="thread__address"),
        Place(FirstDraft, "Draft", customer="customer", columns="said", own="phone"),
    )


@holds("inbox.notes_of_others")
class NotesOfOthers(ToldHolder):
    title = "Notes in conversations with other people that name the person"
    places = (Place(Note, "Note", customer="thread__customer", columns="text", own="thread__address"),)


@holds("inbox.messages_of_others")
class MessagesOfOthers(ToldHolder):
    title = "Messages with other people that name the person"
    places = (Place(Message, "Conversation", customer="thread__customer", columns="content"),)

    def held(self, person: DataSubject) -> list[HeldRow]:
        found = Message.objects.of_customer(person.customer).exclude(thread__in=_threads(person))
        naming = found.filter(person.naming.may_be_in("content")).select_related("thread")
        return [
            {"Conversation with": str(message.thread), "When": message.at, "Text": message.content}
            for message in naming
            if person.naming.found_in(message.content)
        ]


@holds("inbox.names_by_staff")
class NamesByStaff(WordsHolder):
    title = "Labels, teams, views and rules of the inbox that name the person"
    places = (
        Place(Team, "Team", customer="customer", columns="name", lone="name", once="name"),
        Place(Label, "Label", customer="customer", columns="name", lone="name", once="name"),
        Place(SavedInboxView, "View", customer="customer", columns="name", lone="name", once="name"),
        Place(
            Rule,
            "Rule",
            customer="customer",
            columns="name words label answer plain_answer",
            lone="name label",
            once="name",
        ),
        Place(
            RuleRun,
            "What a rule did",
            customer="thread__customer",
            columns="rule_name label left_undone",
            lone="rule_name label",
        ),
    )


def _threads(person: DataSubject) -> QuerySet[Thread]:
    """By number, and those whose address stays as it came."""
    return _of_number(Thread.objects.of_customer(person.customer), "address", person)


def _first_drafts(person: DataSubject) -> QuerySet[FirstDraft]:
    """As threads: what is typed so far may be their name."""
    return _of_number(FirstDraft.objects.filter(customer=person.customer), "phone", person)


def _of_number(own: QuerySet[Any], field: str, person: DataSubject) -> QuerySet[Any]:
    as_it_came = own.exclude(**{f"{field}__startswith": "+"}).filter(person.naming.may_be_in(field))
    naming = [row.pk for row in as_it_came if person.naming.is_of([getattr(row, field)])]
    return own.filter(Q(**{f"{field}__in": person.phones}) | Q(pk__in=naming))


def _events(person: DataSubject) -> QuerySet[HookEvent]:
    """Those that became the person's messages, and all that name them: read or not, once or twice."""
    own = HookEvent.objects.filter(subscription__customer=person.customer)
    messages = Message.objects.filter(thread__in=_threads(person), event__isnull=False)
    sent = own.exclude(body=b"", query="", reason="", unclear="").only(*_TEXTS)
    naming = [event.pk for event in sent.iterator() if person.naming.found_in(_texts(event))]
    return own.filter(Q(pk__in=messages.values("event")) | Q(pk__in=naming))


def _texts(event: HookEvent) -> list[str]:
    body = bytes(event.body).decode("utf-8", "replace")
    return [
        body,
        unquote_plus(body),  # of a form
        unquote_plus(event.query),
        event.reason,
        event.unclear,
    ]
