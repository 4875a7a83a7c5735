"""A message to many people: what it says, to whom, when, and how far sending it has come."""

import re
from copy import copy
from datetime import datetime
from uuid import uuid4

from django.db import models
from django.db.models import Count, Max, Q
from django.utils.text import Truncator

from accounts.models import Customer, User
from accounts.wording.quantities import counted
from gateway import clock
from gateway.models import Connection, Service
from gateway.smartdialog import quirks
from messaging.campaigns.models.call_options import CallOptions
from messaging.campaigns.models.campaign_queryset import (
    AGREED,
    CANCELLABLE,
    EDITABLE,
    UNDER_WAY,
    CampaignQuerySet,
    late_since,
)
from messaging.campaigns.models.campaign_state import CampaignState
from messaging.campaigns.models.hold_reason import MAX_HELD_REASON
from messaging.campaigns.models.limits import Limits
from messaging.campaigns.models.people_list import PeopleList
from messaging.campaigns.models.stages import EMPTY_LIST, Stages
from messaging.campaigns.short_links import link_addresses
from messaging.campaigns.wording.personalization import Wording
from messaging.whatsapp.models import Template


class Channel(models.TextChoices):
    SMS = "sms", "SMS"
    WHATSAPP = "whatsapp", "WhatsApp"


FIRST, REST = 0, 1  # stages of recipients; without stages all are first

MOST_COUNTED = 10_000  # people, each time that somebody looks
_GAP = re.compile(r"\$\([^()]*\)|\{\{[^{}]*\}\}")  # where each person’s own words go


