"""What people decide about a bulk action: begin it, undo it, pause, resume, cancel; and what a sweep does."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Count, F

from accounts.db.state_moves import move
from accounts.models import User
from accounts.trail import audit
from contacts.bulk.action_texts import verified
from contacts.bulk.fingerprints import fingerprint_of
from contacts.bulk.verbs import VERBS
from contacts.listing.selection import Selection
from contacts.models import BulkAction, BulkState, BulkVerb, Contact
from contacts.models.bulk import OVER, STOPPABLE, BulkActionQuerySet, lane_for
from contacts.models.contact import MAY_EXIST_REMOTELY
from contacts.sync import group_deletion, verification
from gateway import clock, outbox
from gateway.live_updates import live
from gateway.models import Lane
from gateway.outbox import backlogs
from gateway.sign_in import connections
from gateway.workers.wake_up import wake_on_commit

RECOUNT_UP_TO = 10_000  # people
CANCELLED = "{by} cancelled it."
UNDONE = "{by} undid it before it began. Nothing was changed."


@dataclass(frozen=True)
class BulkPrice:
    """How many are selected, how many of them change, and how many calls that takes.

    `fingerprint`: whether others are selected by now, see contacts.bulk.fingerprints. `there`: how many
    SmartDialog has, as far as we know, of a group that is to be emptied; None for any other action.
    `opted_out`: how many are left as they are since they said themselves that they want no messages.
    """

    people: int
    changing: int
    calls: int
    fingerprint: str
    there: int | None = None
    opted_out: int = 0

    @property
    def lane(self) -> Lane:
        return lane_for(self.people)

    @property
    def to_type(self) -> int:
        """The number that a person types where much is lost: of a whole group, how many are there."""
        return self.there or self.people


def price(verb: BulkVerb, selection: Selection) -> BulkPrice:
    """One look at whoever is selected, and for some verbs one more."""
    there = _there(verb, selection)
    contacts = selection.contacts()
    if verb == BulkVerb.DELETE and not selection.is_whole_group:
        crowd = fingerprint_of(contacts, calls=Count("pk", filter=MAY_EXIST_REMOTELY))
        return BulkPrice(crowd.people, crowd.people, crowd.also["calls"], crowd.fingerprint)
    crowd = fingerprint_of(contacts)
    changing = VERBS[verb].changeable(contacts).count() if verb in _CHOOSY else crowd.people
    opted_out = VERBS[verb].opted_out(contacts).count() if changing < crowd.people else 0
    return BulkPrice(
        crowd.people,
        changing,
        _calls(verb, selection, changing),
        crowd.fingerprint,
        there=there,
        opted_out=opted_out,
    )


def agreed_price(
    verb: BulkVerb, selection: Selection, agreed: int, fingerprint: str, there: int = 0
) -> BulkPrice:
    """Looked at again while that is quick; at many people the worker looks, before it changes anybody.

    `there`: how many of a whole group were shown to be at SmartDialog.
    """
    if agreed <= RECOUNT_UP_TO or not selection.is_matching or not fingerprint:
        return price(verb, selection)
    calls = _calls(verb, selection, agreed)
    is_emptying = verb == BulkVerb.DELETE and selection.is_whole_group
    return BulkPrice(agreed, agreed, calls, fingerprint, there if is_emptying else None)


def begin(
    verb: BulkVerb, selection: Selection, *, agreed: BulkPrice, options: dict[str, Any], by: User
) -> BulkAction:
    """Nothing changes before the time to undo it is over. Raises NotConnected."""
    connection = connections.for_user(by)
    everybody = Contact.objects.present().filter(group=selection.group)
    newest = everybody.order_by("-pk").values_list("pk", flat=True).first()
    with transaction.atomic():
        action = BulkAction.objects.create(
            group=selection.group,
            verb=verb,
            options=options,
            filter=selection.filter,
            ids=None if selection.ids is None else list(selection.ids),
            whom=selection.kept_words()[:600],
            agreed=agreed.people,
            fingerprint=agreed.fingerprint,
            calls=agreed.calls,
            is_whole_group=verb == BulkVerb.DELETE and selection.is_whole_group,
            ceiling=newest or 0,
            created_by=by,
            connection=connection,
            begins_at=clock.now() + _grace(verb),
        )
        wake_worker(action)  # who finds it pending leaves it to the sweep
        _record(action, "agreed", by, whom=action.whom, people=agreed.people, **options)
    return action


def undo(action: BulkAction, *, by: User) -> bool:
    """False when it has begun already."""
    with transaction.atomic():
        if not move(
            _undoable(action),
            BulkState.PENDING,
            to=BulkState.CANCELLED,
            note=UNDONE.format(by=by),
            filter="",
            finished_at=clock.now(),
            leased_until=None,
        ):
            return False
        if action.is_whole_group:
            action.refresh_from_db(fields=["options"])
            group_deletion.release_held(action)
        _record(action, "undone", by)
    return True


def hold(action: BulkAction) -> bool:
    """Put off its beginning while somebody looks at it, up to `starts_by`; False when it begins already."""
    begins_at = min(clock.now() + _grace(BulkVerb(action.verb)), action.starts_by)
    waiting = _undoable(action).exclude(begins_at=_AT_ONCE)
    return bool(waiting.filter(begins_at__lt=begins_at).update(begins_at=begins_at))


def start_now(action: BulkAction) -> bool:
    """Whoever looks at it in another tab holds it no more."""
    with transaction.atomic():
        if not _undoable(action).exclude(begins_at=_AT_ONCE).update(begins_at=_AT_ONCE):
            return False
        wake_worker(action)
    return True


def pause(action: BulkAction, *, by: User) -> bool:
    """The worker stops at its next chunk, and calls that have not left stay."""
    with transaction.atomic():
        running = _stoppable(action).filter(paused=False)
        if not running.update(paused=True, leased_until=None, stalls=0):
            return False
        backlogs.pause(action.batch)
        _record(action, "paused", by)
    return True


def stop(action: BulkAction, *, by: User) -> bool:
    """The same of one whose person may do no more: of emptying a group, too, while it has not begun."""
    with transaction.atomic():
        pending = _undoable(action).filter(is_whole_group=True, paused=False)
        if pending.update(paused=True, leased_until=None):
            _record(action, "paused", by)
            return True
    return pause(action, by=by)


def resume(action: BulkAction, *, by: User) -> bool:
    with transaction.atomic():
        if not _unfinished(action).filter(paused=True).update(paused=False):
            return False
        backlogs.resume(action.batch)
        _record(action, "resumed", by)
        wake_worker(action)
    return True


def cancel(action: BulkAction, *, by: User) -> bool:
    """What is changed stays so; calls that have not left do not leave, and their contacts say so."""
    with transaction.atomic():
        stopped = move(
            _stoppable(action),
            *STOPPABLE,
            to=BulkState.CANCELLED,
            note=CANCELLED.format(by=by),
            filter="",
            finished_at=clock.now(),
            leased_until=None,
        )
        if not stopped:
            return False
        _record(action, "cancelled", by, calls_not_made=backlogs.cancel(action.batch))
    return True


def sweep() -> None:
    """Find what is due, or whose worker died, and actions whose last call has been made."""
    for action in BulkAction.objects.due() | BulkAction.objects.filter(state=BulkState.SYNCING):
        if action.state != BulkState.SYNCING:
            wake_worker(action)
        elif outbox.progress_of(action.batch).is_over:
            _end(action)


def _end(action: BulkAction) -> None:
    found = verified(verification.results(action)) if action.verb == BulkVerb.VERIFY else ""
    over = {"note": found, "filter": "", "finished_at": clock.now()}
    move(BulkAction.objects.filter(pk=action.pk), BulkState.SYNCING, to=BulkState.DONE, **over)
    live.announce(action.group.customer, "contacts")


def wake_worker(action: BulkAction) -> None:
    wake_on_commit("contacts.tasks.run_bulk_action", action.pk)


def _grace(verb: BulkVerb) -> timedelta:
    """To look changes nothing that could be undone."""
    return timedelta(seconds=0 if verb == BulkVerb.VERIFY else settings.BULK_GRACE)


def _there(verb: BulkVerb, selection: Selection) -> int | None:
    """Those being deleted one by one are there still."""
    if verb != BulkVerb.DELETE or not selection.is_whole_group:
        return None
    return Contact.objects.filter(MAY_EXIST_REMOTELY, group=selection.group).count()


def _calls(verb: BulkVerb, selection: Selection, changing: int) -> int:
    if verb == BulkVerb.DELETE and selection.is_whole_group:
        return min(changing, 1)
    return changing * VERBS[verb].calls


_AT_ONCE = F("created_at")  # when an action begins that somebody told to
_CHOOSY = (BulkVerb.ACTIVATE, BulkVerb.DEACTIVATE, BulkVerb.SEND)


def _undoable(action: BulkAction) -> BulkActionQuerySet:
    return BulkAction.objects.filter(pk=action.pk, state=BulkState.PENDING)


def _unfinished(action: BulkAction) -> BulkActionQuerySet:
    return BulkAction.objects.filter(pk=action.pk).exclude(state__in=OVER)


def _stoppable(action: BulkAction) -> BulkActionQuerySet:
    """A group that SmartDialog is emptying, or has emptied, has to go here as well."""
    return _unfinished(action).exclude(is_whole_group=True)


def _record(action: BulkAction, what: str, by: User, **after: Any) -> None:
    audit.record(
        actor=by,
        customer=action.group.customer,
        verb=f"bulk_{action.verb}.{what}",
        subject=action,
        after=after | {"group": action.group.name},
    )
    live.announce(action.group.customer, "contacts")
