"""What a person agreed to, beside what would leave now: people, SMS parts and calls."""

from collections.abc import Iterator

from django.db.models import Count, F, Sum, Value
from django.db.models.functions import Right

from accounts.wording.quantities import counted
from messaging.campaigns.audiences.new_recipients import HASH_LENGTH
from messaging.campaigns.models import Campaign, RecipientQuerySet, RecipientState
from messaging.campaigns.wording import sms

# So much more may leave than was agreed to; of people at most so many.
MORE_AT_MOST = 1.1
PEOPLE_MORE_AT_MOST = 100


def outgrown(campaign: Campaign) -> str:
    """In words, what would leave beyond what was agreed to, and by how much; "" where nothing does.

    Once all recipients are listed, from their own rows.
    """
    return " ".join(_outgrown(campaign))


def _outgrown(campaign: Campaign) -> Iterator[str]:
    if campaign.people is None:
        return
    planned = campaign.recipients.filter(state=RecipientState.PLANNED)
    people, calls = _people_and_calls(campaign, planned)
    if people > min(campaign.people * MORE_AT_MOST, campaign.people + PEOPLE_MORE_AT_MOST):
        words = counted(campaign.people, "person", "people")
        yield f"It was scheduled for {words}, and {people:,} would get it now{_by(campaign.people, people)}."
    agreed = campaign.agreed_parts
    if agreed is not None and campaign.is_sms:
        parts = parts_of(campaign, planned)
        if parts > agreed * MORE_AT_MOST:
            words = counted(agreed, "SMS part")
            yield f"It was scheduled as {words}, and would be {parts:,} now{_by(agreed, parts)}."
    # One call more is what people within their limit may come to.
    if campaign.calls is not None and calls > max(campaign.calls * MORE_AT_MOST, campaign.calls + 1):
        words = counted(campaign.calls, "call")
        yield f"It was scheduled as {words}, and would be {calls:,} now{_by(campaign.calls, calls)}."


def _people_and_calls(campaign: Campaign, planned: RecipientQuerySet) -> tuple[int, int]:
    """One query. Calls as they are told before: hours of several countries may divide some further."""
    size, alike = campaign.batch_size, Value("") if campaign.is_sms else Right("key", HASH_LENGTH)
    by_text = planned.order_by().values(text=alike).annotate(number=Count("pk"))
    in_calls = by_text.annotate(needed=(F("number") + size - 1) / size)
    found = in_calls.aggregate(people=Sum("number", default=0), calls=Sum("needed", default=0))
    return found["people"], found["calls"]


def parts_of(campaign: Campaign, recipients: RecipientQuerySet) -> int:
    """SMS parts of the texts that they get, but for whom a text is still to win. Each is measured once."""
    wordings = [text.wording for text in campaign.texts]
    texts = recipients.exclude(wording=None).order_by().values_list("wording", "values")
    return sum(
        number * sms.measure(wordings[which].render(tuple(values))).parts
        for which, values, number in texts.annotate(number=Count("pk")).iterator()
    )


def _by(agreed: int, found: int) -> str:
    share = f", {100 * (found - agreed) / agreed:.0f} %" if agreed else ""
    return f": {found - agreed:,} more{share}"
