"""The one application that is registered here, and what it may ask for."""

import re

from sandbox.api.operations import SCOPES

CLIENT_ID = "smartdialog-admin"
CLIENT_SECRET = "sandbox-secret"  # noqa: S105  guards made-up data only
REDIRECT_URI = re.compile(r"https?://(127\.0\.0\.1|localhost):\d{1,5}/oauth/callback/")

POLICY = "B2C_1A_SmartDialog_Integrations"
TENANT_ID = "7a3f0c52-5b1e-4d0a-9f3c-2f6a1c0e8d11"
AUDIENCE = "c0de5a4d-b0c5-4f6e-8a5e-6d1a10900001"
SCOPE_PREFIX = "https://arenafi.onmicrosoft.com/smartdialog-integrations-api/"

API_SCOPES = tuple(SCOPE_PREFIX + name for name in SCOPES)
SIGN_IN_SCOPES = ("offline_access", "openid", "profile")


def short_scopes(scope: str) -> list[str]:
    """The API's scopes of a scope string, without their prefix."""
    return [part.removeprefix(SCOPE_PREFIX) for part in scope.split() if part.startswith(SCOPE_PREFIX)]
