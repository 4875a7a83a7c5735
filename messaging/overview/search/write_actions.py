"""The way to write to whom is typed in the search of the top bar: a number, or "write Anna"."""

import re
from collections.abc import Iterator

from django.urls import reverse
from django.utils.http import urlencode

from accounts.models import Customer, User
from accounts.wording.phone_numbers import format_phone
from messaging.inbox.replies import first_messages
from messaging.inbox.search.people_search import known_people
from messaging.inbox.team.desk import Desk

# What comes before a name or number; alone it is looked for like any other word.
_VERB = re.compile(
    r"(?:write\s+(?:to\s+)?|(?:send|message|sms)\s+(?:an?\s+)?(?:(?:message|sms)\s+)?to\s+)", re.IGNORECASE
)

Written = tuple[str, str]  # what it is called, and its address


def writings(user: User, customer: Customer, text: str, *, most: int) -> list[Written]:
    """With a verb, to whomever it names; without one, to a number with which there is no conversation. At
    most five queries.
    """
    if not user.can_write:
        return []
    verb, whom = _VERB.match(text), whom_in(text)
    number = first_messages.as_number(Desk(customer), whom)
    if number:
        is_known = not verb and first_messages.thread_with(customer, number)
        return [] if is_known else [write_to(format_phone(number), number)]
    return list(_people(customer, whom, most)) if verb and whom else []


def whom_in(text: str) -> str:
    """What stands after the verb."""
    verb = _VERB.match(text)
    return text[verb.end() :].strip() if verb else text


def carried(user: User, text: str) -> list[Written]:
    """Of a verb with what is neither a number yet nor anybody's name: it stands on the page that it opens."""
    whom = whom_in(text)
    return [write_to(whom, whom)] if user.can_write and whom and whom != text else []


def _people(customer: Customer, name: str, most: int) -> Iterator[Written]:
    """Each number once; many of a name are found by writing more of it."""
    found = known_people(Desk(customer)).matching(name).filter(active=True)[: most * 4]
    people = {contact.phone: contact.name for contact in found}
    for phone, called in list(people.items())[:most]:
        yield write_to(f"{called} {format_phone(phone)}".strip(), phone)


def write_to(called: str, phone: str) -> Written:
    return f"Write to {called}", f"{reverse('inbox:first_message')}?{urlencode({'phone': phone})}"
