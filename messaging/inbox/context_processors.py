"""The unread badge beside "Inbox" in the rail of every page."""

from django.http import HttpRequest

from messaging.inbox.models import Thread


def unread(request: HttpRequest) -> dict[str, int]:
    customer = getattr(request, "customer", None)
    return {"unread": Thread.objects.of_customer(customer).waiting().count() if customer else 0}
