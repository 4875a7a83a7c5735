"""From the platform's JSON to our types, accepting only the casing each operation declares."""

from collections.abc import Callable
from typing import Any, TypeVar

from gateway.errors import Misunderstood
from gateway.types import (
    PhoneRegion,
    RemoteContact,
    RemoteCustomer,
    RemoteService,
    RemoteTemplate,
    Sent,
    SentRecipient,
)

T = TypeVar("T")


def parse(parser: Callable[[Any], T], data: Any) -> T:
    """`parser` applied; a body of another shape is Misunderstood."""
    try:
        return parser(data)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise Misunderstood(f"unexpected shape: {error!r}", body=repr(data)[:500]) from error


def sent_pascal(data: Any) -> Sent:
    """Answers of SendMessage and both replies."""
    return Sent(
        message_id=_text(data["MessageId"]),
        parts=data.get("MessagePartCount"),
        recipients=[
            SentRecipient(_text(each["Address"]), each.get("Id") or "") for each in data["Recipients"]
        ],
        thread_id=data.get("ThreadId") or "",
    )


def sent_camel(data: Any) -> Sent:
    """The answer of SendWhatsappTemplateMessage."""
    return Sent(
        message_id=_text(data["messageId"]),
        parts=data.get("messagePartCount"),
        recipients=[
            SentRecipient(_text(each["address"]), each.get("id") or "") for each in data["recipients"]
        ],
    )


def customers(data: Any) -> list[RemoteCustomer]:
    return [
        RemoteCustomer(_text(each["customerId"]), each.get("customerName") or each["customerId"])
        for each in data["customerUsers"]
    ]


def services(data: Any) -> list[RemoteService]:
    return [RemoteService(_text(each["id"]), each.get("name") or each["id"]) for each in _list(data)]


def templates(data: Any) -> list[RemoteTemplate]:
    return [
        RemoteTemplate(
            id=_text(each["id"]),
            display_name=each.get("displayName") or "",
            raw_content=(each.get("extensionParameters") or {}).get("rawContent") or "",
        )
        for each in _list(data)
    ]


def identities(data: Any) -> list[str]:
    return [_text(each["inputSource"]["address"]) for each in _list(data)]


def regions(data: Any) -> list[PhoneRegion]:
    return [PhoneRegion(_text(each["value"]), each.get("name") or each["value"]) for each in _list(data)]


def texts(data: Any) -> list[str]:
    return [_text(each) for each in _list(data)]


def contact(data: Any) -> RemoteContact:
    return RemoteContact(
        phone=_text(data["phone"]),
        email=data.get("email") or "",
        first_name=data.get("firstName") or "",
        last_name=data.get("lastName") or "",
        gender=data.get("gender") or "",
        birth_year=data.get("birthYear"),
        street_address=data.get("streetAddress") or "",
        zip_code=data.get("zipCode") or "",
        city=data.get("city") or "",
        country_code=data.get("countryCode") or "",
        failed_messages=data.get("failedMessages"),
        properties=[
            (each["name"], each.get("value") or "") for each in data.get("customContactProperties") or []
        ],
    )


def boolean(data: Any) -> bool:
    if not isinstance(data, bool):
        raise TypeError(f"a boolean was promised, {type(data).__name__} came")
    return data


def text(data: Any) -> str:
    return _text(data)


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise TypeError(f"a text was promised, {value!r} came")
    return value


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise TypeError(f"a list was promised, {type(value).__name__} came")
    return value
