"""Who gets a campaign, who is left out and why, and what it comes to."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from contacts.models import Contact, OptOutRequest, Suppression
from contacts.text.phones import NumberType
from gateway.models import Service
from messaging.campaigns import contact_fields, sms
from messaging.campaigns.calling_codes import country_of
from messaging.campaigns.personalization import Values, Wording

OPTED_OUT = "Opted out"  # for the record of consent, whatever the group says
ASKED = "May have opted out"  # in words that wait for a person to decide
UNDECIDED = "Undecided"  # SmartDialog had them, and nobody has said whether they get messages
NOT_ACTIVE = "Not active in the group"  # and the record of consent does not say why
NO_SMS = "Not a mobile number"
TOO_LONG = "The text is too long for them"  # with their own values in it
NEVER = (OPTED_OUT, ASKED, UNDECIDED, NOT_ACTIVE, NO_SMS)  # whatever the text says


@dataclass(frozen=True)
class Audience:
    """How many get each set of values, and are in each country; how many are left out for each reason."""

    people: Counter[Values]
    left_out: Counter[str]
    countries: Counter[str] = field(default_factory=Counter)

    @property
    def number(self) -> int:
        return self.people.total()

    @property
    def contacts(self) -> int:
        return self.number + self.left_out.total()


@dataclass(frozen=True)
class PartTotals:
    """SMS parts over a whole audience; `dearest` is the text that takes the most."""

    total: int
    least: int
    most: int
    in_unicode: int
    dearest: str

    @property
    def is_even(self) -> bool:
        return self.least == self.most


@dataclass(frozen=True)
class PreviewRecipient:
    """Somebody in the audience, and what they will read; empty with a `reason` when they are left out."""

    name: str
    phone: str
    text: str
    values: Values
    reason: str = ""


def count_audience(group: Service, wording: Wording) -> Audience:
    """One query, read through once."""
    people: Counter[Values] = Counter()
    left_out: Counter[str] = Counter()
    countries: Counter[str] = Counter()
    for contact in group_contacts(group, wording).iterator(chunk_size=2000):
        values, reason = eligibility(contact, wording)
        if reason:
            left_out[reason] += 1
        else:
            people[values] += 1
            countries[country_of(contact["phone"])] += 1
    return Audience(people, left_out, countries)


def group_contacts(group: Service, wording: Wording, *, after: int = 0) -> QuerySet[Contact, dict[str, Any]]:
    """All contacts of a group that are not being deleted, by key, with what `eligibility` needs."""
    stopping = Suppression.objects.stopping(group.customer_id, OuterRef("phone"))
    waiting = OptOutRequest.objects.waiting(group.customer_id, OuterRef("phone"))
    needed = contact_fields.columns(
        merge_field.field for merge_field in wording.merge_fields if merge_field.field
    )
    return (
        Contact.objects.filter(group=group, pk__gt=after)
        .present()
        .annotate(is_opted_out=Exists(stopping), has_asked=Exists(waiting))
        .order_by("pk")
        .values("pk", "phone", "phone_type", "active", "undecided", "is_opted_out", "has_asked", *needed)
    )


def eligibility(contact: Mapping[str, Any], wording: Wording) -> tuple[Values, str]:
    """What fills the gaps for a contact, and the reason why they are left out, or an empty one."""
    values = wording.values(contact)
    if contact["is_opted_out"]:
        return values, OPTED_OUT
    if contact["has_asked"]:
        return values, ASKED
    if not contact["active"]:
        return values, UNDECIDED if contact["undecided"] else NOT_ACTIVE
    if wording.mobiles_only and contact["phone_type"] != NumberType.MOBILE:
        return values, NO_SMS
    return values, text_problem(values, wording)


def text_problem(values: Values, wording: Wording) -> str:
    """Why nobody with these values gets the text; empty when they do."""
    if missing := wording.missing(values):
        return missing_value_reason(missing)
    return TOO_LONG if wording.is_too_long(values) else ""


def missing_value_reason(field: str) -> str:
    """The reason of those who lack a field that has no fallback."""
    return (
        f"No {contact_fields.label(field).lower()}"
        if field in contact_fields.STANDARD_FIELDS
        else f"No {field}"
    )


def part_totals(audience: Audience, wording: Wording) -> PartTotals | None:
    """Of the texts that people will really get; None when nobody gets any."""
    if not audience.people:
        return None
    texts = {values: wording.render(values) for values in audience.people}
    sizes = {values: sms.measure(text) for values, text in texts.items()}
    dearest = max(sizes, key=lambda values: (sizes[values].parts, sizes[values].units))
    counts = [size.parts for size in sizes.values()]
    return PartTotals(
        total=sum(sizes[values].parts * number for values, number in audience.people.items()),
        least=min(counts),
        most=max(counts),
        in_unicode=sum(audience.people[values] for values, size in sizes.items() if size.is_unicode),
        dearest=texts[dearest],
    )


def preview_recipient(group: Service, wording: Wording, index: int) -> PreviewRecipient | None:
    """The index-th of those who may be messaged, in the order of their keys."""
    own = [column for column, _ in contact_fields.STANDARD_FIELDS.values()]
    found = Contact.objects.filter(group=group).messageable().order_by("pk")
    if wording.mobiles_only:
        found = found.filter(phone_type=NumberType.MOBILE)
    contact = found.values("phone", "properties", *own)[index : index + 1].first()
    if contact is None:
        return None
    values = wording.values(contact)
    return PreviewRecipient(
        name=f"{contact['first_name']} {contact['last_name']}".strip(),
        phone=contact["phone"],
        text=wording.render(values),
        values=values,
        reason=text_problem(values, wording),
    )
