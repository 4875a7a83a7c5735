"""What every page shows or does of the inbox: the badge in the rail, and how its person hears of messages."""

from typing import Any

from django.db.models import Subquery
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from messaging.inbox.models import Message, NotificationSettings
from messaging.inbox.thread_list import waiting_count


def unanswered(request: HttpRequest) -> dict[str, int]:
    """How many threads wait for an answer."""
    customer = getattr(request, "customer", None)
    return {"unanswered": waiting_count(customer.pk) if customer else 0}


def notifications(request: HttpRequest) -> dict[str, Any]:
    """What they chose to hear, with the `newest` message that there is; one query, where a page asks."""
    user = getattr(request, "user", None)
    newest = Message.objects.order_by("-pk").values("pk")[:1]
    own = NotificationSettings.objects.filter(user=user and user.pk).annotate(newest=Subquery(newest))
    return {"notifications": SimpleLazyObject(own.first)}
