"""A refused call goes on in smaller ones, or without its time, where that may have been the reason.

SmartDialog does not say how many recipients a call may have, nor how far ahead a time has to be; and words of
a refusal are no proof. So its people go back to those who wait for a call, in the transaction that settles
the refusal, with those of all calls that surely were not taken; the planner puts them into other calls. What
is no matter of size may be one person's: then it is divided until that one fails alone, with its reason.
What was guessed holds for the campaign alone; only what calls that were taken have proved is kept beyond it.
"""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import Q

from accounts.db.state_moves import move
from gateway import outbox
from gateway.outbox import QueuedCall, Reason
from gateway.smartdialog import quirks
from gateway.smartdialog.errors import GatewayError, Refused
from gateway.workers.wake_up import wake_on_commit
from messaging.campaigns.dispatch import calls, numbering, own_moments
from messaging.campaigns.models import Campaign, CampaignState, Recipient, RecipientQuerySet, RecipientState
from messaging.campaigns.models.campaign_queryset import UNDER_WAY

ABOUT_THE_BODY = {400, 413, 422}  # statuses that may be about what a call carries
FRUITLESS = 12  # refusals, none of them beside something that was taken, of what each might be the reason of
TAKEN = [RecipientState.ACCEPTED, RecipientState.DELIVERED]
SMALLEST_GUESS = 10  # recipients; no limit below it is guessed, only believed where it is named or seen
LONGEST_LEAD = timedelta(days=1)
SHORTEST_LIMIT = 70  # characters; no limit of texts below it is believed
LONGEST_NUMBER = 6  # digits; no limit has more
# Digits, and what stands between those of a phone number, a date or a range.
_RUN = re.compile(r"[\d+()./:-]+(?: [\d+()./:-]+)*", re.ASCII)


def split(call: QueuedCall, error: GatewayError) -> bool:
    """Whether its people go on in other calls. In the transaction that settles the refusal."""
    if not isinstance(error, Refused) or error.status not in ABOUT_THE_BODY:
        return False
    known = quirks.lock(call.customer)
    campaign = _locked(call)
    if campaign is None:
        return False
    size = number_of_recipients(call)
    if size <= known.recipients_taken:
        if campaign.call_size:
            _give_up_on_size(campaign)
    elif campaign.divides_calls:
        if smaller := _smaller(size, campaign.batch_size, error.words):
            Campaign.objects.filter(pk=campaign.pk).update(call_size=smaller)
            return put_back(campaign, call)
        _give_up_on_size(campaign)
    if call.payload["message"]["send_at"] and not _was_time_taken(campaign, call):
        return _without_time(campaign, call)
    if _divide(campaign, call):
        return True
    _learn_length(campaign, call, error.words)
    return False


def put_back(campaign: Campaign, refused: QueuedCall) -> bool:
    """The people of a refused call, and of calls that were surely not taken, wait for other calls.

    Whom a report has settled meanwhile stays as it is.
    """
    _take_back(campaign, refused.payload["number"])
    outbox.close(refused, Reason("split"))
    return True


def _divide(campaign: Campaign, refused: QueuedCall) -> bool:
    """Several calls in its place, until one person fails alone: nobody carries another's reason.

    Not where SmartDialog has taken nobody of the campaign, and refused many who were alone in a call: then it
    is about all of them.
    """
    number = refused.payload["number"]
    people = _people_of(campaign, number)
    if len(people) < 2 or _is_about_all(campaign):
        return False
    _go_on_as(campaign, refused, _parts(campaign, people), half_of=number)
    return True


def _parts(campaign: Campaign, people: Sequence[Recipient]) -> list[Sequence[Recipient]]:
    """Two halves; and, as long as nothing was taken, one person alone: with that one they tell why sooner."""
    alone = [] if _is_any_taken(campaign) else people[:1]
    others = people[len(alone) :]
    half = len(others) // 2
    return [part for part in (alone, others[:half], others[half:]) if part]


