"""Campaigns that somebody may still get, or got, after they had opted out: SmartDialog had taken them before.

Whoever has opted out is taken out of each call before it leaves. So what has left with a time after that was
taken early; and a call that may have been taken keeps all whom it names.
"""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Q

from accounts.templatetags.ui import exact
from accounts.trail.timeline import TimelineEntry
from contacts.consent import too_late
from contacts.models import Suppression
from contacts.text.phones import spellings
from gateway import clock, outbox
from messaging.campaigns.audiences.new_recipients import MARK, moment_of
from messaging.campaigns.models import UNDER_WAY, Recipient, RecipientQuerySet, RecipientState

TAKEN = [RecipientState.ACCEPTED, RecipientState.DELIVERED]


@too_late.finds("campaigns")
def campaigns(opt_out: Suppression) -> Iterator[TimelineEntry]:
    """Two queries, and one for each call that still waits."""
    found = Recipient.objects.of_customer(opt_out.customer).filter(phone__in=spellings(opt_out.phone))
    for recipient in _taken_early(found, opt_out.since):
        at = _at(recipient)
        if at and at > opt_out.since:
            yield _entry(opt_out, recipient, at)
    waiting = found.filter(state=RecipientState.PLANNED, batch__isnull=False, campaign__state__in=UNDER_WAY)
    for recipient in waiting.select_related("campaign"):
        call = {"number": recipient.batch}
        if outbox.was_in_doubt(batch=recipient.campaign.batch, payload=call):
            yield _entry(opt_out, recipient, None)


def _taken_early(found: RecipientQuerySet, since: datetime) -> RecipientQuerySet:
    with_time = Q(campaign__send_at__gt=since) | Q(key__startswith=MARK)
    return found.filter(with_time, state__in=TAKEN).select_related("campaign")


def _at(recipient: Recipient) -> datetime | None:
    return moment_of(recipient.key) or recipient.campaign.send_at


def _entry(opt_out: Suppression, recipient: Recipient, at: datetime | None) -> TimelineEntry:
    """`at`: when it arrives; None where nobody knows whether it was taken."""
    if at is None:
        text, note = "May still get", "SmartDialog may have taken it before, and has not answered yet."
    elif at > clock.now():
        text, note = "May still get", f"SmartDialog had taken it before, and sends it {exact(at)}."
    else:
        text, note = "Opted out too late for", f"SmartDialog had taken it before, for {exact(at)}."
    return TimelineEntry(f"{text} {recipient.campaign}", opt_out.since, tone="warning", note=note)
