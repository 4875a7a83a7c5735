"""Which installation makes the calls: a copy of its database, at another address, makes none until told to.

Nor does one whose database is a restored backup (`restored.py`).

Else what waits would leave from both: people would get it twice, and each would use up the sign-ins of the
other. At the sandbox there is nobody to be spared.
"""

from functools import partial

from django.conf import settings
from django.core.cache import cache
from django.db import transaction

from accounts.models import User
from accounts.trail import audit
from gateway import clock
from gateway.installation_checks import restored
from gateway.models import InstallationFact

_NAME = "sends at"  # a PUBLIC_URL
_SHOWN_FOR = 10  # seconds
_SHOWN_RESTORED = "gateway.installation_checks.restored"


def is_here() -> bool:
    return settings.USES_SANDBOX or not (elsewhere() or restored.has_gone_back())


def elsewhere() -> str:
    """The address of the one that sends, if it is not this one; the first that asks is it."""
    if settings.USES_SANDBOX:
        return ""
    here: str = settings.PUBLIC_URL
    known = InstallationFact.objects.get_or_create(name=_NAME, defaults={"value": here})[0].value
    return "" if known == here else known


def shown_elsewhere() -> str:
    """For pages, as it was some seconds ago at the most: each of them asks."""
    return str(cache.get_or_set(_shown(), elsewhere, _SHOWN_FOR))


def shown_restored() -> bool:
    """The same of a restored backup."""
    if settings.USES_SANDBOX:
        return False
    return bool(cache.get_or_set(_SHOWN_RESTORED, restored.holds_calls, _SHOWN_FOR))


def _shown() -> str:
    return f"gateway.elsewhere.{settings.PUBLIC_URL}"


@transaction.atomic
def send_here(*, by: User) -> bool:
    """From now on this one sends, also what it was restored with; False where it does already."""
    is_moved, is_let_go = _move(by), restored.let_go()
    if is_let_go:
        transaction.on_commit(partial(cache.delete, _SHOWN_RESTORED))
        audit.record(actor=by, customer=None, verb="installation.restored", subject="installation")
    return is_moved or is_let_go


def _move(by: User) -> bool:
    former = elsewhere()
    known = InstallationFact.objects.filter(name=_NAME, value=former)
    if not known.update(value=settings.PUBLIC_URL, at=clock.now()):
        return False
    transaction.on_commit(partial(cache.delete, _shown()))
    before, after = {"address": former}, {"address": settings.PUBLIC_URL}
    audit.record(
        actor=by, customer=None, verb="installation.moved", subject="installation", before=before, after=after
    )
    return True
