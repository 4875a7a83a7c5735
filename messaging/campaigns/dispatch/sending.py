"""From a campaign whose time has come to calls in the outbox, in resumable, idempotent steps.

Each step is one transaction that begins with a compare-and-swap on the campaign: of two workers at
the same step one wins, and a step that was not committed has not happened.
"""

from collections.abc import Sequence

from django.db import DEFAULT_DB_ALIAS, IntegrityError, transaction
from django.db.models import F

from accounts.db.state_moves import move
from accounts.models import Customer
from accounts.trail import audit
from contacts.segments.syntax import SegmentError
from gateway import clock, outbox
from gateway.live_updates import live
from gateway.models import Lane
from gateway.smartdialog import quirks
from messaging.campaigns.audiences import audience, drawing
from messaging.campaigns.audiences.audience import JudgedRow, ListedUpTo
from messaging.campaigns.audiences.new_recipients import NewRecipients
from messaging.campaigns.audiences.reach import Reach
from messaging.campaigns.dispatch import (
    agreed_segments,
    agreed_templates,
    agreement,
    next_calls,
    pausing,
    planner,
    resending,
    rest_times,
    schedule,
    splitting,
    stages,
)
from messaging.campaigns.dispatch import calls as campaign_calls
from messaging.campaigns.dispatch.numbering import Numbers
from messaging.campaigns.dispatch.one_by_one import each_by_itself
from messaging.campaigns.models import Campaign, CampaignQuerySet, CampaignState, ResendRequest
from messaging.campaigns.models.hold_reason import Hold, HoldReason
from messaging.campaigns.models.stages import NOT_BEGUN
from messaging.campaigns.rules import approved_senders, sending_hours
from messaging.campaigns.short_links import links

LOOK_AT_IT = "Nothing was sent. Look at it, and send it yourself or cancel it."
SEND_IT_YOURSELF = "Nothing was sent. Look at it and send it yourself."
AT_ONCE = 10_000  # contacts listed, or recipients put into calls, in one transaction


def advance_campaigns() -> None:
    """Begin what is due, carry on what a worker left, end what is over. Runs every few seconds."""
    each_by_itself(Campaign.objects.to_resume(), pausing.resume_due)
    each_by_itself(Campaign.objects.before_rest(), stages.go_on_when_due)
    each_by_itself(ResendRequest.objects.due().select_related("asked_by"), resending.begin_again)
    each_by_itself(Campaign.objects.under_way(), _carry_on)
    each_by_itself(Campaign.objects.due(), _start)  # each is in the outbox before the next is judged


def _carry_on(campaign: Campaign) -> None:
    enqueue_batches(campaign.pk)
    finish(campaign)


def _start(campaign: Campaign) -> None:
    if begin(campaign):
        enqueue_batches(campaign.pk)


def begin(campaign: Campaign) -> bool:
    """Take a due campaign off the schedule; False when somebody else did, it is held, or it has to wait."""
    found = _reason_to_hold(campaign)
    if found:
        hold(campaign, found)
        return False
    if _has_to_wait(campaign):
        return False
    with transaction.atomic():
        due, now = _due_as_judged(campaign), clock.now()
        begun = dict.fromkeys(["begun_at", "turn_at", "moved_at"], now)
        if not move(due, CampaignState.SCHEDULED, to=CampaignState.PLANNING, **begun):
            return False
        audit.record(actor=None, customer=campaign.customer, verb="campaign.begun", subject=campaign)
        announce(campaign)
    return True


def _due_as_judged(campaign: Campaign) -> CampaignQuerySet:
    """Unless a person has changed it since it was read: others before it may have taken long to be listed."""
    return Campaign.objects.due().filter(pk=campaign.pk, revision=campaign.revision)


def send_now(campaign_id: int) -> None:
    """What the next tick would do for this campaign, now that a person asked to send it."""
    for campaign in Campaign.objects.due().filter(pk=campaign_id):
        begin(campaign)
    enqueue_batches(campaign_id)


def hold(campaign: Campaign, found: Hold) -> None:
    with transaction.atomic():
        due, held = _due_as_judged(campaign), {"held_reason": found.words}
        if move(due, CampaignState.SCHEDULED, to=CampaignState.HELD, **held, revision=F("revision") + 1):
            _record_held(campaign, found)


def enqueue_batches(campaign_id: int) -> None:
    """List the recipients and add their calls, from wherever it stands."""
    is_new = _list_recipients(campaign_id)
    # As soon as it is known, though its turn may come much later.
    if is_new and _hold_if_outgrown(Campaign.objects.select_related("customer").get(pk=campaign_id)):
        return
    while stages.word_next(campaign_id, most=AT_ONCE):
        pass
    while _enqueue_next_batches(campaign_id, is_judged=is_new):
        pass


