"""The request as the middleware makes it."""

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from accounts.models import Customer, User


class AnyRequest(HttpRequest):
    """Of anybody, signed in or not.

    `customers`: whom the person reaches; `customer`: the one they work for now, None while they reach none.
    """

    user: User | AnonymousUser
    customers: list[Customer]
    customer: Customer | None
    htmx: HtmxDetails


class Request(AnyRequest):
    """What every view behind the sign-in may rely on."""

    user: User
