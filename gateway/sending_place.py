"""Which installation makes the calls: a copy of its database, at another address, makes none until told to.

Else what waits would leave from both: people would get it twice, and each would use up the sign-ins of the
other. At the sandbox there is nobody to be spared.
"""

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.models import User
from gateway.models import InstallationFact

_NAME = "sends at"  # a PUBLIC_URL


def is_here() -> bool:
    return not elsewhere()


def elsewhere() -> str:
    """The address of the one that sends, if it is not this one; the first that asks is it."""
    if settings.USES_SANDBOX:
        return ""
    here: str = settings.PUBLIC_URL
    known = InstallationFact.objects.get_or_create(name=_NAME, defaults={"value": here})[0].value
    return "" if known == here else known


@transaction.atomic
def send_here(*, by: User) -> bool:
    """From now on this one sends; False where it does already."""
    former = elsewhere()
    known = InstallationFact.objects.filter(name=_NAME, value=former)
    if not known.update(value=settings.PUBLIC_URL, at=timezone.now()):
        return False
    before, after = {"address": former}, {"address": settings.PUBLIC_URL}
    audit.record(
        actor=by, customer=None, verb="installation.moved", subject="installation", before=before, after=after
    )
    return True