def finish(campaign: Campaign) -> None:
    """Sent, once no call is left to be made."""
    if _goes_on(campaign):
        return
    own = Campaign.objects.filter(pk=campaign.pk).select_related("customer")
    over = {"finished_at": clock.now(), "paused_at": None, "pause_reason": "", "resumes_at": None}
    with transaction.atomic():
        campaign = own.select_for_update(of=("self",), no_key=True).get()
        if _goes_on(campaign):  # a person has let something of it be tried again, or its rest wait again
            return
        if move(own, CampaignState.SENDING, to=CampaignState.SENT, **over):
            splitting.learn_at_the_end(campaign)
            announce(campaign)


def _goes_on(campaign: Campaign) -> bool:
    return outbox.is_underway(batch=campaign.batch) or stages.keeps_rest(campaign)


def _reason_to_hold(campaign: Campaign) -> Hold | None:
    if campaign.is_overdue:
        words = "Its time went by before it could be sent. Nothing was sent. "
        return Hold(HoldReason.OVERDUE, f"{words}Send it now, choose another time, or cancel it.")
    if found := _who_may_not_send(campaign):
        return found
    try:
        _ = Reach.of(campaign).contacts
    except SegmentError as error:
        return _unknown_audience(error)
    if words := agreed_segments.what_changed(campaign):
        return Hold(HoldReason.SEGMENT_CHANGED, f"{words} {LOOK_AT_IT}")
    if campaign.service and campaign.service.gone_at:
        words = f"SmartDialog no longer lists the service {campaign.service}. Nothing was sent. "
        return Hold(HoldReason.SERVICE_GONE, f"{words}Choose another service, or ask Arena about it.")
    if campaign.is_sms and (words := approved_senders.withdrawn(campaign.customer, campaign.sender)):
        words = f"{words} Nothing was sent. Choose another, or ask an admin to approve it again."
        return Hold(HoldReason.SENDER_WITHDRAWN, words)
    if words := agreed_templates.reason_to_hold(campaign):
        return Hold(HoldReason.TEMPLATE_CHANGED, f"{words} {LOOK_AT_IT}")
    return None


def _who_may_not_send(campaign: Campaign) -> Hold | None:
    author, approver = campaign.created_by, campaign.approved_by
    if campaign.connection is None or author is None or not author.is_active or not author.can_write:
        return Hold(HoldReason.AUTHOR_GONE, f"Who scheduled it may not send any more. {SEND_IT_YOURSELF}")
    if not author.customers.filter(pk=campaign.customer_id).exists():
        words = f"{author} no longer reaches this customer. {SEND_IT_YOURSELF}"
        return Hold(HoldReason.AUTHOR_ELSEWHERE, words)
    if approver and not approver.may_write_for(campaign.customer):
        words = f"{approver}, who approved it, may not send any more. Nothing was sent. Send it yourself."
        return Hold(HoldReason.APPROVER_GONE, words)
    return None


def _has_to_wait(campaign: Campaign) -> bool:
    """For its connection; or, where a late start leaves its calls no time to be early, for send_at itself."""
    if campaign.connection is None or not campaign.connection.is_active:
        return True
    if campaign.own_time or not (campaign.carries_time and campaign.send_at):
        return False
    now = clock.now()
    calls = campaign.first_calls + schedule.unwritten_calls(campaign.connection)
    done_at = outbox.eta(campaign.connection, calls=calls, lane=Lane.CAMPAIGN)
    seconds, lead = (done_at - now).total_seconds(), quirks.of(campaign.customer_id).lead
    if planner.in_time(campaign.send_at, seconds=seconds, now=now, lead=lead):
        return False
    due = Campaign.objects.due().filter(pk=campaign.pk)
    due.update(begins_at=max(campaign.send_at, now), carries_time=False)
    return campaign.send_at > now


def _list_recipients(campaign_id: int) -> bool:
    """Whether the last of them is listed now, and was not before."""
    planning = Campaign.objects.planning().filter(pk=campaign_id)
    if not planning.filter(listed_at=None).exists():
        return False
    numbers = Numbers()
    while _snapshot_recipients(campaign_id, numbers):
        pass
    return planning.filter(listed_at__isnull=False).exists()


def _snapshot_recipients(campaign_id: int, numbers: Numbers | None = None) -> bool:
    """Snapshot the next contacts; whether there are more. `numbers`: of the calls that carry those before."""
    try:
        return _list_next(campaign_id, numbers or Numbers())
    except IntegrityError:  # somebody who is listed has come again: deleted and added, or with another number
        return _list_next(campaign_id, Numbers(), may_repeat=True)


