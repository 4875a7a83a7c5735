"""Programs that call the API, and what they usually say."""

import json
from typing import Any

from django.http import HttpResponse
from django.test import Client

from sandbox import switches
from sandbox.models import Person
from sandbox.oauth import tokens
from sandbox.oauth.clients import API_SCOPES
from sandbox.seed import customer_id, service_id

API = "/api-integrations/v1"
KAHVILA = str(customer_id(1))
MARKETING = str(service_id(1, 1))
CUSTOMER_SERVICE = str(service_id(1, 2))
INBOUND = str(service_id(1, 3))
GROUP = str(service_id(1, 11))
OUTSIDER = str(customer_id(3))


class Caller:
    """A program that holds a person's access token."""

    def __init__(self, username: str, scope: str = " ".join(API_SCOPES)) -> None:
        self.person = Person.objects.get(username=username)
        token = tokens.access_token(self.person, switches.current(), scope=scope, origin="http://testserver")
        self.client = Client(headers={"Authorization": f"Bearer {token}"})

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> HttpResponse:
        """Headers are keywords with _ for -; the path follows the API's base."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        data = "" if body is None else json.dumps(body)
        kind = "application/json"
        return self.client.generic(method, API + path, data, content_type=kind, headers=named)

    def send(self, **changes: Any) -> HttpResponse:
        body = sms(**changes)
        return self.call("POST", "/messages", body, Customer_Id=KAHVILA, Service_Id=MARKETING)

    def create_contact(self, phone: str, **fields: Any) -> HttpResponse:
        return self.call("POST", f"/groupcontact/{KAHVILA}/{GROUP}", {"phone": phone, **fields})


def sms(**changes: Any) -> dict[str, Any]:
    usual = {"Sender": "Aalto", "Content": "Hei", "Protocol": "SMS"}
    return usual | {"Recipients": [{"Address": "+358401234567"}]} | changes


def said(response: Any) -> str:
    return response.json()["errorMessage"]
