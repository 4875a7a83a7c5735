"""A number that a group has in another spelling is the same person's."""

from collections.abc import Collection, Iterable

from accounts.db.array_param import Listed
from contacts.models import Contact
from contacts.text.phones import SPELT_IN_SEVERAL_WAYS, spellings
from gateway.models import Service

_SEVERAL = tuple(f"+{code}" for code in SPELT_IN_SEVERAL_WAYS)


def as_known(group: Service, phones: Collection[str]) -> dict[str, str]:
    """How the group has a number, by the number, of those that it has only in another spelling.

    At most one query, and none where numbers have one spelling.
    """
    ways = several_ways(phones)
    if not ways:
        return {}
    written = Listed([way for own in ways.values() for way in own])
    here = set(Contact.objects.filter(group=group, phone__in=written).values_list("phone", flat=True))
    known = {phone: next((way for way in own if way in here), phone) for phone, own in ways.items()}
    return {phone: way for phone, way in known.items() if way != phone}


def several_ways(phones: Iterable[str]) -> dict[str, list[str]]:
    """The spellings of those numbers that have more than one."""
    several = {phone: spellings(phone) for phone in phones if phone.startswith(_SEVERAL)}
    return {phone: ways for phone, ways in several.items() if len(ways) > 1}
