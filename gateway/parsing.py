"""From the platform's JSON to our types, accepting only the casing each operation declares."""

from collections.abc import Callable
from typing import Any, TypeVar

from gateway import types
from gateway.errors import UnexpectedResponse

T = TypeVar("T")
_INT32 = range(-(2**31), 2**31)


def parse(parser: Callable[[Any], T], data: Any) -> T:
    """`parser` applied; a body of another shape is an UnexpectedResponse."""
    try:
        return parser(data)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise UnexpectedResponse(f"unexpected shape: {error!r}", body=repr(data)[:500]) from error


def sent_pascal(data: Any) -> types.Sent:
    """Answers of SendMessage and both replies."""
    return types.Sent(
        message_id=_text(data["MessageId"]),
        parts=_maybe_number(data.get("MessagePartCount")),
        recipients=[
            types.SentRecipient(_text(each["Address"]), _maybe_text(each.get("Id")))
            for each in _list(data["Recipients"])
        ],
        thread_id=_maybe_text(data.get("ThreadId")),
    )


def sent_camel(data: Any) -> types.Sent:
    """The answer of SendWhatsappTemplateMessage."""
    return types.Sent(
        message_id=_text(data["messageId"]),
        parts=_maybe_number(data.get("messagePartCount")),
        recipients=[
            types.SentRecipient(_text(each["address"]), _maybe_text(each.get("id")))
            for each in _list(data["recipients"])
        ],
    )


def customers(data: Any) -> list[types.RemoteCustomer]:
    return [
        types.RemoteCustomer(
            _text(each["customerId"]), _maybe_text(each.get("customerName")) or each["customerId"]
        )
        for each in _list(data["customerUsers"])
    ]


def services(data: Any) -> list[types.RemoteService]:
    return [
        types.RemoteService(_text(each["id"]), _maybe_text(each.get("name")) or each["id"])
        for each in _list(data)
    ]


def templates(data: Any) -> list[types.RemoteTemplate]:
    return [
        types.RemoteTemplate(
            id=_text(each["id"]),
            display_name=_maybe_text(each.get("displayName")),
            raw_content=_maybe_text((each.get("extensionParameters") or {}).get("rawContent")),
        )
        for each in _list(data)
    ]


def identities(data: Any) -> list[str]:
    return [_text(each["inputSource"]["address"]) for each in _list(data)]


def regions(data: Any) -> list[types.PhoneRegion]:
    return [
        types.PhoneRegion(_text(each["value"]), _maybe_text(each.get("name")) or each["value"])
        for each in _list(data)
    ]


def texts(data: Any) -> list[str]:
    return [_text(each) for each in _list(data)]


def contact(data: Any) -> types.RemoteContact:
    return types.RemoteContact(
        phone=_text(data["phone"]),
        email=_maybe_text(data.get("email")),
        first_name=_maybe_text(data.get("firstName")),
        last_name=_maybe_text(data.get("lastName")),
        gender=_maybe_text(data.get("gender")),
        birth_year=_maybe_number(data.get("birthYear")),
        street_address=_maybe_text(data.get("streetAddress")),
        zip_code=_maybe_text(data.get("zipCode")),
        city=_maybe_text(data.get("city")),
        country_code=_maybe_text(data.get("countryCode")),
        failed_messages=_maybe_number(data.get("failedMessages")),
        properties=[
            (_text(each["name"]), _maybe_text(each.get("value")))
            for each in _list(data.get("customContactProperties") or [])
        ],
        active=None if data.get("active") is None else boolean(data["active"]),
    )


def boolean(data: Any) -> bool:
    if not isinstance(data, bool):
        raise TypeError(f"a boolean was promised, {type(data).__name__} came")
    return data


def text(data: Any) -> str:
    return _text(data)


def _text(value: Any) -> str:
    if not value:
        raise TypeError(f"a text was promised, {value!r} came")
    return _maybe_text(value)


def _maybe_text(value: Any) -> str:
    """Empty when it was left out. Half a character and NUL are refused: no database can keep them."""
    if value is None:
        return ""
    if not isinstance(value, str) or "\0" in value:
        raise TypeError(f"a text was promised, {value!r} came")
    value.encode()
    return value


def _maybe_number(value: Any) -> int | None:
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or value not in _INT32:
        raise TypeError(f"a whole number was promised, {value!r} came")
    return value


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise TypeError(f"a list was promised, {type(value).__name__} came")
    return value
