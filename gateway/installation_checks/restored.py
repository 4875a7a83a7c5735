"""Whether the database went back in time, as a restored backup does: then no call is made until told to.

Else what was made since the backup would be made again, and what was cancelled since would leave. Each host
notes the time of its last look in the database and then in a file of its own, which so is never ahead by
itself: where it is, the database has lost what came between. Other hosts have files of their own.
"""

import os
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from django.conf import settings
from django.db import transaction

from gateway import clock
from gateway.models import InstallationFact

_HELD = "calls are held"  # a fact: YES until a person decides; `at`: when they did
YES, NO = "yes", "no"
NEVER = datetime(1970, 1, 1, tzinfo=UTC)


def holds_calls() -> bool:
    """As far as is known."""
    return InstallationFact.objects.filter(name=_HELD, value=YES).exists()


def has_gone_back() -> bool:
    """Looks at the file of this host, too; what it finds holds for all hosts."""
    if holds_calls():
        return True
    if not _is_file_ahead():
        return False
    hold_calls()
    return True


def note() -> None:
    """This host looks now."""
    if settings.USES_SANDBOX or has_gone_back():
        return
    host, _ = _read() or (uuid4().hex, 0)
    with transaction.atomic():
        facts = InstallationFact.objects.select_for_update()
        known = facts.get_or_create(name=_name_of(host), defaults={"value": "0"})[0]
        seconds = max(int(known.value), int(clock.now().timestamp()))
        facts.filter(pk=known.pk).update(value=str(seconds), at=clock.now())
    _write(host, seconds)


def hold_calls() -> None:
    InstallationFact.objects.update_or_create(name=_HELD, defaults={"value": YES})


def let_go() -> bool:
    """A person says that calls are made again, whatever the files of other hosts tell of before."""
    held = InstallationFact.objects.filter(name=_HELD, value=YES)
    return bool(held.update(value=NO, at=clock.now()))


def _is_file_ahead() -> bool:
    """Of what the database knows of this host, and of what a person has decided since."""
    found = _read()
    if found is None:
        return False
    host, seconds = found
    known = InstallationFact.objects.filter(name=_name_of(host)).first()
    decided = InstallationFact.objects.filter(name=_HELD, value=NO).first()
    decided_at = decided.at if decided else NEVER
    return seconds > max(int(known.value) if known else 0, decided_at.timestamp())


def _name_of(host: str) -> str:
    return f"seen by {host}"


def _file() -> Path:
    return Path(settings.DATA_DIR) / "last-look"


def _read() -> tuple[str, int] | None:
    """This host's name, and what it noted last."""
    if not _file().exists():
        return None
    host, seconds = _file().read_text().split()
    return host, int(seconds)


def _write(host: str, seconds: int) -> None:
    """At once, so that no reader sees half of it."""
    new = _file().with_name(f"last-look.{os.getpid()}")
    new.write_text(f"{host} {seconds}\n")
    new.replace(_file())
