"""Where people are written to: an address counts once somebody who reads its mail has confirmed it."""

from datetime import timedelta
from urllib.parse import urlencode

from django.core import signing
from django.urls import reverse

from accounts.models import User
from gateway import clock
from messaging.inbox.models import NotificationSettings

SALT = "inbox.notifications.address"
VALID = timedelta(days=3)


def confirming_path(settings: NotificationSettings) -> str:
    """The page that asks, with a token for this person and this address alone."""
    token = signing.dumps([settings.user_id, settings.address], salt=SALT)
    return f"{reverse('inbox:notifications')}?{urlencode({'token': token})}"


def confirm(user: User, token: str) -> bool:
    """False for a token that is old, another's, or of an address that they have changed since."""
    try:
        pk, address = signing.loads(token, salt=SALT, max_age=VALID)
    except (signing.BadSignature, ValueError):
        return False
    theirs = NotificationSettings.objects.filter(user=user, address=address)
    return pk == user.pk and bool(theirs.update(confirmed_at=clock.now()))
