"""The outbox: what people did that SmartDialog has yet to hear of."""

from datetime import timedelta
from typing import Self

from django.db import models
from django.db.models import Q

from accounts.db.state_moves import move
from accounts.models import Customer, User
from accounts.tenancy import TenantQuerySet
from gateway import clock
from gateway.models.connection import Connection
from gateway.reasons import Reason


class Lane(models.IntegerChoices):
    """Who goes first. Interactive calls are never paced; the others are, evenly."""

    INTERACTIVE = 0, "Replies, tests and sign-ins"
    CAMPAIGN = 1, "Campaigns"
    BULK = 2, "Contacts"


class OperationState(models.TextChoices):
    WAITING = "waiting", "Waiting"  # due at due_at, or as soon as its turn comes
    HELD = "held", "Held back"  # until it is released or cancelled; later ones of its subject wait
    INFLIGHT = "inflight", "Being sent"  # a worker holds it; its call may have left
    DONE = "done", "Done"
    FAILED = "failed", "Failed"  # refused for good: a person may mend and retry
    UNKNOWN = "unknown", "May have been sent"  # a person decides
    CANCELLED = "cancelled", "Cancelled"


# SmartDialog remembers a RequestId for seven days: a day before that, only a person may send it again.
REQUEST_ID_LIFETIME = timedelta(days=6)
QUEUED = [OperationState.WAITING, OperationState.HELD]
UNSETTLED = [*QUEUED, OperationState.INFLIGHT]
CANCELLABLE = [*QUEUED, OperationState.FAILED, OperationState.UNKNOWN]


class OperationQuerySet(TenantQuerySet["Operation"]):
    def needing_a_person(self) -> Self:
        return self.filter(state__in=[OperationState.FAILED, OperationState.UNKNOWN])

    def unsettled(self) -> Self:
        return self.filter(state__in=UNSETTLED)

    def queued(self) -> Self:
        """Those that nobody is sending."""
        return self.filter(state__in=QUEUED)

    def never_left(self) -> Self:
        """Queued, and surely not taken by an earlier try."""
        return self.queued().filter(possibly_accepted=False)

    def may_be_rebuilt(self) -> Self:
        """Queued, and not taken by an earlier try, as far as its answer, a 503, is to be believed.

        With the RequestId that it has: should it have been taken after all, SmartDialog recognises it.
        """
        only_503 = Q(possibly_accepted=True, repeats=0, status=503)
        return self.queued().filter(Q(possibly_accepted=False) | only_503)

    def cancel(self) -> int:
        """But what is being sent, or is over."""
        return move(self, *CANCELLABLE, to=OperationState.CANCELLED, settled_at=clock.now())


class Operation(models.Model):
    """One call to be made for a person, written in the transaction of the change it carries.

    The payload is frozen once it may have been taken: a repeat is the same bytes with the same RequestId.
    Before that, also after a refusal or a 503, it may be rebuilt; one that was tried keeps its RequestId.
    """

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="operations")
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, null=True, related_name="+")
    kind = models.CharField(max_length=40)
    lane = models.PositiveSmallIntegerField(choices=Lane.choices)
    subject = models.CharField(max_length=60, blank=True, help_text="contact:12: one at a time, in order.")
    batch = models.CharField(max_length=60, blank=True, help_text="import:7: what it is counted with.")
    payload = models.JSONField()
    request_id = models.CharField(max_length=100, blank=True)

    state = models.CharField(max_length=10, choices=OperationState.choices, default=OperationState.WAITING)
    due_at = models.DateTimeField(default=clock.now)
    attempts = models.PositiveIntegerField(default=0)
    unauthorized = models.PositiveSmallIntegerField(default=0, help_text="401 answers in a row.")
    first_tried_at = models.DateTimeField(null=True)
    tried_at = models.DateTimeField(null=True)
    possibly_accepted = models.BooleanField(default=False, help_text="An earlier try may have been accepted.")
    repeats = models.PositiveSmallIntegerField(
        default=0,
        db_default=0,
        help_text="Times that it was made again by itself, as it may have been taken.",
    )
    fence = models.PositiveBigIntegerField(default=0, help_text="The lease under which it was last tried.")
    status = models.PositiveSmallIntegerField(null=True, help_text="HTTP status of the last answer.")
    reason = models.CharField(max_length=40, blank=True, help_text="A code of gateway.reasons.")
    reason_params = models.JSONField(default=dict, help_text="What varies in its words.")

    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=clock.now)
    settled_at = models.DateTimeField(null=True)

    objects = OperationQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(
                fields=["connection", "lane", "id"],
                name="outbox_next_of_a_connection",
                condition=Q(state="waiting"),
            ),
            models.Index(fields=["subject", "id"], name="outbox_order_of_a_subject"),
            models.Index(fields=["connection"], name="outbox_in_flight", condition=Q(state="inflight")),
            models.Index(
                fields=["customer", "-id"],
                name="outbox_needing_a_person",
                condition=Q(state__in=["failed", "unknown"]),
            ),
            models.Index(
                fields=["batch", "state", "due_at"],
                name="outbox_progress_of_a_batch",
                condition=~Q(batch=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}".strip()

    @property
    def reason_text(self) -> str:
        """For the person who mends it."""
        return Reason(self.reason, self.reason_params).text

    @property
    def is_request_id_expired(self) -> bool:
        """It may have been taken so long ago that its RequestId no longer keeps it from being sent twice."""
        return bool(
            self.possibly_accepted
            and self.request_id
            and self.first_tried_at
            and self.first_tried_at < clock.now() - REQUEST_ID_LIFETIME
        )
