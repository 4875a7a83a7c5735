"""What happened to a campaign, in order, as the page tells it."""

from itertools import pairwise

from accounts.trail import timeline
from accounts.trail.timeline import TimelineEntry
from messaging.campaigns.models import Campaign, CampaignState

EVENT_LABELS = {
    "campaign.created": ("Created", "neutral"),
    "campaign.edited": ("Changed", "neutral"),
    "campaign.tested": ("Tested", "neutral"),
    "campaign.scheduled": ("Scheduled", "info"),
    "campaign.asked": ("Scheduled, once a second person approves it", "info"),
    "campaign.asked_again": ("Sending again waits for a second person", "info"),
    "campaign.decided_alone": ("Sent without a second person: nobody else may send", "warning"),
    "campaign.approved": ("Approved", "positive"),
    "campaign.refused": ("Not approved", "warning"),
    "campaign.taken_back": ("Undone", "neutral"),
    "campaign.made_to_wait": ("Made to wait a little longer", "neutral"),
    "campaign.begun": ("Sending started", "info"),
    "campaign.held": ("Paused for a decision", "warning"),
    "campaign.paused": ("Paused", "warning"),
    "campaign.stopped_sender": ("Stopped, as its sender was withdrawn", "warning"),
    "campaign.stopped_late": ("Stopped, as it would have come too late", "warning"),
    "campaign.stopped_closed": ("Stopped, as no sending hours suit all of a call", "warning"),
    "campaign.stopped_changed": ("Stopped, as its template has changed", "warning"),
    "campaign.resumed": ("Resumed", "info"),
    "campaign.went_on": ("Resumed by itself", "info"),
    "campaign.first_done": ("The first have it", "info"),
    "campaign.rest_begun": ("Sent to the rest", "info"),
    "campaign.rest_asked": ("The wait is over, and a person decides on the rest", "warning"),
    "campaign.rest_stopped": ("Stopped before the rest", "neutral"),
    "campaign.repeated": ("Set to repeat", "info"),
    "campaign.repeats_ended": ("Stopped repeating", "neutral"),
    "campaign.cancelled": ("Cancelled", "negative"),
    "campaign.retried": ("Failed calls tried again", "info"),
    "campaign.resent": ("Resent to people who didn’t get it", "info"),
    "campaign.not_resent": ("Not sent again: it had changed, or who asked may not send any more", "warning"),
    "campaign.exported": ("People exported", "neutral"),
}


def steps(campaign: Campaign) -> list[TimelineEntry]:
    """One query."""
    done = timeline.steps(campaign, customer=campaign.customer, words=EVENT_LABELS)
    if campaign.state == CampaignState.SENT:
        done.append(TimelineEntry("Sending finished", campaign.finished_at, tone="positive"))
    return _without_repeats(done) + _to_come(campaign)


def _without_repeats(entries: list[TimelineEntry]) -> list[TimelineEntry]:
    """Of changes by the same person in a row, as a draft saves itself, the last."""
    pairs = pairwise([*entries, None])
    return [each for each, later in pairs if each and not (later and _are_one(each, later))]


def _are_one(each: TimelineEntry, later: TimelineEntry) -> bool:
    changed = EVENT_LABELS["campaign.edited"][0]
    return each.text == later.text == changed and each.who == later.who


def _to_come(campaign: Campaign) -> list[TimelineEntry]:
    if campaign.state != CampaignState.SCHEDULED or campaign.begins_at is None:
        return []
    if campaign.carries_time:
        note = "SmartDialog gets everything before the time and holds it until then."
        return [
            TimelineEntry("Calls begin", campaign.begins_at, is_next=True, note=note),
            TimelineEntry("People get it", campaign.send_at, is_next=True),
        ]
    return [TimelineEntry("Sending begins", campaign.begins_at, is_next=True)]
