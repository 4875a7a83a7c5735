"""Errors as Azure AD B2C words them: a code, a correlation id and a time."""

from uuid import uuid4

from django.utils import timezone

TEXTS = {
    "AADB2C90006": "The redirect URI provided in the request is not registered for the client id.",
    "AADB2C90008": "The request does not contain a client id parameter.",
    "AADB2C90018": "The client id specified in the request is not registered in the tenant.",
    "AADB2C90012": "The scope provided in the request is not supported.",
    "AADB2C90117": "The scope provided in the request is not supported.",
    "AADB2C90055": "The scope provided in the request must specify a resource.",
    "AADB2C90079": "Clients must send a client_secret when redeeming a confidential grant.",
    "AADB2C90080": "The provided grant has expired. Please re-authenticate and try again.",
    "AADB2C90081": "The specified client_secret does not match the expected value for this client. "
    "Please correct the client_secret and try again.",
    "AADB2C90083": "The request is missing required parameter.",
    "AADB2C90086": "The supplied grant_type is not supported.",
    "AADB2C90088": "The provided grant has not been issued for this endpoint.",
    "AADB2C90090": "The provided authorization code is not valid or was used before.",
    "AADB2C90091": "The user has cancelled entering self-asserted information.",
    "AADB2C90118": "The user has forgotten their password.",
    "AADB2C90129": "The provided grant has been revoked. Please re-authenticate and try again.",
    "AADB2C90182": "The supplied code_verifier is not valid.",
    "AADB2C90183": "The supplied code_verifier does not match the code_challenge.",
    "AADB2C90184": "The supplied code_challenge_method is not supported.",
    "AADB2C99059": "The supplied request must present a code_challenge.",
}


class OAuthError(Exception):
    """`error` is the OAuth word, `code` tells B2C's own reason."""

    def __init__(self, error: str, code: str) -> None:
        super().__init__(f"{error} {code}")
        self.error = error
        self.code = code

    @property
    def description(self) -> str:
        moment = timezone.now().strftime("%Y-%m-%d %H:%M:%SZ")
        return f"{self.code}: {TEXTS[self.code]}\r\nCorrelation ID: {uuid4()}\r\nTimestamp: {moment}\r\n"

    def as_json(self) -> dict[str, str]:
        return {"error": self.error, "error_description": self.description}
