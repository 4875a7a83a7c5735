"""People of a pasted or uploaded list, as rows of contacts are seen: with what a contact of the number has.

What the list says of somebody is said; what it leaves open, their contact tells, where there is one.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from django.db.models import Exists, Q

from accounts.db.array_param import Listed
from contacts.consent import opt_out_requests, opt_outs
from contacts.models import Contact
from contacts.models.import_rows import RowKind
from messaging.campaigns.audiences.reach import Reach, in_groups
from messaging.campaigns.models import Campaign, ListedPerson
from messaging.campaigns.models.people_list import KNOWN, ListedPersonQuerySet
from messaging.campaigns.wording import contact_fields
from messaging.campaigns.wording.personalization import Wording

Row = dict[str, Any]  # as of a contact; `pk` is the contact's, or None; `problem`: why it is left out
CHUNK = 2000  # rows in memory
UNCLEAR = "Unclear number in the list"
INVALID = "No valid number in the list"
SAYS_NO = "The list says no messages"
HIDDEN = "Hidden in the sheet"
PROBLEMS = {
    RowKind.UNCLEAR: UNCLEAR,
    RowKind.INVALID: INVALID,
    RowKind.OPTED_OUT: SAYS_NO,
    RowKind.HIDDEN: HIDDEN,
}
EVERYBODY = Q()
_OWN = ("line", "kind", "phone", "phone_type")


def columns_of(wording: Wording, *columns: str) -> list[str]:
    """Of a contact, and of a row of a list."""
    fields = (each.field for each in wording.merge_fields if each.field)
    return list(dict.fromkeys([*contact_fields.columns(fields), *columns]))


def rows(reach: Reach, wording: Wording, *columns: str, among: Q = EVERYBODY) -> Iterator[Row]:
    """Each person once, and who is left out of the list. Three queries for each CHUNK."""
    needed = columns_of(wording, *columns)
    found = (
        reach.listed.told().filter(among).values(*dict.fromkeys([*_OWN, *needed])).iterator(chunk_size=CHUNK)
    )
    while some := list(islice(found, CHUNK)):
        yield from with_contacts(reach, some, needed)


def next_rows(reach: Reach, wording: Wording, *columns: str, after: int, most: int) -> tuple[list[Row], int]:
    """Those of the next `most` rows, and the number of the last of these. At most four queries."""
    needed = columns_of(wording, *columns)
    left = reach.listed.told().filter(line__gt=after)
    some = list(left.values(*dict.fromkeys([*_OWN, *needed]))[:most])
    last = some[-1]["line"] if some else after
    return with_contacts(reach, some, needed), last


def rows_of(reach: Reach, columns: Iterable[str], phones: Sequence[str]) -> dict[str, Row]:
    """Of whom the list says something, by number. At most four queries."""
    found = reach.listed.known().filter(phone__in=Listed(phones)).values(*dict.fromkeys([*_OWN, *columns]))
    return {row["phone"]: row for row in with_contacts(reach, list(found), columns)} if phones else {}


def with_contacts(reach: Reach, some: Sequence[Row], columns: Iterable[str]) -> list[Row]:
    phones = [row["phone"] for row in some if row["phone"]]
    known = _contacts_of(reach, phones, columns)
    stopped = opt_outs.stopped_among(reach.customer, phones)
    asked = opt_out_requests.waiting_among(reach.customer, phones)
    return [
        _merged(row, known.get(row["phone"], ()), columns)
        | {"is_opted_out": row["phone"] in stopped, "has_asked": row["phone"] in asked}
        for row in some
    ]


def names(campaign: Campaign, phones: Iterable[str]) -> dict[str, str]:
    """By number, what its list calls whoever it names; one query, none without a list."""
    if not campaign.people_list_id:
        return {}
    found = ListedPerson.objects.filter(people_list=campaign.people_list_id, phone__in=Listed(list(phones)))
    rows = found.known().values_list("phone", "first_name", "last_name")
    return {str(phone): f"{first or ''} {last or ''}".strip() for phone, first, last in rows}


def named_like(campaign: Campaign, text: str) -> ListedPersonQuerySet:
    """Those of its list whose name has each of these words."""
    found = ListedPerson.objects.filter(people_list=campaign.people_list_id, phone__isnull=False)
    for word in text.split():
        found = found.filter(Q(first_name__icontains=word) | Q(last_name__icontains=word))
    return found


def still_there(campaign: Campaign) -> ListedPersonQuerySet:
    """Those of its list to whom it would send now, whatever was opted out."""
    found = ListedPerson.objects.filter(people_list=campaign.people_list_id).willing(campaign.customer_id)
    return found.filter(~Exists(in_groups(campaign.minus_groups))) if campaign.minus_groups else found


def _contacts_of(reach: Reach, phones: Sequence[str], columns: Iterable[str]) -> dict[str, list[Row]]:
    """By number, those of all groups: active ones first, and among them who is in a group of it."""
    found: dict[str, list[Row]] = defaultdict(list)
    here = Contact.objects.present().filter(group__customer=reach.customer, phone__in=Listed(phones))
    own = ("pk", "phone", "active", "undecided", "group")
    contacts = here.values(*dict.fromkeys([*own, *columns]))
    for contact in sorted(
        contacts, key=lambda each: (not each["active"], each["group"] not in reach.groups, each["pk"])
    ):
        found[contact["phone"]].append(contact)
    return found


def _merged(row: Row, contacts: Sequence[Row], columns: Iterable[str]) -> Row:
    first: Row = contacts[0] if contacts else {"pk": None, "active": True, "undecided": False}
    is_known = row["kind"] in KNOWN  # of other rows the number may be another one's, too
    told = {column: _told(row[column], first.get(column)) for column in columns}
    return told | {
        "pk": first["pk"],
        "phone": row["phone"] if is_known and row["phone"] else f"row {row['line']}",
        "phone_type": row.get("phone_type"),
        "active": first["active"],
        "undecided": first["undecided"],
        "problem": PROBLEMS.get(row["kind"], ""),
    }


def _told(own: Any, of_contact: Any) -> Any:
    """By the list, or else by the contact; of properties each."""
    if isinstance(own, dict):
        return {**(of_contact or {}), **{name: value for name, value in own.items() if value}}
    return own or of_contact
