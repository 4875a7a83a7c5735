"""What open inboxes are sent when threads change: rows and last words, ready to show, the same for everybody.

What differs from person to person goes along as facts: how far each has read, who is writing, whom notes
mention. A page knows whose it is. Where that alone has changed it is sent alone: nothing was said.
"""

import json
from collections import defaultdict
from collections.abc import Collection
from typing import Any

from accounts.models import Customer
from gateway.live_updates import live
from messaging.inbox.incoming.receiving import STATES, TOPIC
from messaging.inbox.models import Mention, Message, MessageState, Thread, ThreadRead
from messaging.inbox.team import presence
from messaging.inbox.team.desk import Desk
from messaging.inbox.team.presence import PRESENCE
from messaging.inbox.threads import message_markup
from messaging.inbox.threads.live_messages import last_said
from messaging.inbox.threads.thread_list import waiting_count, with_names, with_team
from messaging.inbox.threads.thread_rows import render_rows


@live.CARRIERS.register(TOPIC)
def carry(customer: int, rows: Collection[int]) -> str:
    """Eighteen queries at most, however many rows. A thread that is gone is said to be."""
    keys = list(rows)
    threads = list(with_team(Thread.objects.filter(customer=customer, pk__in=keys)))
    shown = with_names(Desk(Customer(pk=customer)), threads)
    carried = {
        "addresses": {thread.pk: thread.address for thread in threads},
        "rows": {row.thread.pk: render_rows([row]) for row in shown},
        "said": last_said(threads),
        "gone": [key for key in keys if key not in {thread.pk for thread in threads}],
        "waiting": waiting_count(customer),
    }
    return json.dumps(carried | _facts(customer, keys))


@live.CARRIERS.register(PRESENCE)
def carry_facts(customer: int, rows: Collection[int]) -> str:
    """Five queries at most, however many rows."""
    own = Thread.objects.filter(customer=customer, pk__in=list(rows))
    return json.dumps(_facts(customer, list(own.values_list("pk", flat=True))))


@live.CARRIERS.register(STATES)
def carry_states(customer: int, rows: Collection[int]) -> str:
    """One query. Of what is neither taken nor there yet nothing is said: pages look it up."""
    own = Message.objects.filter(thread__customer=customer, pk__in=list(rows))
    there = own.filter(state__in=[MessageState.SENT, MessageState.DELIVERED]).defer("search_text", "content")
    states = {
        message.pk: {
            "state": message.state,
            "html": message_markup.render_state(message),
        }
        for message in there
    }
    return json.dumps({"customer": customer, "states": {key: states.get(key) for key in rows}})


def _facts(customer: int, keys: list[int]) -> dict[str, Any]:
    facts = {"reads": _reads(keys), "writing": _writing(keys), "mentions": _mentions(keys)}
    return {"customer": customer, **facts}


def _reads(keys: list[int]) -> dict[int, dict[int, int]]:
    """By thread and person."""
    reads: dict[int, dict[int, int]] = defaultdict(dict)
    for thread, user, up_to in ThreadRead.objects.filter(thread__in=keys).values_list(
        "thread", "user", "up_to"
    ):
        reads[thread][user] = up_to
    return reads


def _mentions(keys: list[int]) -> dict[int, dict[int, int]]:
    """The key of their last mention that they have not seen, by thread and person."""
    mentions: dict[int, dict[int, int]] = defaultdict(dict)
    unseen = Mention.objects.filter(note__thread__in=keys, seen_at=None).order_by("pk")
    for thread, user, key in unseen.values_list("note__thread", "user", "pk"):
        mentions[thread][user] = key
    return mentions


def _writing(keys: list[int]) -> dict[int, dict[int, str]]:
    """Their names, by thread and person; of each thread, so that who has stopped is known, too."""
    writing: dict[int, dict[int, str]] = {key: {} for key in keys}
    for each in presence.writing_in(keys):
        writing[each.thread_id][each.user_id] = str(each.user)
    return writing
