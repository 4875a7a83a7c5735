"""From the platform's JSON to our types, accepting only the casing each operation declares.

Of what a customer has, one entry that cannot be kept is left out and logged, so that the others are not lost.
"""

import logging
import re
import reprlib
from collections.abc import Callable
from typing import Any, TypeVar

from gateway.smartdialog import types
from gateway.smartdialog.errors import OddShape

T = TypeVar("T")
LONGEST_ID, LONGEST_ADDRESS, LONGEST_TEMPLATE_ID = 100, 50, 512  # that are kept
DONE = ("success", "succeeded", "ok", "done", "result", "updated", "deleted")  # what an object may call it
MOST_LOGGED = 20  # entries of one list
log = logging.getLogger(__name__)
_start = reprlib.Repr()  # of what may be very long, or very deep
_start.maxstring = _start.maxother = 200
_start.maxlist = _start.maxdict = 20
_DIGITS = re.compile(r"\d{1,9}", re.ASCII)
_INT32 = range(-(2**31), 2**31)


def parse(parser: Callable[[Any], T], data: Any) -> T:
    """`parser` applied; a body of another shape is an OddShape."""
    try:
        return parser(data)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise OddShape(f"unexpected shape: {error!r}"[:500], body=_start.repr(data)[:500]) from error


def sent_pascal(data: Any) -> types.Sent:
    """Answers of SendMessage and both replies."""
    named = _readable(
        _or_nobody(data.get("Recipients")), lambda each: _recipient(each["Address"], each.get("Id"))
    )
    return types.Sent(
        message_id=_message_id(data.get("MessageId"), named),
        parts=_count(data.get("MessagePartCount")),
        recipients=named,
        thread_id=_id(data.get("ThreadId")),
    )


def sent_camel(data: Any) -> types.Sent:
    """The answer of SendWhatsappTemplateMessage."""
    named = _readable(
        _or_nobody(data.get("recipients")), lambda each: _recipient(each["address"], each.get("id"))
    )
    return types.Sent(
        message_id=_message_id(data.get("messageId"), named),
        parts=_count(data.get("messagePartCount")),
        recipients=named,
    )


def customers(data: Any) -> list[types.RemoteCustomer]:
    return _readable(data["customerUsers"], _customer)


def services(data: Any) -> list[types.RemoteService]:
    return _readable(data, _service)


def templates(data: Any) -> types.TemplateListing:
    """What cannot be read is counted: of what is not in the list, it may be that."""
    found = _readable(data, _template)
    return types.TemplateListing(found, unread=len(data) - len(found))


def identities(data: Any) -> list[str]:
    return _readable(data, lambda each: _id_up_to(each["inputSource"]["address"], LONGEST_ADDRESS))


def regions(data: Any) -> list[types.PhoneRegion]:
    return [
        types.PhoneRegion(_text(each["value"]), _maybe_text(each.get("name")) or each["value"])
        for each in _list(data)
    ]


def texts(data: Any) -> list[str]:
    return [_text(each) for each in _list(data)]


def contact(data: Any) -> types.RemoteContact:
    """A number may be written as a text, and a text of digits as a number. What is of no kind that we know is
    refused as a whole: what is not read here would be written over there."""
    return types.RemoteContact(
        phone=_text(_plain(data["phone"])),
        email=_maybe_text(data.get("email")),
        first_name=_maybe_text(data.get("firstName")),
        last_name=_maybe_text(data.get("lastName")),
        gender=_maybe_text(data.get("gender")),
        birth_year=_maybe_number(_whole(data.get("birthYear"))),
        street_address=_maybe_text(data.get("streetAddress")),
        zip_code=_maybe_text(_plain(data.get("zipCode"))),
        city=_maybe_text(data.get("city")),
        country_code=_maybe_text(data.get("countryCode")),
        failed_messages=_maybe_number(_whole(data.get("failedMessages"))),
        properties=[
            (_text(each["name"]), _maybe_text(_plain(each.get("value"))))
            for each in _list(data.get("customContactProperties") or [])
        ],
        active=None if data.get("active") is None else boolean(data["active"]),
    )


