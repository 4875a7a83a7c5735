"""What there is to tell a person's open tabs of, where the stream has not told it thread by thread."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Max

from accounts.models import Customer, User
from messaging.inbox.models import Mention, Message, Thread
from messaging.inbox.threads.thread_list import waiting_count


def news_of(user: User, customers: Iterable[Customer], *, message: int, mention: int) -> dict[str, Any]:
    """Since the newest `message` and `mention` that they heard of. For each customer how many wait, and in
    words what is for them. Four queries, and one a customer.
    """
    waiting = Thread.objects.visible_to(user).waiting().filter(newest_received__gt=message)
    written = _customers((waiting.assigned_to(user.pk) | waiting.unassigned()).values_list("customer"))
    unseen = Mention.objects.visible_to(user).filter(user=user, seen_at=None, pk__gt=mention)
    mentioned = _customers(unseen.values_list("note__thread__customer"))
    words = dict.fromkeys(written, "New message") | dict.fromkeys(mentioned, "You were mentioned")
    return {
        "newest": Message.objects.aggregate(last=Max("pk"))["last"] or 0,
        "mention": Mention.objects.aggregate(last=Max("pk"))["last"] or 0,
        "customers": [
            {"customer": each.pk, "waiting": waiting_count(each.pk), "words": words.get(each.pk, "")}
            for each in customers
        ],
    }


def _customers(keys: Any) -> set[int]:
    return {key for (key,) in keys.order_by().distinct()}
