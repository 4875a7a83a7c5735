"""Pages of a conversation, back and onwards: all that was said and done, once, in order."""

from collections import Counter
from datetime import timedelta
from itertools import chain
from unittest.mock import patch

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from accounts.models import AuditEvent, Customer
from accounts.trail import audit
from gateway.models import ServiceKind
from messaging.inbox.models import Direction, Message, Thread
from messaging.inbox.tests.conftest import ANNA
from messaging.inbox.tests.test_history import BEGUN, message, said_by, words
from messaging.inbox.threads import conversations
from tests.factories import make_service


class TestPagesOfEverything(TestCase):
    """Whatever comes at whatever time, pages back show all of it once, in order."""

    @settings(max_examples=25, deadline=None)
    @given(
        st.lists(st.integers(0, 30), min_size=90, max_size=260),
        st.lists(st.integers(0, 30), max_size=12),
    )
    def test_pages_back_show_everything_once(self, at: list[int], of_campaigns: list[int]):
        kahvila = Customer.objects.create(remote_id="k", name="Kahvila Aalto")
        service = make_service(kahvila, kind=ServiceKind.TWO_WAY)
        thread = Thread.objects.create(customer=kahvila, service=service, address=ANNA, last_message_at=BEGUN)
        Message.objects.bulk_create(
            Message(
                thread=thread, direction=Direction.IN, content=f"m{n}", at=BEGUN + timedelta(minutes=minute)
            )
            for n, minute in enumerate(at)
        )
        for n, minute in enumerate(of_campaigns):
            message(kahvila, content=f"c{n}", values=[], at=BEGUN + timedelta(minutes=minute))

        conversation = conversations.load(thread)
        pages = [words(conversation)]
        while conversation.has_earlier:
            conversation = conversations.load(thread, before=conversation.first)
            pages.insert(0, words(conversation))

        shown = [each for page in pages for each in page]
        everything = [f"m{n}" for n in range(len(at))] + [f"c{n}" for n in range(len(of_campaigns))]
        assert Counter(shown) == Counter(everything)

    @settings(max_examples=25, deadline=None)
    @given(*[st.lists(st.integers(0, 40), max_size=15, unique=True)] * 3)
    def test_so_do_pages_of_what_else_happened(self, at: list[int], sent: list[int], labelled: list[int]):
        """A person who says little may get many campaigns, and a thread many labels."""
        kahvila = Customer.objects.create(remote_id="k", name="Kahvila Aalto")
        service = make_service(kahvila, kind=ServiceKind.TWO_WAY)
        thread = Thread.objects.create(customer=kahvila, service=service, address=ANNA, last_message_at=BEGUN)
        times = {f"m{n}": minute for n, minute in enumerate(at)}
        for words_of_it, minute in times.items():
            when = BEGUN + timedelta(minutes=minute)
            Message.objects.create(thread=thread, direction=Direction.IN, content=words_of_it, at=when)
        for n, minute in enumerate(sent):
            message(kahvila, content=f"c{n}", values=[], at=BEGUN + timedelta(minutes=minute))
        for n, minute in enumerate(labelled):
            audit.record(actor=None, customer=kahvila, verb="thread.reopened", subject=thread)
            event = AuditEvent.objects.latest("pk")
            AuditEvent.objects.filter(pk=event.pk).update(
                actor_name=f"a{n}", at=BEGUN + timedelta(minutes=minute)
            )

        with patch.object(conversations, "MESSAGES_SHOWN", 3):
            back, onwards = pages_back(thread), pages_onwards(thread)

        everything = Counter(
            [*times, *(f"c{n}" for n in range(len(sent))), *(f"a{n}" for n in range(len(labelled)))]
        )
        assert Counter(chain(*back)) == Counter(chain(*onwards)) == everything
        assert all(len(page) <= 9 for page in [*back, *onwards])


def pages_back(thread: Thread) -> list[list[str]]:
    conversation = conversations.load(thread)
    pages = [told(conversation)]
    while conversation.has_earlier:
        conversation = conversations.load(thread, before=conversation.first)
        pages.append(told(conversation))
    return pages


def pages_onwards(thread: Thread) -> list[list[str]]:
    conversation = conversations.load(thread, day=BEGUN.date() - timedelta(days=1))
    pages = [told(conversation)]
    while not conversation.is_latest:
        conversation = conversations.load(thread, after=conversation.last)
        pages.append(told(conversation))
    return pages


def told(conversation: conversations.Conversation) -> list[str]:
    """With who did what colleagues did."""
    entries = [entry for day in conversation.days for entry in day.entries]
    return [entry.event.who if entry.event else said_by(entry) for entry in entries]
