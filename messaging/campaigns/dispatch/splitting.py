"""A refused call goes on in smaller ones, or without its time, where that may have been the reason.

SmartDialog does not say how many recipients a call may have, nor how far ahead a time has to be; and words of
a refusal are no proof. So its people go back to those who wait for a call, in the transaction that settles
the refusal, with those of all calls that surely were not taken; the planner puts them into other calls. What
is no matter of size may be one person's: then the call is halved until that one fails alone, with its reason.
"""

import re
from datetime import datetime, timedelta

from accounts.listed import Listed
from gateway import clock, outbox, quirks
from gateway.errors import GatewayError, Refused
from gateway.models import Quirks
from gateway.outbox import QueuedCall, Reason
from gateway.wake_up import wake_on_commit
from messaging.campaigns.dispatch import calls, numbering, own_moments
from messaging.campaigns.models import Campaign, CampaignState, RecipientQuerySet, RecipientState
from messaging.campaigns.models.campaign import UNDER_WAY

ABOUT_THE_BODY = {400, 413, 422}  # statuses that may be about what a call carries
FRUITLESS = 12  # calls in a row from the first on, none of them taken
TAKEN = [RecipientState.ACCEPTED, RecipientState.DELIVERED]
SMALLEST_GUESS = 10  # recipients; no limit below it is guessed, only believed where it is named or seen
LONGEST_LEAD = timedelta(days=1)
SHORTEST_LIMIT = 70  # characters; no limit of texts below it is believed
_NUMBER = re.compile(r"\d{1,6}", re.ASCII)


def split(call: QueuedCall, error: GatewayError) -> bool:
    """Whether its people go on in other calls. In the transaction that settles the refusal."""
    if not isinstance(error, Refused) or error.status not in ABOUT_THE_BODY:
        return False
    known = quirks.lock(call.customer)
    campaign = _locked(call)
    if campaign is None:
        return False
    size = number_of_recipients(call)
    if campaign.divides_calls and size > known.recipients_taken:
        if smaller := _smaller(size, known, error.words):
            if smaller != known.recipients_limit:
                quirks.learn(call.customer, recipients_limit=smaller)
            return put_back(campaign, call)
        _give_up_on_size(campaign, known)
    if call.payload["message"]["send_at"]:  # one beside it may have been refused for that before
        if campaign.carries_time:
            _learn_lead(campaign, own_moments.of_call(campaign, call.payload))
        Campaign.objects.filter(pk=campaign.pk).update(carries_time=False)
        return put_back(campaign, call)
    _learn_length(call, error.words)
    return _halve(campaign, call)


def put_back(campaign: Campaign, refused: QueuedCall) -> bool:
    """The people of a refused call, and of calls that were surely not taken, wait for other calls.

    Whom a report has settled meanwhile stays as it is.
    """
    _take_back(campaign, refused.payload["number"])
    outbox.close(refused, Reason("split"))
    return True


def _halve(campaign: Campaign, refused: QueuedCall) -> bool:
    """Two calls of half its people each, until one fails alone: nobody carries another's reason.

    Not where SmartDialog has taken nobody of the campaign after many tries: then it is about all of them.
    While calls are still to be written whose numbers are given, its people wait for one behind these, and are
    halved then.
    """
    number = refused.payload["number"]
    people = list(campaign.recipients.filter(batch=number, state=RecipientState.PLANNED, remote_id=""))
    if len(people) < 2 or _is_about_all(campaign):
        return False
    half, last = len(people) // 2, campaign.batches
    if numbering.of_no_call_yet(campaign).exists():
        _wait(campaign, campaign.recipients.filter(pk__in=Listed([each.pk for each in people])))
    else:
        calls.enqueue(campaign, {last + 1: people[:half], last + 2: people[half:]}, half_of=number)
        Campaign.objects.filter(pk=campaign.pk).update(batches=last + 2)
    if campaign.is_paused:
        outbox.hold(in_doubt=True, batch=campaign.batch)
    outbox.close(refused, Reason("split"))
    return True