def _go_on_as(
    campaign: Campaign,
    refused: QueuedCall,
    parts: Sequence[Sequence[Recipient]],
    *,
    half_of: int | None = None,
) -> None:
    numbering.make_room(campaign, len(parts))
    first = campaign.batches + 1
    calls.enqueue(campaign, dict(enumerate(parts, start=first)), half_of=half_of)
    Campaign.objects.filter(pk=campaign.pk).update(batches=campaign.batches + len(parts))
    if campaign.is_paused:
        outbox.hold(in_doubt=True, batch=campaign.batch)
    outbox.close(refused, Reason("split"))


def _without_time(campaign: Campaign, refused: QueuedCall) -> bool:
    """Whether the time it names is the reason is not known: others with it may be taken, or all refused.

    Somebody who is refused alone gets it in a call that waits for the time itself; all do, once many calls in
    a row were refused.
    """
    many = outbox.refused_in_a_row(ABOUT_THE_BODY, batch=campaign.batch) > FRUITLESS
    if many or not campaign.carries_time:
        Campaign.objects.filter(pk=campaign.pk).update(carries_time=False)
        return put_back(campaign, refused)
    if _divide(campaign, refused):
        return True
    people = _people_of(campaign, refused.payload["number"])
    campaign.carries_time = False
    _go_on_as(campaign, refused, [people] if people else [])
    return True


def _was_time_taken(campaign: Campaign, refused: QueuedCall) -> bool:
    """Whether it was no nearer than in a call that was taken."""
    same = {"message__send_at": refused.payload["message"]["send_at"]}
    return outbox.is_taken_since(refused.tried_at, batch=campaign.batch, payload=same)


def learn(call: QueuedCall) -> None:
    """What it proves that SmartDialog has taken it."""
    _learn_size(call)
    _learn_lead(call)


def _learn_size(call: QueuedCall) -> None:
    """All parts of a refused call were taken at once, and never anything as large: it was a matter of size.

    Where one of its people was the reason, a part fails with that one.
    """
    if calls.HALF_OF not in call.payload:
        return
    campaign = _campaign_of(call)
    refused = {calls.HALF_OF: call.payload[calls.HALF_OF]}
    halves = outbox.calls_of(batch=campaign.batch, payload=refused)
    taken = campaign.recipients.filter(batch__in=[each.payload["number"] for each in halves], state__in=TAKEN)
    sizes = [number_of_recipients(each) for each in halves]
    if any(each.attempts != 1 for each in halves) or taken.count() < sum(sizes):
        return
    known = quirks.lock(campaign.customer)
    if known.recipients_taken < sum(sizes) and max(sizes) < (known.recipients_limit or sum(sizes)):
        quirks.learn(campaign.customer, recipients_limit=max(sizes))
        Campaign.objects.filter(pk=campaign.pk).update(divides_calls=True)


def _learn_lead(call: QueuedCall) -> None:
    """Without a time it was taken, with all whom a refused call with one named: that was too near.

    Next time twice as early.
    """
    if call.payload["message"]["send_at"]:
        return
    campaign = _campaign_of(call)
    if own_moments.of_call(campaign, call.payload) is None:
        return
    taken = set(calls.phones_of(call.payload["message"]))
    refused = outbox.refused_calls(ABOUT_THE_BODY, batch=campaign.batch)
    named = [each for each in refused if taken.issuperset(calls.phones_of(each.payload["message"]))]
    ahead = [_ahead(each) for each in named if each.payload["message"]["send_at"]]
    seconds = round(min(2 * max(ahead, default=timedelta()), LONGEST_LEAD).total_seconds())
    if seconds > quirks.of(campaign.customer).send_lead:
        quirks.learn(campaign.customer, send_lead=seconds)


