"""Which installation makes the calls: a copy of its database, at another address, makes none until told to.

Else what waits would leave from both: people would get it twice, and each would use up the sign-ins of the
other. At the sandbox there is nobody to be spared.
"""

from functools import partial

from django.conf import settings
from django.core.cache import cache
from django.db import transaction

from accounts import audit
from accounts.models import User
from gateway import clock
from gateway.models import InstallationFact

_NAME = "sends at"  # a PUBLIC_URL
_SHOWN_FOR = 10  # seconds


def is_here() -> bool:
    return not elsewhere()


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


def _shown() -> str:
    return f"gateway.elsewhere.{settings.PUBLIC_URL}"


@transaction.atomic
def send_here(*, by: User) -> bool:
    """From now on this one sends; False where it does already."""
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
