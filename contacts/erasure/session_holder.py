"""What sessions of staff keep of a person: forms that could not be taken and wait to be sent, notices."""

from collections.abc import Iterator
from typing import Any

from django.contrib.auth import SESSION_KEY as SIGNED_IN
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session

from contacts.erasure.registry import DataSubject, ErasureOrder, HeldRow, Holder, holds


@holds("contacts.sessions")
class SessionHolder(Holder):
    title = "Forms that staff have not sent, and notices they have not read"
    covers = {"sessions.Session": "session_data"}

    def held(self, person: DataSubject) -> list[HeldRow]:
        return [
            {"Kept": ", ".join(naming), "Until": session.expire_date} for session, naming in _naming(person)
        ]

    def erase(self, person: DataSubject, order: ErasureOrder) -> None:
        for session, naming in _naming(person):
            left = {name: value for name, value in session.get_decoded().items() if name not in naming}
            session.session_data = SessionStore().encode(left)
            session.save(update_fields=["session_data"])


def _naming(person: DataSubject) -> Iterator[tuple[Session, list[str]]]:
    """Sessions of the customer's people, whose data are sealed, with what in each names the person."""
    staff = {str(key) for key in person.customer.users.values_list("pk", flat=True)}
    for session in Session.objects.iterator():
        data = session.get_decoded()
        if {str(data.get(SIGNED_IN)), *_typed_by(data)} & staff:
            naming = [name for name, value in data.items() if person.naming.is_of(_texts(value))]
            if naming:
                yield session, naming


def _typed_by(data: dict[str, Any]) -> list[str]:
    typed = data.get("typed")
    return [str(typed.get("person"))] if isinstance(typed, dict) else []


def _texts(value: Any) -> list[str]:
    """Every text in it, in order, as first and last name stand one after the other; no names of fields."""
    if isinstance(value, list | tuple) and len(value) == 2 and isinstance(value[0], str):
        return _texts(value[1])
    if isinstance(value, dict):
        return [text for each in value.values() for text in _texts(each)]
    if isinstance(value, list | tuple):
        return [text for each in value for text in _texts(each)]
    return [value] if isinstance(value, str) else []
