"""Phone numbers as the platform reads them."""

from collections.abc import Iterable

import phonenumbers

from sandbox.api.calls import Call, Refusal

DEFAULT_REGION = "FI"
FORMATS = {
    "spaces": phonenumbers.PhoneNumberFormat.INTERNATIONAL,
    "national": phonenumbers.PhoneNumberFormat.NATIONAL,
}


def e164(text: str, *, regions: Iterable[str] = ()) -> str:
    """The number in E.164, read in the first region where it is valid; Refusal 400 when in none."""
    for region in tuple(regions) or (DEFAULT_REGION,):
        if region not in phonenumbers.SUPPORTED_REGIONS:
            raise Refusal(400, f"{region[:20]} is not a phone number region")
        try:
            number = phonenumbers.parse(text, region)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(number):
            return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    raise Refusal(400, f"{text[:40]} is not a valid phone number")


def spelled(call: Call, phone: str) -> str:
    """As the platform answers it; what is no number in E.164 as it is kept."""
    return in_spelling(phone, call.switches["answered_addresses"])


def in_spelling(phone: str, spelling: str) -> str:
    if not phone.startswith("+") or spelling == "plus":
        return phone
    if spelling in FORMATS:
        return phonenumbers.format_number(phonenumbers.parse(phone), FORMATS[spelling])
    return ("00" if spelling == "zeros" else "") + phone[1:]
