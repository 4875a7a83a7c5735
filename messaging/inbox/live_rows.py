"""What open inboxes are sent when threads change: their rows, ready to be shown, the same for everybody.

What differs from person to person goes along as facts: how far each has read, and who is writing. A page
knows whose it is.
"""

import json
from collections import defaultdict
from collections.abc import Collection

from accounts.models import Customer
from gateway import live
from messaging.inbox import presence
from messaging.inbox.models import Thread, ThreadRead
from messaging.inbox.receiving import TOPIC
from messaging.inbox.thread_list import waiting_count, with_names, with_team
from messaging.inbox.thread_rows import render_rows


@live.CARRIERS.register(TOPIC)
def carry(customer: int, rows: Collection[int]) -> str:
    """Nine queries at most, however many rows. A thread that is gone is said to be."""
    keys = list(rows)
    threads = list(with_team(Thread.objects.filter(customer=customer, pk__in=keys)))
    shown = with_names(Customer(pk=customer), threads)
    carried = {
        "customer": customer,
        "addresses": {thread.pk: thread.address for thread in threads},
        "rows": {row.thread.pk: render_rows([row]) for row in shown},
        "gone": [key for key in keys if key not in {thread.pk for thread in threads}],
        "reads": _reads(keys),
        "writing": _writing(keys),
        "waiting": waiting_count(customer),
    }
    return json.dumps(carried)


def _reads(keys: list[int]) -> dict[int, dict[int, int]]:
    """By thread and person."""
    reads: dict[int, dict[int, int]] = defaultdict(dict)
    for thread, user, up_to in ThreadRead.objects.filter(thread__in=keys).values_list(
        "thread", "user", "up_to"
    ):
        reads[thread][user] = up_to
    return reads


def _writing(keys: list[int]) -> dict[int, dict[int, str]]:
    """Their names, by thread and person; of each thread, so that who has stopped is known, too."""
    writing: dict[int, dict[int, str]] = {key: {} for key in keys}
    for each in presence.writing_in(keys):
        writing[each.thread_id][each.user_id] = str(each.user)
    return writing
