"""What must be equal in every process, on whichever host: compared when one starts, and refused in words.

Only a fingerprint of each is kept: by PBKDF2 with a salt of this installation. At which address people reach
it is no such setting: a copy at another one starts, and makes no calls (`sending_place.py`).
"""

import hashlib
import logging
import os
import secrets
import signal
import sys
import threading
import time

from celery import signals
from django.conf import settings
from django.db import Error, connection

from gateway import clock
from gateway.installation_checks import schema_version
from gateway.models import InstallationFact
from gateway.reachability import is_of_this_host

log = logging.getLogger(__name__)

ROUNDS = 100_000
AGAIN_AFTER = 0.5  # seconds between two looks at a database that is away
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
    "SMARTDIALOG_API_URL": "People and messages of one SmartDialog would be mixed with another's.",
    "UPLOADS_S3_BUCKET": "A file that one host keeps would not be found by another. With "
    "UPLOADS_S3_ENDPOINT it says where files lie.",
}
SANDBOX = "a sandbox"


def require_equal() -> None:
    """Ends this process, in words, where it differs. A database that is away is no reason not to start."""
    found = _compared()
    if found is None:
        log.warning("the database does not answer: settings are compared when it does")
        threading.Thread(target=_compare_later, name="comparing", daemon=True).start()
    elif found:
        sys.exit(_in_words("This process was not started.", found))


def _compare_later() -> None:
    while (found := _compared()) is None:
        time.sleep(AGAIN_AFTER)
    if found:
        log.critical(_in_words("This process ends.", found))
        os.kill(os.getpid(), signal.SIGTERM)  # what it has begun is finished; started again, it says why


def _compared() -> list[str] | None:
    """What differs; None while the database does not answer."""
    try:
        return differences()
    except Error:
        return None
    finally:
        connection.close()


def _in_words(what: str, found: list[str]) -> str:
    return "\n- ".join([what, *found])


@signals.worker_init.connect
@signals.beat_init.connect
def _as_it_starts(**kwargs: object) -> None:
    require_equal()


def differences() -> list[str]:
    """In words, with what to do; what is not known yet of this installation is written down."""
    if found := schema_version.differences():
        return found
    found = [
        words for words in (_of_version(), *map(_of_setting, WHAT_COMES_OF_IT), _of_token_keys()) if words
    ]
    return [*found, ON_PURPOSE] if found else []


def accept() -> list[str]:
    """What this process has is what holds from now on; what was changed."""
    salt = _fact("salt", secrets.token_hex(16))
    now = {name: _fingerprint(_mine(name), salt) for name in WHAT_COMES_OF_IT}
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


def _of_setting(name: str) -> str:
    mine = _fingerprint(_mine(name), _fact("salt", secrets.token_hex(16)))
    if mine == _fact(name, mine):
        return ""
    return f"{name} is not the one that this installation has. {WHAT_COMES_OF_IT[name]} {THE_SAME}"


def _mine(name: str) -> str:
    """All sandboxes are one, whatever port they listen at: each holds nothing but what it was told."""
    if name == "UPLOADS_S3_BUCKET":
        return f"{settings.UPLOADS_S3_BUCKET} {settings.UPLOADS_S3_ENDPOINT}".strip()
    value = str(getattr(settings, name))
    is_here = name == "SMARTDIALOG_API_URL" and (settings.USES_SANDBOX or is_of_this_host(value))
    return SANDBOX if is_here else value


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
    return InstallationFact.objects.filter(name=name).update(value=value, at=clock.now())


def _as_numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))
