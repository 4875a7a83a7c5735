"""What a team does with threads so that nobody trips over anybody: assign, label, snooze, finish many."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce

from accounts.db.state_moves import move
from accounts.models import Customer, User, subject_key
from accounts.trail import audit
from contacts.text.full_text_search import case_folded
from contacts.text.values import visible_name
from gateway import clock
from gateway.live_updates import live
from messaging.inbox.incoming.receiving import TOPIC
from messaging.inbox.models import Label, Team, Thread, ThreadState
from messaging.inbox.models.thread import ThreadQuerySet
from messaging.inbox.reporting import response_times

MAX_LABELS = 50  # of a customer


def team_of(customer: Customer) -> QuerySet[User]:
    """Who may answer for the customer, by name."""
    return User.objects.at_work().filter(customers=customer).order_by("name", "username")


def assign(threads: ThreadQuerySet, *, customer: Customer, to: User | Team | None, by: User | None) -> int:
    """Whose turn it is to answer; None: nobody's. How many had somebody else."""
    user, team = to if isinstance(to, User) else None, to if isinstance(to, Team) else None
    whose: dict[str, Any] = {"assignee": user, "team": team}
    verb, after = ("thread.assigned", {"to": str(to)}) if to else ("thread.unassigned", None)
    return _change(threads.exclude(**whose), customer, verb, by=by, after=after, **whose)


def finish(threads: ThreadQuerySet, seen: dict[int, int], *, customer: Customer, by: User) -> int:
    """Mark as done those in which nothing came after what was `seen`, by thread: the key of their last
    message then. How many were not done.
    """
    as_seen = Q(pk=None)
    for pk, newest in seen.items():
        as_seen |= Q(pk=pk, newest_received__lte=newest)
    undone = threads.filter(as_seen).exclude(state=ThreadState.CLOSED)
    over = dict.fromkeys(["snoozed_until", "unanswered_since", "asked_at", "begun_at"])
    with transaction.atomic():
        response_times.done(undone.select_for_update(no_key=True).select_related(None), by=by)
        return _change(
            undone,
            customer,
            "thread.closed",
            ThreadState.OPEN,
            ThreadState.SNOOZED,
            to=ThreadState.CLOSED,
            by=by,
            **over,
        )


def snooze(thread: Thread, *, until: datetime, seen: int, by: User) -> bool:
    """Out of the way until then, or until the person writes again: False where they have, since the message
    with the key `seen`.
    """
    own = Thread.objects.filter(pk=thread.pk, newest_received__lte=seen)
    return bool(
        _change(
            own,
            thread.customer,
            "thread.snoozed",
            *ThreadState,
            to=ThreadState.SNOOZED,
            by=by,
            after={"until": until},
            snoozed_until=until,
        )
    )


def wake_snoozed() -> int:
    """Bring back those whose time has come: they wait for us, since then where they did not before. When they
    came back stays known: they are told of anew.
    """
    due = Thread.objects.due_back(clock.now())
    since = Coalesce("unanswered_since", F("snoozed_until"))
    return sum(
        _change(
            due.of_customer(each),
            each,
            "thread.woke",
            ThreadState.SNOOZED,
            to=ThreadState.OPEN,
            unanswered_since=since,
        )
        for each in Customer.objects.filter(pk__in=due.values("customer"))
    )


def add_label(threads: ThreadQuerySet, name: str, *, customer: Customer, by: User | None) -> Label | None:
    """Put it on the threads, made where the customer has none of that name. None: no name, or too many."""
    name = visible_name(name)[: Label._meta.get_field("name").max_length].strip()
    with transaction.atomic():
        label = _held_label(customer, name) if name else None
        if label is None:
            return None
        bare = list(threads.exclude(labels=label).values_list("pk", flat=True))
        on = Thread.labels.through
        on.objects.bulk_create([on(thread_id=pk, label_id=label.pk) for pk in bare], ignore_conflicts=True)
        _tell_of(bare, customer, "thread.labelled", by=by, after={"label": name})
    return label


def remove_label(thread: Thread, label: Label, *, by: User) -> None:
    """Off this thread; a label that is on none any more is gone."""
    with transaction.atomic():
        Label.objects.select_for_update().filter(pk=label.pk).first()  # nobody puts it on meanwhile
        thread.labels.remove(label)
        _tell_of([thread.pk], thread.customer, "thread.unlabelled", by=by, after={"label": label.name})
        Label.objects.filter(pk=label.pk, threads=None).delete()


def _held_label(customer: Customer, name: str) -> Label | None:
    """Of that name, made where there is none, and ours until the commit: none that has just been put on goes
    with the last thread that it is taken off. None: there are too many.
    """
    own = Label.objects.of_customer(customer)
    known = list(own.select_for_update().order_by("pk"))
    held = next((label for label in known if case_folded(label.name) == case_folded(name)), None)
    if held or len(known) >= MAX_LABELS:
        return held
    made, _ = Label.objects.get_or_create(customer=customer, name=name)
    return own.select_for_update().filter(pk=made.pk).first()


def _change(
    threads: ThreadQuerySet,
    customer: Customer,
    verb: str,
    *before: ThreadState,
    to: ThreadState | None = None,
    by: User | None = None,
    after: dict[str, Any] | None = None,
    **changes: Any,
) -> int:
    """All in one transaction: the rows that are still as asked for, the audit trail, open pages."""
    with transaction.atomic():
        asked = list(threads.values_list("pk", flat=True))
        held = Thread.objects.filter(pk__in=asked).order_by("pk").select_for_update(no_key=True)
        list(held.values_list("pk", flat=True))  # ours until the commit
        pks = list(threads.filter(pk__in=asked).values_list("pk", flat=True))
        rows = Thread.objects.filter(pk__in=pks)
        changed = move(rows, *before, to=to, **changes) if to else rows.update(**changes)
        _tell_of(pks, customer, verb, by=by, after=after)
    return changed


def _tell_of(
    pks: list[int], customer: Customer, verb: str, *, by: User | None, after: dict[str, Any] | None
) -> None:
    subjects = [subject_key(Thread(pk=pk)) for pk in pks]
    audit.record_each(subjects, actor=by, customer=customer, verb=verb, after=after)
    live.announce_rows(customer, TOPIC, pks)
