"""A client whose requests are real and go to a fake adapter, which answers as it is told."""

import io
import json
from collections.abc import Callable
from typing import Any

import requests
from requests.adapters import BaseAdapter
from requests.models import PreparedRequest, Response

from gateway.smartdialog.api import SmartDialog
from gateway.smartdialog.client import Client
from gateway.smartdialog.types import ContactFields, SmsMessage, TakenRecipient

Answering = Callable[[PreparedRequest], tuple[int, Any]]


class Pretend(BaseAdapter):
    def __init__(self, answer: Answering, headers: dict[str, str]) -> None:
        super().__init__()
        self.answer, self.headers, self.requests, self.sent_with = answer, headers, [], []

    def send(self, request, **kwargs):
        self.requests.append(request)
        self.sent_with.append(kwargs)
        status, body = self.answer(request)
        response = Response()
        response.status_code, response.request, response.url = status, request, request.url
        response.headers.update(self.headers)
        response.raw = io.BytesIO(body if isinstance(body, bytes) else json.dumps(body).encode())
        return response

    def close(self) -> None:
        pass


def smartdialog(status: int, body: Any, **headers: str) -> tuple[SmartDialog, Pretend]:
    session, adapter = requests.Session(), Pretend(lambda _: (status, body), headers)
    session.mount("http://", adapter)
    return SmartDialog(Client("token", session=session)), adapter


FIELDS = ContactFields(phone="+358401234567", active=False, first_name="Åsa", properties=[["Taso", "kulta"]])
SENT = {"MessageId": "m", "MessagePartCount": 1, "Recipients": [{"Address": "+358401234567", "Id": "r"}]}
SENT_CAMEL = {
    "messageId": "m",
    "messagePartCount": 1,
    "recipients": [{"address": "+358401234567", "id": "r"}],
}
SMS = SmsMessage(
    "Kahvila",
    "Hei $(firstName)",
    [TakenRecipient("+358401234567", {"firstName": "Åsa"})],
    request_id="q",
    ad_message=False,
)