def _list_next(campaign_id: int, numbers: Numbers, *, may_repeat: bool = False) -> bool:
    campaign = Campaign.objects.planning().filter(pk=campaign_id, listed_at=None).first()
    if campaign is None:
        return False
    try:
        reach, wordings = Reach.of(campaign), [text.wording for text in campaign.texts]
        place = ListedUpTo(campaign.list_cursor, campaign.cursor)
        people, last, more = audience.next_people(
            reach, wordings[0], *drawing.columns(wordings), after=place, most=AT_ONCE
        )
    except SegmentError as error:
        _hold_listing(campaign, _unknown_audience(error))
        return False
    with transaction.atomic():
        mine = Campaign.objects.planning().filter(
            pk=campaign_id, list_cursor=place.row, cursor=place.contact, listed_at=None
        )
        listed_at = None if more else clock.now()
        if not mine.update(list_cursor=last.row, cursor=last.contact, listed_at=listed_at):
            return False
        _one_at_a_time(campaign)
        numbers.catch_up(campaign)
        hours = sending_hours.kept_by(campaign)
        new = _not_listed_yet(campaign, people) if reach.may_repeat or may_repeat else people
        phones = [row["phone"] for row, _, reason in new if not reason]
        moments = reach.limits.moments(phones) if reach.limits else {}
        assigned = drawing.each_with_text(campaign, wordings, new)
        made = NewRecipients(campaign, hours, numbers.next)
        links.add_people(
            campaign, (made.make(each, text, moments.get(each[0]["phone"])) for each, text in assigned)
        )
        numbers.keep_up(campaign, last.row, last.contact)
        if campaign.has_stages and not more:
            drawing.draw(campaign)
        announce(campaign)
    return more


def _one_at_a_time(campaign: Campaign) -> None:
    """Of two campaigns of a customer the keys of recipients tell which listed somebody first."""
    list(Customer.objects.select_for_update(no_key=True).filter(pk=campaign.customer_id).values_list("pk"))


def _not_listed_yet(campaign: Campaign, people: Sequence[JudgedRow]) -> list[JudgedRow]:
    """Somebody in several groups comes again with each."""
    there = campaign.recipients.filter(phone__in=[row["phone"] for row, *_ in people])
    phones = set(there.values_list("phone", flat=True))
    return [each for each in people if each[0]["phone"] not in phones]


def _enqueue_next_batches(campaign_id: int, *, is_judged: bool = False) -> bool:
    """Put the next recipients into calls; whether there are more to be put into some by now.

    `is_judged`: what would leave was just found to be what was agreed to.
    """
    planning = Campaign.objects.planning().filter(pk=campaign_id)
    campaign = planning.exclude(listed_at=None).select_related("customer", "service", "template").first()
    if campaign is None or next_calls.wait_for_their_time(campaign) or next_calls.are_written_ahead(campaign):
        return False
    if not (campaign.batches or is_judged) and _hold_if_outgrown(campaign):
        return False
    as_seen = {"connection": campaign.connection_id, "rest_begun_at": campaign.rest_begun_at}
    mine = planning.filter(batches=campaign.batches, **as_seen)
    with transaction.atomic():
        if not mine.update(batches=campaign.batches):  # from here on, nobody else makes its calls
            return False
        rest_times.move_on(campaign)
        made = next_calls.take(campaign, max(AT_ONCE, 2 * campaign.batch_size))
        campaign_calls.enqueue(campaign, made.people)
        is_planned = not made.more and not stages.lacks_words(campaign)
        mine.update(batches=made.last)
        if is_planned:
            move(Campaign.objects.filter(pk=campaign.pk), CampaignState.PLANNING, to=CampaignState.SENDING)
        announce(campaign)
    return made.more


def _hold_if_outgrown(campaign: Campaign) -> bool:
    """Nobody is sent what nobody agreed to: people may have joined, and their words may be long."""
    reason, words = HoldReason.SEGMENT_CHANGED, agreed_segments.what_changed(campaign)
    if not words:
        reason, words = HoldReason.OUTGROWN, agreement.outgrown(campaign)
    if not words:
        return False
    _hold_listing(campaign, Hold(reason, f"{words} Nothing was sent."))
    return True


def _hold_listing(campaign: Campaign, found: Hold) -> None:
    """Whoever was listed is forgotten: nothing of it has left."""
    anew = {
        **NOT_BEGUN,
        "begun_at": None,
        "turn_at": None,
        "list_cursor": 0,
        "cursor": 0,
        "listed_at": None,
        "revision": F("revision") + 1,
    }
    with transaction.atomic():
        listing = Campaign.objects.planning().filter(pk=campaign.pk, batches=0)
        if move(listing, CampaignState.PLANNING, to=CampaignState.HELD, held_reason=found.words, **anew):
            campaign.links.all().delete()
            campaign.recipients.all()._raw_delete(DEFAULT_DB_ALIAS)
            _record_held(campaign, found)


def _unknown_audience(error: SegmentError) -> Hold:
    words = f"Whom it is for cannot be found out. {error.text}"
    return Hold(HoldReason.AUDIENCE_UNKNOWN, words)


def _record_held(campaign: Campaign, found: Hold) -> None:
    why = found.told
    audit.record(actor=None, customer=campaign.customer, verb="campaign.held", subject=campaign, after=why)
    announce(campaign)


def announce(campaign: Campaign) -> None:
    live.announce(campaign.customer, campaign.topic)
    live.announce(campaign.customer, "campaigns")
