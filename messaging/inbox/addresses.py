"""Normalise a sender's address: two spellings of a number would be two threads."""

from contacts.text.phones import InvalidPhone, to_e164
from gateway.models import Service


def normalize_address(sender: str, service: Service) -> str:
    """E.164 for a phone number, however the platform wrote it; a short number or a name stays as it came."""
    written = sender.strip()[:50]
    digits = "".join(written.split())
    for candidate in (written, f"+{digits}") if digits.isdecimal() else (written,):
        try:
            return to_e164(candidate, service.regions)
        except InvalidPhone:
            continue
    return written