class Campaign(CallOptions, Limits, Stages):
    """`uuid` is the form's idempotency key: sent twice, it is one campaign; RequestIds begin with it.

    `revision` is for optimistic locking: it grows with every change by a person, so that a page that is out
    of date changes nothing. `cursor` and `batches` are checkpoints, moved in the transactions that list
    recipients and add calls: a killed worker's successor resumes there and makes nothing twice.
    """

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="campaigns", db_index=False)
    name = models.CharField(max_length=100, blank=True)
    state = models.CharField(max_length=10, choices=CampaignState.choices, default=CampaignState.DRAFT)
    held_reason = models.CharField(max_length=MAX_HELD_REASON, blank=True)
    revision = models.PositiveIntegerField(default=1)
    sitting = models.UUIDField(null=True, help_text="The open page that has saved it by itself since.")
    sitting_since = models.PositiveIntegerField(
        default=0, db_default=0, help_text="The revision that this page began with."
    )

    channel = models.CharField(max_length=10, choices=Channel.choices, default=Channel.SMS)
    group = models.ForeignKey(Service, on_delete=models.RESTRICT, null=True, related_name="+")
    more_groups = models.JSONField(default=list, db_default=[], help_text="Keys of further groups it is for.")
    minus_groups = models.JSONField(default=list, db_default=[], help_text="Keys of groups left out.")
    segments = models.JSONField(default=list, db_default=[], help_text="Keys of segments it is for, too.")
    people_list = models.ForeignKey(
        PeopleList,
        on_delete=models.SET_NULL,
        null=True,
        related_name="campaigns",
        help_text="Pasted or uploaded numbers that it is for, too.",
    )
    service = models.ForeignKey(
        Service, on_delete=models.RESTRICT, null=True, related_name="+", help_text="That sends it."
    )
    sender = models.CharField(max_length=20, blank=True)
    content = models.TextField(max_length=1000, blank=True)
    link_url = models.URLField(
        max_length=2000,
        blank=True,
        db_default="",
        help_text="Where $(link) leads, if anywhere.",
    )
    ad_message = models.BooleanField(default=True, help_text="Marketing, as opposed to a service message.")
    include_landlines = models.BooleanField(
        default=False, db_default=False, help_text="SMS to numbers that are no mobiles, too."
    )
    fallbacks = models.JSONField(default=dict, help_text="Words by placeholder, for who has no value.")
    template = models.ForeignKey(Template, on_delete=models.RESTRICT, null=True, related_name="campaigns")
    parameters = models.JSONField(
        default=list, help_text="For each variable of the template: its field and fallback."
    )

    send_at = models.DateTimeField(null=True, help_text="When people are to have it; empty for at once.")
    zone = models.CharField(max_length=50, blank=True, help_text="In which send_at was chosen.")
    begins_at = models.DateTimeField(null=True, help_text="When the calls begin.")
    ends_at = models.DateTimeField(null=True, help_text="When its last call was to be made, as planned.")
    planned_delay = models.PositiveIntegerField(
        default=0,
        db_default=0,
        help_text="Seconds after an own time, within which people were to get it.",
    )
    carries_time = models.BooleanField(default=False, help_text="The calls name send_at.")

    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    connection = models.ForeignKey(
        Connection, on_delete=models.SET_NULL, null=True, related_name="+", help_text="Whose calls it costs."
    )
    occurrence_of = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        related_name="occurrences",
        help_text="The campaign that comes again, of which this one was made.",
    )
    people = models.PositiveIntegerField(null=True, help_text="How many were counted when it was scheduled.")
    calls = models.PositiveIntegerField(null=True, help_text="Counted at the same time.")
    agreed_parts = models.PositiveIntegerField(null=True, help_text="SMS parts, counted at the same time.")
    agreed_left_out = models.PositiveIntegerField(
        null=True, help_text="How many were to get nothing, counted at the same time."
    )
    agreed_templates = models.JSONField(
        default=list,
        db_default=EMPTY_LIST,
        help_text="Of each template its text, and whether it was approved, when it was scheduled.",
    )
    approved_by = models.ForeignKey(
        User,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        help_text="The second person; null where none was asked.",
    )

    paused_at = models.DateTimeField(null=True, help_text="Since when none of its calls leaves.")
    pause_reason = models.CharField(max_length=300, blank=True, help_text="Empty where a person paused it.")
    resumes_at = models.DateTimeField(null=True, help_text="When it goes on by itself, as a person chose.")
    turn_at = models.DateTimeField(
        null=True, help_text="Since when it waits for its turn: begun, let go to the rest, or sent again."
    )
    moved_at = models.DateTimeField(null=True, help_text="When it last began, or a person let it go on.")
    waits_until = models.DateTimeField(null=True, help_text="When the sending hours of some of it begin.")

    list_cursor = models.PositiveIntegerField(
        default=0, db_default=0, help_text="The last row of its list that was listed; before any contact."
    )
    cursor = models.PositiveBigIntegerField(default=0, help_text="The last contact that was listed.")
    listed_at = models.DateTimeField(null=True, help_text="When all recipients were listed.")
    divides_calls = models.BooleanField(
        default=True,
        db_default=True,
        help_text="A refused call may have too many recipients; false: seen not to be the reason.",
    )
    call_size = models.PositiveIntegerField(null=True, help_text="Guessed from refusals: most of a call.")
    batches = models.PositiveIntegerField(default=0, help_text="Calls added to the outbox so far.")

    parts = models.PositiveIntegerField(
        default=0, db_default=0, help_text="SMS parts of what was taken, as we count them."
    )
    parts_reported = models.PositiveIntegerField(
        default=0, db_default=0, help_text="As SmartDialog counted them; 0: it did not say."
    )

    created_at = models.DateTimeField(default=clock.now)
    scheduled_at = models.DateTimeField(null=True)
    begun_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    objects = CampaignQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["customer", "-id"], name="campaign_newest_of_a_customer"),
            models.Index(fields=["customer", "state", "-id"], name="campaign_states_of_a_customer"),
            models.Index(
                fields=["begins_at"], name="campaign_scheduled", condition=Q(state=CampaignState.SCHEDULED)
            ),
            models.Index(
                fields=["state"], name="campaign_under_way", condition=Q(state__in=["planning", "sending"])
            ),
        ]

    def __str__(self) -> str:
        said = " ".join(_GAP.sub("…", self.text).split())
        return self.name or Truncator(said).chars(60) or "Untitled campaign"

    def planned_before(self) -> CampaignQuerySet:
        """Those of the same connection, being planned, whose turn comes before."""
        earlier = Q(turn_at__lt=self.turn_at) | Q(turn_at=self.turn_at, pk__lt=self.pk)
        return Campaign.objects.planning().filter(earlier, connection=self.connection_id)

    @property
    def batch(self) -> str:
        """What its operations are counted by."""
        return f"campaign:{self.pk}"

    @property
    def test_batch(self) -> str:
        return f"campaign-test:{self.pk}"

    @property
    def topic(self) -> str:
        return f"campaign:{self.pk}"

    @property
    def to(self) -> str:
        """Whom it is for: "Jäsenet and 2 more", "1 segment"; "" while nobody is chosen."""
        first = str(self.group) if self.group else ""
        more = len(self.more_groups) + len(self.segments) + int(self.people_list_id is not None)
        if first:
            return f"{first} and {more} more" if more else first
        lists = int(self.people_list_id is not None)
        parts = ((len(self.more_groups), "group"), (len(self.segments), "segment"), (lists, "list"))
        return " and ".join(counted(number, what) for number, what in parts if number)

    @property
    def is_sms(self) -> bool:
        return self.channel == Channel.SMS

    @property
    def text(self) -> str:
        """Of a template, once it began, as it was agreed to: SmartDialog may have changed it since."""
        if self.is_sms:
            return self.content
        if self.begun_at and self.agreed_templates:
            return str(self.agreed_templates[0]["body"])
        return self.template.body if self.template else ""

    @property
    def wording(self) -> Wording:
        if self.is_sms:
            link = link_addresses.sample() if self.link_url else ""
            return Wording.of_sms(
                self.content, self.fallbacks, include_landlines=self.include_landlines, link=link
            )
        return Wording.of_template(self.text, self.parameters)

    @property
    def texts(self) -> "list[Campaign]":
        """The campaign saying each of its texts, its own first; not to be saved."""
        return [self.saying(number) for number in range(1 + len(self.more_texts))]

    def saying(self, number: int | None) -> "Campaign":
        """The campaign as if its own text were the one of this number; not to be saved."""
        if not number:
            return self
        said = copy(self)
        other = self.more_texts[number - 1]
        said._state = copy(self._state)
        said._state.fields_cache = {**self._state.fields_cache}
        said.content, said.fallbacks = other["content"], other["fallbacks"]
        said.parameters, said.more_texts = other["parameters"], []
        said.agreed_templates = self.agreed_templates[number : number + 1]
        template = Template.objects.filter(customer=self.customer_id, pk=other["template"])
        said.template = None if self.is_sms else template.first()
        return said

    @property
    def is_marketing(self) -> bool:
        """Also where a template, made elsewhere, does not say its category: nobody is woken by a guess."""
        if self.is_sms:
            return self.ad_message
        templates = [each.template for each in self.texts if each.template]
        return any(each.category.lower() not in {"utility", "authentication"} for each in templates)

    @property
    def chosen_options(self) -> list[tuple[str, str]]:
        return self.options_of(sms=self.is_sms)

    @property
    def goes_at(self) -> datetime | None:
        """When people get it, or got it; None for one that nobody has sent."""
        return self.send_at or self.begun_at or self.scheduled_at

    @property
    def is_editable(self) -> bool:
        return self.state in EDITABLE

    @property
    def is_agreed(self) -> bool:
        """A person has let what it says now go to whom it is for."""
        return self.state in AGREED

    @property
    def is_awaiting(self) -> bool:
        return self.state == CampaignState.AWAITING

    @property
    def waits_to_begin(self) -> bool:
        return self.state in (CampaignState.AWAITING, CampaignState.SCHEDULED)

    @property
    def is_cancellable(self) -> bool:
        return self.state in CANCELLABLE

    def request_id(self, number: int | None) -> str:
        """Of its call of this number."""
        return f"{self.uuid}-{number}"

    @property
    def batch_size(self) -> int:
        """Recipients of each of its calls."""
        return min(filter(None, (quirks.of(self.customer_id).batch_size, self.call_size)))

    @property
    def calls_to_come(self) -> int:
        """Exact where all are listed and have a number, or few have none; else as many as were agreed to."""
        numbered = self.recipients.of_calls_after(self.batches).aggregate(last=Max("batch"))["last"]
        found = (numbered or self.batches) - self.batches
        others = self.recipients.filter(batch=None).to_come(self.stage)
        number, size = others.count(), self.batch_size
        if self.listed_at is None or number > MOST_COUNTED:
            return max(found + -(-number // size), self.calls_now - self.batches)
        by_key = others.order_by().values_list("key").annotate(number=Count("pk")) if number else ()
        return found + sum(-(-people // size) for _, people in by_key)

    @property
    def shown_state(self) -> CampaignState:
        """As people see it: while its first calls leave, it is being sent, and not prepared any more."""
        is_leaving = self.state == CampaignState.PLANNING and self.batches > 0
        return CampaignState.SENDING if is_leaving else CampaignState(self.state)

    @property
    def stage(self) -> int:
        """Up to which its people may be put into calls."""
        return FIRST if self.is_before_rest else REST

    @property
    def first_calls(self) -> int:
        """Of those counted when it was scheduled, the ones to whom it goes first."""
        calls = self.calls or 0
        return self.number_of_first(calls) if self.has_stages else calls

    @property
    def calls_now(self) -> int:
        """Of those counted when it was scheduled, the ones that may be made by now."""
        return self.first_calls if self.is_before_rest else self.calls or 0

    @property
    def is_waiting_for_rest(self) -> bool:
        """The first have it, and the rest waits."""
        return self.is_under_way and self.first_done_at is not None and self.is_before_rest

    @property
    def is_under_way(self) -> bool:
        return self.state in UNDER_WAY

    @property
    def is_paused(self) -> bool:
        return self.is_under_way and self.paused_at is not None

    @property
    def is_waiting_for_hours(self) -> bool:
        return self.is_under_way and self.waits_until is not None and self.waits_until > clock.now()

    @property
    def loses_service(self) -> bool:
        """It is to send through a service that SmartDialog does not list any more."""
        waits = self.is_under_way or self.state == CampaignState.SCHEDULED
        return bool(waits and self.service and self.service.gone_at)

    @property
    def is_past_its_time(self) -> bool:
        """The time that was chosen has gone by."""
        return self.send_at is not None and self.send_at <= clock.now()

    @property
    def is_overdue(self) -> bool:
        """Past its time by so much that sending it by itself could do harm."""
        promised = self.begins_at if self.own_time else self.send_at or self.begins_at
        return promised is not None and promised < late_since()
