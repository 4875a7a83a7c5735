"""Everybody a campaign was for, searched and filtered: by what became of them, by reason, name or number."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import tzinfo
from urllib.parse import urlencode

from django.db.models import Q, QuerySet

from accounts.web.params import text_param
from contacts.models import Contact
from contacts.text.full_text_search import phone_digits
from messaging.campaigns.audiences import listed_people
from messaging.campaigns.models import Campaign, Recipient, RecipientState
from messaging.campaigns.outcome import reasons, responses
from messaging.campaigns.outcome.delivery_stats import NO_REPORT, is_silent
from messaging.campaigns.wording.personalization import Wording

ANSWERED, OPTED_OUT, CLICKED = "answered", "opted_out", "clicked"
RESPONSES: dict[str, Callable[[Campaign], QuerySet[Recipient]]] = {
    ANSWERED: responses.answered,
    OPTED_OUT: responses.opted_out,
    CLICKED: responses.clicked,
}
ACCEPTED = RecipientState.ACCEPTED
MAX_SEARCH, MAX_REASON = 100, 300  # characters
FEWEST_DIGITS = 3  # that are looked for in numbers
CHUNK = 2000  # people read at a time
HEADER = ["Name", "Number", "State", "Since", "Reason", "Code", "Text"]


@dataclass(frozen=True)
class PeopleFilter:
    """`state`: a RecipientState, or what they did after it; empty: whatever."""

    state: str = ""
    reason: str = ""
    text: str = ""

    @classmethod
    def from_query(cls, asked: Mapping[str, str]) -> "PeopleFilter":
        """What is no filter is as if it were not there."""
        state = asked.get("state", "")
        known = state in RecipientState or state in RESPONSES
        return cls(
            state if known else "",
            text_param(asked.get("reason"), most=MAX_REASON),
            text_param(asked.get("q"), most=MAX_SEARCH),
        )

    @property
    def is_narrow(self) -> bool:
        return bool(self.state or self.reason or self.text)

    @property
    def is_answered(self) -> bool:
        return self.state == ANSWERED

    @property
    def is_opted_out(self) -> bool:
        return self.state == OPTED_OUT

    @property
    def is_clicked(self) -> bool:
        return self.state == CLICKED

    @property
    def query(self) -> str:
        """As it stands in an address, with its question mark."""
        asked = {"state": self.state, "reason": self.reason, "q": self.text}
        said = urlencode({name: value for name, value in asked.items() if value})
        return f"?{said}" if said else ""

    def of(self, campaign: Campaign) -> QuerySet[Recipient]:
        narrow = RESPONSES.get(self.state)
        found: QuerySet[Recipient] = narrow(campaign) if narrow else campaign.recipients.all()
        if self.state and not narrow:
            found = found.filter(state=self.state)
        if self.reason:
            found = found.filter(reason=self.reason)
        return found.filter(_says(campaign, self.text)) if self.text else found


def rows(campaign: Campaign, people: QuerySet[Recipient], zone: tzinfo) -> Iterator[list[str]]:
    """A header, then people by key with the text that each got, read a chunk at a time. Times of `zone`."""
    yield HEADER
    wordings, lacks_reports = [text.wording for text in campaign.texts], is_silent(campaign)
    last, full = 0, True
    while full:
        chunk = list(people.filter(pk__gt=last).select_related("contact").order_by("pk")[:CHUNK])
        names = listed_people.names(campaign, [each.phone for each in chunk if not each.contact])
        for each in chunk:
            why = reasons.in_words(each.reason)
            yield [
                each.contact.name if each.contact else names.get(each.phone, ""),
                each.phone,
                NO_REPORT if lacks_reports and each.state == ACCEPTED else each.get_state_display(),
                _moment(each, zone),
                why.words,
                why.code,
                text_of(each, wordings[each.wording or 0]),
            ]
        full = len(chunk) == CHUNK
        last = chunk[-1].pk if chunk else last


def text_of(recipient: Recipient, wording: Wording) -> str:
    """What they got, or may have got; empty for who got nothing, and for who was erased."""
    values = tuple(recipient.values)
    is_known = len(values) == len(wording.merge_fields)
    return wording.render(values) if is_known and recipient.state in responses.REACHED else ""


def _moment(recipient: Recipient, zone: tzinfo) -> str:
    """With its offset, as a spreadsheet sorts it."""
    at = recipient.settled_at
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M:%S %z}" if at else ""


def _says(campaign: Campaign, text: str) -> Q:
    """By number, any part of it; by name and the like, as contacts are searched."""
    found = Contact.objects.filter(group__customer=campaign.customer_id).matching(text)
    named = Q(contact__in=found.values("pk"))
    if campaign.people_list_id:
        named |= Q(contact=None, phone__in=listed_people.named_like(campaign, text).values("phone"))
    digits = phone_digits(text).lstrip("0")
    return named | Q(phone__contains=digits) if len(digits) >= FEWEST_DIGITS else named
