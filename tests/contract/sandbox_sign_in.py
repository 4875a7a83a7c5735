"""Signing in at the sandbox without a browser, with the dashboard's own OAuth client."""

import base64
import hashlib
import secrets
from urllib.parse import parse_qs, urlsplit

import requests
from django.conf import settings

from gateway.sign_in import oauth
from gateway.sign_in.oauth import Tokens
from tests.sandbox_process import POLICY, Sandbox


def point_at(sandbox: Sandbox, *, api_url: str = "") -> None:
    """Have the gateway talk to this sandbox, to its API by another address where one is given."""
    settings.SMARTDIALOG_API_URL = api_url or sandbox.api_url
    settings.SMARTDIALOG_AUTHORIZE_URL = f"{sandbox.url}/{POLICY}/authorize"
    settings.SMARTDIALOG_TOKEN_URL = f"{sandbox.url}/{POLICY}/token"


def sign_in(person: str, *, without: str = "") -> Tokens:
    """Tokens of a demo person, who may grant every scope but the one whose name is given."""
    verifier = secrets.token_urlsafe(32)
    digest = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest())
    address = oauth.authorize_url(state="tour", challenge=digest.rstrip(b"=").decode(), nonce="tour")
    granted = [scope for scope in settings.SMARTDIALOG_SCOPES if not (without and scope.endswith(without))]
    form = {"person": person, "password": "sandbox", "choose": "1", "grant": granted}
    back = requests.post(address, data=form, allow_redirects=False, timeout=10).headers["Location"]
    return oauth.exchange_code(parse_qs(urlsplit(back).query)["code"][0], verifier=verifier)
