"""What must be equal in every process, on whichever host: compared when one starts, and refused in words.

Of a key only a fingerprint is kept: by PBKDF2 with a salt of this installation.
"""

import hashlib
import logging
import secrets
import sys

from celery import signals
from django.conf import settings
from django.db import Error, connection
from django.utils import timezone

from gateway import schema_version
from gateway.models import InstallationFact

log = logging.getLogger(__name__)

ROUNDS = 100_000
KEYS = "TOKEN_ENCRYPTION_KEYS"
ON_PURPOSE = (
    "If it is meant to change: stop every process on every host, run .venv/bin/python manage.py "
    "accept_settings with the new value, and start them again."
)
THE_SAME = "Set it to what the other hosts have (bin/run keeps its own in DATA_DIR/secrets.env)."
WHAT_COMES_OF_IT = {
    "SECRET_KEY": "People would be signed out by each change of host.",
    "ERASURE_KEY": "Who was erased would not be recognised. Unless it is set, it is SECRET_KEY: when that is "
    "to change, set ERASURE_KEY to the former SECRET_KEY.",
}


def require_equal() -> None:
    """Ends this process, in words, where it differs. A database that is away is no reason not to start."""
    try:
        found = differences()
    except Error as error:
        log.warning("the database does not answer (%s): settings were not compared", type(error).__name__)
        return
    finally:
        connection.close()
    if found:
        sys.exit("\n- ".join(["This process was not started.", *found]))


@signals.worker_init.connect
@signals.beat_init.connect
def _as_it_starts(**kwargs: object) -> None:
    require_equal()


def differences() -> list[str]:
    """In words, with what to do; what is not known yet of this installation is written down."""
    if found := schema_version.differences():
        return found
    found = [words for words in (_of_version(), *map(_of_key, WHAT_COMES_OF_IT), _of_token_keys()) if words]
    return [*found, ON_PURPOSE] if found else []


def accept() -> list[str]:
    """What this process has is what holds from now on; what was changed."""
    salt = _fact("salt", secrets.token_hex(16))
    now = {name: _fingerprint(getattr(settings, name), salt) for name in WHAT_COMES_OF_IT}
    now |= {KEYS: " ".join(_of_list(salt)), "VERSION": settings.VERSION}
    return [name for name, value in now.items() if _fact(name, value) != value and _change(name, value)]


def _of_version() -> str:
    """A later version takes over; an earlier one does not begin beside it."""
    known = _fact("VERSION", settings.VERSION)
    if _as_numbers(settings.VERSION) < _as_numbers(known):
        return (
            f"This is version {settings.VERSION}, and this installation runs {known}. "
            f"Install {known} on this host."
        )
    if known != settings.VERSION:
        _change("VERSION", settings.VERSION)
    return ""


def _of_key(name: str) -> str:
    mine = _fingerprint(getattr(settings, name), _fact("salt", secrets.token_hex(16)))
    if mine == _fact(name, mine):
        return ""
    return f"{name} is not the one that this installation has. {WHAT_COMES_OF_IT[name]} {THE_SAME}"


def _of_token_keys() -> str:
    """Each must open what the others encrypt, with the first of theirs; then a new list may take over."""
    mine = _of_list(_fact("salt", secrets.token_hex(16)))
    known = _fact(KEYS, " ".join(mine)).split()
    if known[0] not in mine:
        return (
            f"{KEYS} lacks the key that this installation encrypts with: sign-ins to SmartDialog could not "
            f"be read. {THE_SAME}"
        )
    if mine[0] not in known:
        return (
            f"{KEYS} begins with a key that other processes may not have. Add a new key at the end of the "
            "list first, on every host, and start them again; then put it in front."
        )
    if mine != known:
        _change(KEYS, " ".join(mine))
    return ""


def _of_list(salt: str) -> list[str]:
    return [_fingerprint(key.strip(), salt) for key in settings.TOKEN_ENCRYPTION_KEYS]


def _fingerprint(key: str, salt: str) -> str:
    return hashlib.pbkdf2_hmac("sha256", key.encode(), salt.encode(), ROUNDS, 16).hex()


def _fact(name: str, first: str) -> str:
    """As it is known; `first` where it is not."""
    return InstallationFact.objects.get_or_create(name=name, defaults={"value": first})[0].value


def _change(name: str, value: str) -> int:
    return InstallationFact.objects.filter(name=name).update(value=value, at=timezone.now())


def _as_numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))
