"""The person of a thread: every spelling of their number, their other threads, what happened with them."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache, cached_property
from typing import Any

from django.db.models import QuerySet, prefetch_related_objects
from django.utils.dateparse import parse_datetime

from accounts.db.kept_queries import kept
from accounts.db.paging import SortOrder
from accounts.models import AuditEvent, Customer, subject_key
from accounts.templatetags.ui import exact
from accounts.trail import audit
from accounts.trail.timeline import TimelineEntry
from contacts.consent import record
from contacts.models import Contact, Suppression
from contacts.text.phones import spellings
from gateway.models import Service
from messaging.campaigns.outcome import person_messages
from messaging.campaigns.outcome.person_messages import CampaignMessage
from messaging.inbox.models import Message, Note, RuleRun, Thread

CAMPAIGNS_SHOWN = 10
DONE = {
    "thread.closed": "Marked as done",
    "thread.reopened": "Opened again",
    "thread.assigned": "Assigned to",
    "thread.unassigned": "Assigned to nobody",
    "thread.labelled": "Labelled",
    "thread.unlabelled": "Took a label off",
    "thread.snoozed": "Snoozed until",
    "thread.woke": "Came back, as its time had come",
    "thread.discussion_linked": "Linked a discussion in SmartDialog",
    "thread.discussion_unlinked": "Took the link to a discussion off",
    "reply.taken_over": "Took over an answer",
    "reply.cancelled": "Cancelled an answer",
    "reply.dismissed": "Dismissed an answer that did not arrive",
}
LATEST_FIRST = SortOrder("at", falling=True, is_time=True)
EVER, NEVER = datetime(1, 1, 2, tzinfo=UTC), datetime(9999, 12, 30, tzinfo=UTC)
OF_RULES = {"thread.assigned", "thread.unassigned", "thread.labelled"}  # by nobody: their runs tell it


@dataclass(frozen=True)
class Entry:
    """One thing in a conversation: a message, what a campaign said, what somebody or a rule did, or, on a
    contact's sheet, a note.
    """

    at: datetime
    message: Message | None = None
    campaign: CampaignMessage | None = None
    event: TimelineEntry | None = None
    run: RuleRun | None = None
    note: Note | None = None

    @property
    def has_happened(self) -> bool:
        """Else a campaign has not sent it, or will not."""
        return self.campaign is None or self.campaign.has_left


@dataclass(frozen=True)
class Correspondent:
    """Who writes in a thread, in whatever spelling of their number.

    `for_them`: the latest campaigns that were for them, newest first, where these are known.
    """

    thread: Thread
    contacts: list[Contact] = field(default_factory=list)
    for_them: list[CampaignMessage] | None = None

    @classmethod
    def of(
        cls,
        thread: Thread,
        for_them: list[CampaignMessage] | None = None,
        *,
        services: Iterable[Service] = (),
    ) -> "Correspondent":
        """One query. `services`: the customer's, where it is shown in which groups they are."""
        found = _contacts(thread.customer, tuple(spellings(thread.address)))
        known = {each.pk: each for each in services}
        for contact in found:
            if contact.group_id in known:
                contact.group = known[contact.group_id]
        return cls(thread, found, for_them)

    @property
    def name(self) -> str:
        return next((contact.name for contact in self.contacts if contact.name), "")

    @property
    def properties(self) -> list[tuple[str, str]]:
        """Of every group they are in; what two groups say alike stands once."""
        said = (pair for contact in self.contacts for pair in contact.properties.items())
        return list(dict.fromkeys(said))

    @property
    def facts(self) -> list[tuple[str, object]]:
        return list(dict.fromkeys(fact for contact in self.contacts for fact in contact.facts))

    @property
    def failed_messages(self) -> int:
        return max((contact.failed_messages or 0 for contact in self.contacts), default=0)

    @cached_property
    def campaigns(self) -> list[CampaignMessage]:
        """The latest, newest first."""
        if self.for_them is not None:
            return self.for_them[:CAMPAIGNS_SHOWN]
        phones = spellings(self.thread.address)
        return person_messages.latest_of(self.thread.customer, phones, CAMPAIGNS_SHOWN)


@kept
def _contacts(customer: Customer, phones: tuple[str, ...]) -> QuerySet[Contact]:
    return Contact.objects.present().filter(group__customer=customer, phone__in=phones).order_by("pk")


def threads_of(thread: Thread) -> list[Thread]:
    """All with this person: that thread first, then those to other services and under other spellings."""
    others = _others(thread.customer, thread.pk, tuple(spellings(thread.address)))
    for other in others:
        other.customer = thread.customer
    prefetch_related_objects(others, "service")
    return [thread, *others]


@kept
def _others(customer: Customer, but: int, phones: tuple[str, ...]) -> QuerySet[Thread]:
    found = Thread.objects.of_customer(customer).filter(address__in=phones)
    return found.exclude(pk=but).order_by("pk")


def held_threads_of(thread: Thread) -> list[Thread]:
    """The same as they are now, and ours until the commit."""
    keys = [each.pk for each in threads_of(thread)]
    held = Thread.objects.filter(pk__in=keys).order_by("pk").select_for_update(no_key=True)
    return sorted(held, key=lambda each: each.pk != thread.pk)


def happened(
    threads: list[Thread],
    *,
    since: datetime | None,
    until: datetime | None,
    most: int,
    onwards: bool = False,
) -> tuple[list[Entry], list[Entry]]:
    """What colleagues did, and what rules did, from `since` on and before `until`: so many of each, the
    newest first, or `onwards` the oldest first. Two queries.
    """
    bounds = (since or EVER, until or NEVER)
    acts = _acts(most, onwards)(tuple(map(subject_key, threads)), *bounds)
    runs = _runs(most, onwards)(tuple(each.pk for each in threads), *bounds)
    prefetch_related_objects(runs, "assignee", "team", "group", "undone_by")  # few threads have any
    return [Entry(each.at, event=_told(each)) for each in acts], [Entry(each.at, run=each) for each in runs]


def said_of_consent(consent: list[Suppression]) -> list[Entry]:
    return [Entry(each.at, event=each) for each in record.entries(consent) if each.at]


@cache
def _runs(most: int, onwards: bool) -> Callable[..., list[RuleRun]]:
    @kept
    def runs(threads: tuple[int, ...], since: datetime, until: datetime) -> QuerySet[RuleRun]:
        found = RuleRun.objects.filter(thread__pk__in=threads, at__gte=since, at__lt=until)
        return LATEST_FIRST.rows(found, backwards=onwards)[:most]

    return runs


@cache
def _acts(most: int, onwards: bool) -> Callable[..., list[AuditEvent]]:
    @kept
    def acts(subjects: tuple[str, ...], since: datetime, until: datetime) -> QuerySet[AuditEvent]:
        found = AuditEvent.objects.filter(subject__in=subjects, verb__in=DONE, at__gte=since, at__lt=until)
        found = found.exclude(actor_name=audit.SYSTEM_ACTOR, verb__in=OF_RULES)
        return LATEST_FIRST.rows(found, backwards=onwards)[:most]

    return acts


def _told(event: AuditEvent) -> TimelineEntry:
    return TimelineEntry(DONE[event.verb], event.at, who=event.actor_name, note=_said_of(event.after or {}))


def _said_of(after: Mapping[str, Any]) -> str:
    """To whom, which label, until when, of what tells it."""
    until = parse_datetime(str(after.get("until", "")))
    return exact(until) if until else str(after.get("to") or after.get("label") or "")