def _ahead(call: QueuedCall) -> timedelta:
    """By how much the time that it names was ahead when it left."""
    assert call.tried_at
    at = datetime.fromisoformat(call.payload["message"]["send_at"])
    return max(at - call.tried_at, timedelta(minutes=1))


def learn_at_the_end(campaign: Campaign) -> None:
    """Of a campaign that is over: what it guessed is kept if nobody was the reason, and else forgotten."""
    size = Campaign.objects.values_list("call_size", flat=True).get(pk=campaign.pk)
    if not _is_any_taken(campaign):
        return
    known, length = quirks.lock(campaign.customer), len(campaign.content)
    if size and known.recipients_taken <= size and not _may_have_been_a_person(campaign):
        quirks.learn(campaign.customer, recipients_limit=min(size, known.recipients_limit or size))
    if campaign.is_sms and known.content_limit and known.content_limit < length:
        quirks.learn(campaign.customer, content_limit=None)  # a longer one was taken


def _may_have_been_a_person(campaign: Campaign) -> bool:
    """Somebody was refused, or left out before it was known whether they would be."""
    refused = Q(state=RecipientState.FAILED, remote_id="")
    left_out = Q(state=RecipientState.SKIPPED, settled_at__gt=campaign.listed_at)
    return campaign.recipients.filter(refused | left_out).exists()


def _is_about_all(campaign: Campaign) -> bool:
    if _is_any_taken(campaign):
        return False
    return outbox.number_failed(ABOUT_THE_BODY, batch=campaign.batch) > FRUITLESS


def _is_any_taken(campaign: Campaign) -> bool:
    reported = Q(state=RecipientState.FAILED) & ~Q(remote_id="")
    return campaign.recipients.filter(Q(state__in=TAKEN) | reported).exists()


def number_of_recipients(call: QueuedCall) -> int:
    return len(call.payload["message"]["recipients"])


def _people_of(campaign: Campaign, number: int) -> list[Recipient]:
    return list(campaign.recipients.filter(batch=number, state=RecipientState.PLANNED, remote_id=""))


def _campaign_of(call: QueuedCall) -> Campaign:
    return Campaign.objects.select_related("customer").get(pk=call.payload["campaign"])


def _locked(call: QueuedCall) -> Campaign | None:
    """Its campaign, unless somebody cancelled it."""
    own = Campaign.objects.filter(pk=call.payload["campaign"], state__in=UNDER_WAY)
    return own.select_related("customer").select_for_update(of=("self",), no_key=True).first()


def _smaller(size: int, most: int, words: str) -> int | None:
    """What a call may have instead: the `most` that another refusal has found, a number named, or half."""
    if most < size:
        return most
    named = [number for number in _numbers_in(words) if 0 < number < size]
    if named:
        return max(named)
    half = max(size // 2, SMALLEST_GUESS)
    return half if half < size else None


def _numbers_in(words: str) -> list[int]:
    """Those that stand alone: no part of a phone number, of a time or of anything else with digits."""
    runs = [run.strip("().:- ") for run in _RUN.findall(words)]
    return [int(run) for run in runs if run.isdigit() and len(run) <= LONGEST_NUMBER]


def _give_up_on_size(campaign: Campaign) -> None:
    """What was guessed explains nothing: a call as large was taken, or none that is smaller."""
    Campaign.objects.filter(pk=campaign.pk).update(divides_calls=False, call_size=None)
    if campaign.call_size:
        _take_back(campaign)


def _learn_length(campaign: Campaign, call: QueuedCall, words: str) -> None:
    """A number below the length of the text may be the longest that is taken, where nobody gets it."""
    length = len(call.payload["message"].get("content", ""))
    named = [number for number in _numbers_in(words) if SHORTEST_LIMIT <= number < length]
    if named and not _is_any_taken(campaign):
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
    move(Campaign.objects.filter(pk=campaign.pk), *UNDER_WAY, to=CampaignState.PLANNING)
    wake_on_commit("messaging.campaigns.tasks.send_campaign", campaign.pk)
