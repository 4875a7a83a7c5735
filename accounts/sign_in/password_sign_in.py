"""Signing in with a password: counted before it is hashed, and told to the audit trail with the address.

Of an account and an address few tries are let through; of an address, over all accounts, some more. While an
account is guessed at from many addresses, each gets still fewer, but a new one always gets some: whoever
guesses cannot keep the right person out. A browser in which the person has been signed in is counted apart,
so a neighbour behind the same address cannot either.
"""

import logging
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth import authenticate
from django.http import HttpRequest

from accounts.models import User
from accounts.people import names
from accounts.sign_in import limits, sessions
from accounts.sign_in.client_address import client_address, client_site
from accounts.sign_in.limits import Limit, TryCount
from accounts.trail import audit

log = logging.getLogger(__name__)

QUARTER = 15 * 60  # seconds
PER_PLACE = Limit("password of an account from a place", 5, QUARTER)
PER_PLACE_WHEN_GUESSED_AT = Limit("password of a guessed account from a place", 2, QUARTER)
PER_ACCOUNT = Limit("password of an account", 1_000_000, 4 * QUARTER)  # it refuses nobody: it is looked at
GUESSED_AT = 20  # failures of an account, wherever from, in that time
PER_ADDRESS = Limit("passwords from an address", 30, QUARTER)


@dataclass(frozen=True)
class _Counts:
    place: TryCount
    account: TryCount
    address: TryCount | None

    @property
    def all(self) -> list[TryCount]:
        return [each for each in (self.place, self.account, self.address) if each]


def is_offered() -> bool:
    """Unless it is switched off; it cannot be while no admin could sign in with SmartDialog."""
    return settings.PASSWORD_SIGN_IN or not User.objects.admins().exclude(subject=None).exists()


def check(request: HttpRequest, *, username: str, password: str) -> User | None:
    """The person whose password it is. Raises TooManyTries, and then nothing has been hashed."""
    known = User.objects.filter(username=username).first()
    counts = _counts(request, username, known)
    limits.take(counts.all)
    user = authenticate(request, username=username, password=password)
    if not isinstance(user, User):
        record_failure(request, known, was_last=limits.is_full(counts.place))
        return None
    limits.forget(counts.place)
    limits.give_back([counts.account, *([counts.address] if counts.address else [])])
    return user


def record_failure(
    request: HttpRequest, user: User | None, *, was_last: bool, what: str = "password"
) -> None:
    """Who tried a name that nobody has may have typed a password there: that is not written down."""
    address = client_address(request)
    if user is None:
        log.warning("sign-in failed: no such account, from %s", address)
        return
    verb = "sign_in.limited" if was_last else "sign_in.failed"
    told = {"address": address, "wrong": what}
    audit.record(actor=None, customer=None, verb=verb, subject=user, after=told)


def _counts(request: HttpRequest, username: str, known: User | None) -> _Counts:
    who = names.skeleton(username) or username
    account = PER_ACCOUNT.of(who)
    if known and sessions.last_user_id(request) == known.pk:
        return _Counts(PER_PLACE.of(who, "a browser of theirs"), account, None)
    site = client_site(request)
    of_place = PER_PLACE_WHEN_GUESSED_AT if limits.counted(account) >= GUESSED_AT else PER_PLACE
    return _Counts(of_place.of(who, site), account, PER_ADDRESS.of(site))
