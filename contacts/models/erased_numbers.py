"""The suppression list of erased people, pseudonymised: a keyed hash (HMAC) of customer and number."""

import hmac
from collections import defaultdict
from collections.abc import Collection, Iterable

from django.conf import settings

from accounts.models import Customer
from contacts.models import Erasure
from contacts.text.phones import spellings

_CHUNK = 500


def await_erasures(customers: Iterable[Customer]) -> None:
    """In a transaction: each erasure under way there is committed, and none begins before this one ends."""
    keys = [customer.pk for customer in customers]
    locked = Customer.objects.select_for_update(no_key=True).filter(pk__in=keys)
    list(locked.order_by("pk").values_list("pk"))


def digest_of(customer: Customer, phone: str) -> str:
    """Of a number in E.164. Without settings.ERASURE_KEY nobody can find the number by trying them all."""
    message = f"{customer.remote_id}:{phone}".encode()
    return hmac.new(settings.ERASURE_KEY.encode(), message, "sha256").hexdigest()


def erased_among(customer: Customer, phones: Collection[str]) -> set[str]:
    """Those of the numbers (E.164) that are not to come back, in whatever spelling they were erased.

    One query while the customer has none.
    """
    erased = Erasure.objects.filter(customer=customer).in_force()
    if not erased.exists():
        return set()
    by_digest: dict[str, list[str]] = defaultdict(list)
    for phone in phones:
        for way in spellings(phone):
            by_digest[digest_of(customer, way)].append(phone)
    digests = list(by_digest)
    found: set[str] = set()
    for start in range(0, len(digests), _CHUNK):
        some = erased.filter(digest__in=digests[start : start + _CHUNK])
        for digest in some.values_list("digest", flat=True):
            found.update(by_digest[digest])
    return found
