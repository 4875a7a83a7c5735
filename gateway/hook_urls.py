"""The addresses that SmartDialog calls. Where one is kept, in a frozen request, its secret is not in it."""

import re

from django.conf import settings

from gateway.models import HookSubscription
from gateway.reachability import is_reachable_from_outside

PLACEHOLDER = re.compile(r"(?<=/hooks/dlr/)hook:(\d+)(?=/)", re.ASCII)


def can_be_reached() -> bool:
    """Whether what SmartDialog sends can arrive; the sandbox stands beside us."""
    return settings.USES_SANDBOX or is_reachable_from_outside(settings.PUBLIC_URL)


def inbound_url(subscription: HookSubscription) -> str:
    return f"{settings.PUBLIC_URL}/hooks/inbound/{subscription.secret}/"


def stored_dlr_url(subscription: HookSubscription) -> str:
    """To be kept: the secret is put in by `with_secret`, for a call."""
    return f"{settings.PUBLIC_URL}/hooks/dlr/hook:{subscription.pk}/"


def with_secret(url: str) -> str:
    """As SmartDialog is to have it. Raises DecryptionFailed."""
    return PLACEHOLDER.sub(lambda kept: HookSubscription.objects.get(pk=kept[1]).secret, url, count=1)
