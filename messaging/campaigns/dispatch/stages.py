"""A campaign that goes to some of its people first: the wait, and the rest that goes on or is left out.

Each step is a compare-and-swap on the campaign: of two presses, or of a press and the end of the wait, one
counts. Of several texts the rest gets the one that won, filled in for them as they are by then.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import Case, F, QuerySet, When

from accounts.db.state_moves import move
from accounts.models import User
from accounts.trail import audit
from contacts.models import Contact
from gateway import clock
from gateway.live_updates import live
from gateway.models import Connection
from gateway.sign_in import connections
from gateway.workers.wake_up import wake_on_commit
from messaging.campaigns.audiences import audience, drawing, listed_people
from messaging.campaigns.audiences.new_recipients import batch_key, moment_of
from messaging.campaigns.audiences.reach import Reach
from messaging.campaigns.dispatch import pausing, rest_times
from messaging.campaigns.dispatch.stopping import STOPPED_REASON
from messaging.campaigns.models import (
    FIRST,
    REST,
    UNDER_WAY,
    Campaign,
    CampaignQuerySet,
    CampaignState,
    Recipient,
    RecipientState,
    late_since,
)
from messaging.campaigns.outcome import responses, text_trial
from messaging.campaigns.rules import sending_hours
from messaging.campaigns.short_links import links

UNCLEAR = "None of the texts is clearly better."
AUTHOR_GONE = "Who scheduled it may not send any more."
APPROVER_GONE = "Who approved it may not send any more."
LATE = "Its time went by before it could be sent."
REACHED_NOBODY = "None of the first got it."


class RestDecided(Exception):
    text = "It was decided already, or the campaign is paused. Look where it stands."


def keeps_rest(campaign: Campaign) -> bool:
    """Whether the rest of it still waits; since now, where the first have it since now."""
    if not campaign.is_before_rest or not _rest(campaign).exists():
        return False
    now = clock.now()
    waiting = Campaign.objects.filter(pk=campaign.pk, state=CampaignState.SENDING, rest_begun_at=None)
    if campaign.first_done_at is None:
        with transaction.atomic():
            due_at = campaign.wait_ends_at(max(now, _last_have_it_at(campaign) or now))
            if waiting.filter(first_done_at=None).update(first_done_at=now, rest_due_at=due_at):
                _record(campaign, "campaign.first_done", None)
    return True


def _last_have_it_at(campaign: Campaign) -> datetime | None:
    """Of the first, where SmartDialog keeps it until then."""
    return rest_times.last_of_first(campaign) if campaign.own_time else campaign.send_at


def go_on_when_due(campaign: Campaign) -> None:
    """When the wait is over, unless nobody can tell which text to send, or it comes too late by itself."""
    due_at = campaign.rest_due_at
    if campaign.is_paused or due_at is None or due_at > clock.now():
        return
    winner, reason = text_trial.winner(campaign), _reason_to_ask(campaign, due_at)
    if winner is None or reason:
        _leave_to_a_person(campaign, reason or UNCLEAR)
    else:
        with transaction.atomic():
            _begin(campaign, winner, by=None)


@transaction.atomic
def begin_rest(campaign: Campaign, *, winner: int, by: User) -> None:
    """A person sends it to the rest, by their own connection. Raises RestDecided, NotConnected."""
    is_mine = _begin(campaign, winner, by=by, connection=connections.for_user(by))
    if not is_mine or not _rest(campaign).exists():
        raise RestDecided
    begun_at = Campaign.objects.values_list("rest_begun_at", flat=True).get(pk=campaign.pk)
    pausing.wait_a_moment(campaign, since=begun_at)


def take_back_rest(campaign: Campaign) -> bool:
    """In the same transaction, while it waits a moment after a person let it go: it waits as before.

    By the connection of its author; where the wait ended meanwhile, until a person says so.
    """
    now, connection = clock.now(), Connection.objects.filter(user=campaign.created_by).first()
    let_go = Campaign.objects.under_way().filter(
        pk=campaign.pk, paused_at=F("rest_begun_at"), resumes_at__gt=now
    )
    was_due = Case(When(rest_due_at__gt=now, then=F("rest_due_at")), default=None)
    as_before = {"rest_begun_at": None, "winner": None, "rest_due_at": was_due}
    own = {"connection": connection} if connection else {}
    return pausing.go_on_otherwise(let_go, campaign, **as_before, **own)


@transaction.atomic
def stop_here(campaign: Campaign, *, by: User) -> int:
    """The rest gets none of it. How many they are. Raises RestDecided."""
    if not _waiting(campaign).update(rest_due_at=None, revision=F("revision") + 1):
        raise RestDecided
    left_out = {"state": RecipientState.SKIPPED, "reason": STOPPED_REASON, "settled_at": clock.now()}
    stopped = _rest(campaign).update(**left_out)
    if not stopped:
        raise RestDecided
    _record(campaign, "campaign.rest_stopped", by, people=stopped)
    wake_on_commit("messaging.campaigns.tasks.send_campaign", campaign.pk)
    return stopped


def waiting(campaign: Campaign) -> QuerySet[Recipient]:
    """Who of the rest waits."""
    return _rest(campaign)


def word_next(campaign_id: int, *, most: int) -> bool:
    """Fill in the text that won for the next of the rest; whether there are more."""
    let_go = Campaign.objects.planning().filter(pk=campaign_id, rest_begun_at__isnull=False)
    campaign = let_go.exclude(more_texts=[]).select_related("customer", "template").first()
    if campaign is None or campaign.winner is None:
        return False
    with transaction.atomic():
        if not let_go.update(winner=campaign.winner):  # from here on, nobody else fills in its rest
            return False
        held = _wordless(campaign).select_for_update(of=("self",)).order_by("pk")
        found = list(held[:most])
        _word(campaign, found)
    return len(found) == most


def lacks_words(campaign: Campaign) -> bool:
    """Whether somebody of the rest, which was let go, still waits for the text that won."""
    is_open = campaign.tries_texts and not campaign.is_before_rest
    return is_open and _wordless(campaign).exists()


def _wordless(campaign: Campaign) -> QuerySet[Recipient]:
    return campaign.recipients.filter(state=RecipientState.PLANNED, wording=None)


def _word(campaign: Campaign, people: list[Recipient]) -> None:
    number = campaign.winner
    assert number is not None
    wording, hours = campaign.saying(number).wording, sending_hours.kept_by(campaign)
    rows = _rows_of(campaign, people, drawing.columns([wording]))
    values = {key: wording.values(row) for key, row in rows.items()}
    reasons = {key: audience.text_problem(each, wording) for key, each in values.items()}
    values = links.with_own(campaign, number, {key: each for key, each in values.items() if not reasons[key]})
    for each in people:
        if each.pk in values:
            each.wording, each.values = number, values[each.pk]
            country = sending_hours.country_of(each.phone, hours)
            each.key = batch_key(campaign, values[each.pk], number, country, moment_of(each.key))
        else:
            each.settle(RecipientState.SKIPPED, reasons.get(each.pk, audience.NOT_ACTIVE))
    Recipient.objects.bulk_update(
        people, ["wording", "values", "key", "state", "reason", "settled_at"], batch_size=500
    )


def _rows_of(campaign: Campaign, people: list[Recipient], columns: list[str]) -> dict[int, audience.Row]:
    """What fills the gaps for them by now: as their row of its list says, or else the contact alone."""
    contacts = Contact.objects.filter(pk__in=[each.contact_id for each in people if each.contact_id])
    known = {row["pk"]: row for row in contacts.values("pk", *columns)}
    found: dict[int, audience.Row] = {
        each.pk: known[each.contact_id] for each in people if each.contact_id in known
    }
    if campaign.people_list_id:
        reach = Reach.of_list(campaign)
        listed = listed_people.rows_of(reach, columns, [each.phone for each in people])
        found |= {each.pk: listed[each.phone] for each in people if each.phone in listed}
    return found


def _rest(campaign: Campaign) -> QuerySet[Recipient]:
    return campaign.recipients.filter(state=RecipientState.PLANNED, stage=REST)


def _waiting(campaign: Campaign) -> CampaignQuerySet:
    return Campaign.objects.before_rest().filter(pk=campaign.pk, paused_at=None)


def _begin(campaign: Campaign, winner: int, *, by: User | None, **fields: object) -> bool:
    """When the wait was to end is kept, for who takes it back."""
    now = clock.now()
    if not campaign.own_time:  # whose calls may name the time of the day on which it comes again
        fields = {"carries_time": False, **fields}
    if not move(
        _waiting(campaign),
        *UNDER_WAY,
        to=CampaignState.PLANNING,
        rest_begun_at=now,
        turn_at=now,
        winner=winner,
        ends_at=None,
        moved_at=now,
        revision=F("revision") + 1,
        **fields,
    ):
        return False
    after = {"text": text_trial.letter(winner)} if campaign.tries_texts else {}
    _record(campaign, "campaign.rest_begun", by, **after)
    wake_on_commit("messaging.campaigns.tasks.send_campaign", campaign.pk)
    return True


def _reason_to_ask(campaign: Campaign, due_at: datetime) -> str:
    """Why a person decides although the wait is over."""
    if max(due_at, campaign.moved_at or due_at) < late_since():
        return LATE
    author = campaign.created_by
    if author is None or not (author.is_active and author.can_write):
        return AUTHOR_GONE
    if not author.customers.filter(pk=campaign.customer_id).exists():
        return AUTHOR_GONE
    if campaign.approved_by and not campaign.approved_by.may_write_for(campaign.customer):
        return APPROVER_GONE
    reached = campaign.recipients.filter(stage=FIRST, state__in=responses.REACHED)
    return "" if reached.exists() else REACHED_NOBODY


def _leave_to_a_person(campaign: Campaign, why: str) -> None:
    with transaction.atomic():
        if _waiting(campaign).update(rest_due_at=None):
            _record(campaign, "campaign.rest_asked", None, why=why)


def _record(campaign: Campaign, verb: str, by: User | None, **after: object) -> None:
    audit.record(actor=by, customer=campaign.customer, verb=verb, subject=campaign, after=after)
    live.announce(campaign.customer, campaign.topic)
    live.announce(campaign.customer, "campaigns")
