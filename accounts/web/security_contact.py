"""The words of /.well-known/security.txt (RFC 9116)."""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone

GOOD_FOR = timedelta(days=180)  # less than a year, as the RFC asks


def text() -> str:
    """Empty where no contact is set."""
    contact = settings.SECURITY_CONTACT
    if not contact:
        return ""
    address = contact if ":" in contact else f"mailto:{contact}"
    expires = (timezone.now() + GOOD_FOR).strftime("%Y-%m-%dT00:00:00Z")
    here = f"{settings.PUBLIC_URL}/.well-known/security.txt"
    return f"Contact: {address}\nExpires: {expires}\nPreferred-Languages: en, fi\nCanonical: {here}\n"
