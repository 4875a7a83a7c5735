"""The badge beside "Inbox" in the rail of every page."""

from django.http import HttpRequest

from messaging.inbox.thread_list import waiting_count


def unanswered(request: HttpRequest) -> dict[str, int]:
    """How many threads wait for an answer."""
    customer = getattr(request, "customer", None)
    return {"unanswered": waiting_count(customer.pk) if customer else 0}