def learn_size(call: QueuedCall) -> None:
    """Both halves of a refused call were taken at once, and never anything as large: it was a matter of size.

    Where one of its people was the reason, a half fails with that one.
    """
    if calls.HALF_OF not in call.payload:
        return
    campaign = Campaign.objects.select_related("customer").get(pk=call.payload["campaign"])
    refused = {calls.HALF_OF: call.payload[calls.HALF_OF]}
    halves = outbox.calls_of(batch=campaign.batch, payload=refused)
    people = campaign.recipients.filter(batch__in=[each.payload["number"] for each in halves])
    if any(each.attempts != 1 for each in halves) or people.exclude(state__in=TAKEN).exists():
        return
    sizes, known = [number_of_recipients(each) for each in halves], quirks.lock(campaign.customer)
    if known.recipients_taken < sum(sizes) and max(sizes) < (known.recipients_limit or sum(sizes)):
        quirks.learn(campaign.customer, recipients_limit=max(sizes))
        Campaign.objects.filter(pk=campaign.pk).update(divides_calls=True)


def _is_about_all(campaign: Campaign) -> bool:
    is_any_taken = campaign.recipients.filter(state__in=TAKEN).exists()
    return not is_any_taken and outbox.number_tried(batch=campaign.batch) > FRUITLESS


def number_of_recipients(call: QueuedCall) -> int:
    return len(call.payload["message"]["recipients"])


def _locked(call: QueuedCall) -> Campaign | None:
    """Its campaign, unless somebody cancelled it."""
    own = Campaign.objects.filter(pk=call.payload["campaign"], state__in=UNDER_WAY)
    return own.select_related("customer").select_for_update(of=("self",), no_key=True).first()


def _smaller(size: int, known: Quirks, words: str) -> int | None:
    """What a call may have instead: what another refusal has found, a number that is named, or half."""
    if known.recipients_limit and known.recipients_limit < size:
        return known.recipients_limit
    named = [number for number in map(int, _NUMBER.findall(words)) if 0 < number < size]
    if named:
        return max(named)
    half = max(size // 2, SMALLEST_GUESS)
    return half if half < size else None


def _give_up_on_size(campaign: Campaign, known: Quirks) -> None:
    """It is no matter of size: what was guessed, and never proved by a call that was taken, is forgotten."""
    Campaign.objects.filter(pk=campaign.pk).update(divides_calls=False)
    if known.recipients_limit and known.recipients_taken < known.recipients_limit:
        quirks.learn(campaign.customer, recipients_limit=None)
        _take_back(campaign)


def _learn_lead(campaign: Campaign, at: datetime | None) -> None:
    """Next time twice as early; this time its calls wait for the chosen time itself."""
    assert at
    ahead = min(2 * max(at - clock.now(), timedelta(minutes=1)), LONGEST_LEAD)
    seconds = round(ahead.total_seconds())
    if seconds > quirks.of(campaign.customer).send_lead:
        quirks.learn(campaign.customer, send_lead=seconds)


def _learn_length(call: QueuedCall, words: str) -> None:
    """A number below the length of the text may be the longest that is taken."""
    length = len(call.payload["message"].get("content", ""))
    named = [n for n in map(int, _NUMBER.findall(words)) if SHORTEST_LIMIT <= n < length]
    if named:
        quirks.learn(call.customer, content_limit=max(named))


def _take_back(campaign: Campaign, *refused: int) -> None:
    numbers = [*refused, *outbox.take_back("number", batch=campaign.batch)]
    _wait(
        campaign,
        campaign.recipients.filter(batch__in=numbers, state=RecipientState.PLANNED, remote_id=""),
    )


def _wait(campaign: Campaign, people: RecipientQuerySet) -> None:
    """For the planner to put them into other calls."""
    people.update(batch=None)
    Campaign.objects.filter(pk=campaign.pk, state__in=UNDER_WAY).update(state=CampaignState.PLANNING)
    wake_on_commit("messaging.campaigns.tasks.send_campaign", campaign.pk)