def boolean(data: Any) -> bool:
    if not isinstance(data, bool):
        raise TypeError(f"a boolean was promised, {type(data).__name__} came")
    return data


def taken(data: Any) -> bool:
    """Of a success that only says that it is one: in whatever form, unless it says no."""
    said = data.items() if isinstance(data, dict) else [(DONE[0], data)]
    return not any(name.lower() in DONE and value in (False, "false", "False") for name, value in said)


def key(data: Any) -> str:
    """An id that is asked for later."""
    return _text(_plain(data))


def word(data: Any) -> str:
    """An id that nothing asks for."""
    return data if isinstance(data, str) else ""


def _readable(value: Any, read: Callable[[Any], T]) -> list[T]:
    """Without entries that cannot be read; where none can, it is another shape than the promised one."""
    entries, found = _list(value), []
    left_out: list[tuple[Any, Exception]] = []
    for each in entries:
        try:
            found.append(read(each))
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            left_out.append((each, error))
    for each, why in left_out[:MOST_LOGGED]:
        log.warning("left out of a list of SmartDialog's: %.200s: %.200r", _start.repr(each), why)
    if entries and not found:
        raise ValueError("no entry of the list can be read")
    return found


def _recipient(address: Any, remote_id: Any) -> types.SentRecipient:
    return types.SentRecipient(_text(_plain(address)), _id(remote_id)[:LONGEST_ID])


def _or_nobody(value: Any) -> Any:
    return [] if value is None else value


def _message_id(value: Any, named: list[types.SentRecipient]) -> str:
    """It may be missing where somebody is told to have an id of their own: they were taken."""
    found = _id(value)
    if not found and not any(each.id for each in named):
        raise ValueError("neither the message nor anybody who gets it has an id")
    return found


def _id(value: Any) -> str:
    """Of what was taken, named or not. A number is an id too."""
    try:
        return _maybe_text(_plain(value or None))
    except (TypeError, ValueError):
        return ""


def _count(value: Any) -> int | None:
    """Of parts, which is an estimate: what is none says nothing, and nothing against the rest."""
    try:
        return _maybe_number(_whole(value))
    except TypeError:
        return None


def _customer(each: Any) -> types.RemoteCustomer:
    remote_id = _id_up_to(each["customerId"], LONGEST_ID)
    return types.RemoteCustomer(remote_id, _name(each.get("customerName")) or remote_id)


def _service(each: Any) -> types.RemoteService:
    remote_id = _id_up_to(each["id"], LONGEST_ID)
    return types.RemoteService(remote_id, _name(each.get("name")) or remote_id)


def _template(each: Any) -> types.RemoteTemplate:
    return types.RemoteTemplate(
        id=_id_up_to(each["id"], LONGEST_TEMPLATE_ID),
        display_name=_name(each.get("displayName")),
        raw_content=_maybe_text((each.get("extensionParameters") or {}).get("rawContent")),
    )


def _id_up_to(value: Any, longest: int) -> str:
    """A whole number is an id too."""
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else _text(value)
    if len(text) > longest:
        raise ValueError(f"an id of at most {longest} characters was expected")
    return text


def _name(value: Any) -> str:
    """What is wrong with it is no reason to lose what it names."""
    return value.replace("\0", "").encode("utf-8", "replace").decode() if isinstance(value, str) else ""


def _text(value: Any) -> str:
    if not value:
        raise TypeError(f"a text was promised, {_start.repr(value)} came")
    return _maybe_text(value)


def _maybe_text(value: Any) -> str:
    """Empty when it was left out. Half a character and NUL are refused: no database can keep them."""
    if value is None:
        return ""
    if not isinstance(value, str) or "\0" in value:
        raise TypeError(f"a text was promised, {_start.repr(value)} came")
    value.encode()
    return value


def _maybe_number(value: Any) -> int | None:
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or value not in _INT32:
        raise TypeError(f"a whole number was promised, {_start.repr(value)} came")
    return value


def _plain(value: Any) -> Any:
    """A number as it is written; a boolean is none."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _whole(value: Any) -> Any:
    return int(value) if isinstance(value, str) and _DIGITS.fullmatch(value) else value or None


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise TypeError(f"a list was promised, {type(value).__name__} came")
    return value
