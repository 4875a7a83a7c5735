"""What the sign-in service's errors mean: a setting of ours is wrong, a grant is dead, or neither."""

import re
import shlex
from collections.abc import Iterable

from django.conf import settings

# Azure AD B2C's own codes (AADB2C…), and those of the Azure AD below it (AADSTS…).
CODE = re.compile(r"AAD(?:B2C|STS)\d{4,8}", re.ASCII)
_SETTINGS = {
    "PUBLIC_URL": "AADB2C90006 AADSTS50011",
    "SMARTDIALOG_CLIENT_ID": "AADB2C90008 AADB2C90018 AADSTS700016 unauthorized_client",
    "SMARTDIALOG_CLIENT_SECRET": (
        "AADB2C90079 AADB2C90081 AADB2C90084 AADSTS7000215 AADSTS7000218 AADSTS7000222 invalid_client"
    ),
    "SMARTDIALOG_SCOPES": (
        "AADB2C90010 AADB2C90012 AADB2C90055 AADB2C90117 AADB2C90146 AADSTS70011 AADSTS650053 invalid_scope"
    ),
}
SETTING_OF = {code: name for name, codes in _SETTINGS.items() for code in codes.split()}
GRANT_IS_DEAD = {
    *("invalid_grant", "interaction_required", "login_required", "consent_required", "access_denied"),
    *("AADB2C90080", "AADB2C90085", "AADB2C90088", "AADB2C90128", "AADB2C90129"),
}
# Of a request that would be the same the next time.
LASTING = {"invalid_request", "unsupported_response_type", "unsupported_grant_type"}
# What we say of an answer, and SmartDialog does not.
CLOCK, NOT_OURS, NOBODY_NAMED = "clock", "id-token", "no-identity"
OUR_CODES = {CLOCK, NOT_OURS, NOBODY_NAMED}
CANCELLED, FORGOT_PASSWORD = "AADB2C90091", "AADB2C90118"

WORDS = {
    "PUBLIC_URL": (
        "SmartDialog does not know this dashboard’s address of return. Ask Arena to register the one below, "
        "or correct PUBLIC_URL, the address of this dashboard."
    ),
    "SMARTDIALOG_CLIENT_ID": "SmartDialog does not know this client id. Compare it with what Arena gave you.",
    "SMARTDIALOG_CLIENT_SECRET": (
        "SmartDialog does not take this client secret: it is wrong, or has expired. Ask Arena for a new one."
    ),
    "SMARTDIALOG_SCOPES": (
        "SmartDialog does not offer one of the scopes that this dashboard asks for. Ask Arena which it has."
    ),
    "SMARTDIALOG_TOKEN_URL": "There is no sign-in service at this address that gives tokens.",
    "SMARTDIALOG_ISSUER": (
        "The identity comes from a service of another name. If Arena confirms that name, set it as below."
    ),
    "SMARTDIALOG_USERINFO_URL": (
        "SmartDialog’s answer does not say who signed in. Ask Arena to include the claim oid or sub, or for "
        "the address of its userinfo endpoint, and set that."
    ),
}


def mending_line(name: str, value: str = "") -> str:
    """The line of the environment to write or correct; a secret is never shown."""
    if name == "SMARTDIALOG_CLIENT_SECRET":
        return f"{name}=…"
    return f"{name}={shlex.quote(value or _present(name) or '…')}"


def line_with_scopes(*more: str) -> str:
    """The scopes that are asked for now, with these in front."""
    wanted = [*more, *(scope for scope in settings.SMARTDIALOG_SCOPES if scope not in more)]
    return mending_line("SMARTDIALOG_SCOPES", " ".join(wanted))


def setting_of(codes: Iterable[str]) -> str:
    """The setting that the first known of these codes speaks of, or nothing."""
    return next((SETTING_OF[code] for code in codes if code in SETTING_OF), "")


def _present(name: str) -> str:
    value = getattr(settings, name, "")
    return " ".join(value) if isinstance(value, list) else str(value)
