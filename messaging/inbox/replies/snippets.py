"""Words that come back in many messages, filled in for the person they are said to."""

from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.text import slugify

from accounts.db.kept_queries import kept
from accounts.models import Customer, User
from contacts.models import Contact
from messaging.campaigns.models import Snippet
from messaging.campaigns.wording import contact_fields, placeholders


@dataclass(frozen=True)
class Filled:
    """A placeholder without a value stays, for a person to write over."""

    snippet: Snippet
    text: str

    @property
    def key(self) -> str:
        """What is typed for it, after a slash."""
        return slugify(self.snippet.name, allow_unicode=True)


def offered(customer: Customer, contacts: list[Contact], *, to: User) -> list[Filled]:
    """Those that this person may use, of the contacts' values the first there is. One query."""
    known = [_values_of(contact) for contact in contacts]
    return [Filled(each, fill(each.text, known)) for each in _usable(customer, to)]


@kept
def _usable(customer: Customer, user: User) -> QuerySet[Snippet]:
    return Snippet.objects.of_customer(customer).usable_by(user)


def fill_for(content: str, contacts: list[Contact]) -> str:
    """ "" where a value is missing."""
    known = [_values_of(contact) for contact in contacts]
    missing = (not _first_value(known, name) for name in placeholders.names(content))
    return "" if any(missing) else fill(content, known)


def value_for(name: str, contacts: list[Contact]) -> str:
    """Of what a variable is called, whatever its spelling: etunimi is firstName. "" where nobody has it."""
    field = contact_fields.called(name, None) or name
    return _first_value([_values_of(contact) for contact in contacts], field)


def fill(content: str, known: list[dict[str, object]]) -> str:
    found = {name: _first_value(known, name) for name in placeholders.names(content)}
    return placeholders.fill(content, {name: value for name, value in found.items() if value})


def _first_value(known: list[dict[str, object]], name: str) -> str:
    return next((value for each in known if (value := contact_fields.value(each, name))), "")


def _values_of(contact: Contact) -> dict[str, object]:
    standard = [column for column, _ in contact_fields.STANDARD_FIELDS.values()]
    return {column: getattr(contact, column) for column in [*standard, "properties"]}
