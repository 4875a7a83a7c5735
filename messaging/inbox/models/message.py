"""What was said in a thread, by the person or by us."""

from typing import Any, Self
from uuid import uuid4

from django.db import models, transaction
from django.db.models import Q

from accounts.models import User
from accounts.tenancy import TenantQuerySet
from contacts.models import OptOutRequest
from gateway import clock, outbox
from gateway.models import ConnectionState, HookEvent
from messaging.inbox.models.shown_file import SIZE, ShownFile
from messaging.inbox.models.thread import CHANNELS, Thread
from messaging.inbox.opt_outs.intents import Intent
from messaging.whatsapp.models import Template


class Direction(models.TextChoices):
    IN = "in", "From the person"
    OUT = "out", "From us"


class MessageState(models.TextChoices):
    """Of our own messages; a received one has none."""

    WAITING = "waiting", "Sending"
    SENT = "sent", "Sent"  # SmartDialog has it; no delivery report yet
    DELIVERED = "delivered", "Delivered"  # a delivery report says so; no other report undoes it
    FAILED = "failed", "Not sent"  # refused, or a delivery report says so: error_text
    UNCERTAIN = "uncertain", "May have been sent"  # a person decides
    CANCELLED = "cancelled", "Cancelled"  # by a person, before it left


NEED_A_PERSON = [MessageState.FAILED, MessageState.UNCERTAIN]


class MessageQuerySet(TenantQuerySet["Message"]):
    customer_path = "thread__customer"

    def received(self) -> Self:
        return self.filter(direction=Direction.IN)

    def needing_a_person(self) -> Self:
        """Answers that were not sent, or perhaps: somebody looks and decides."""
        return self.filter(state__in=NEED_A_PERSON, tried_again=False, dismissed=False)

    def latest_first(self) -> Self:
        """By the platform's time; what bears the same time, as it came."""
        return self.order_by("-at", "-pk")


class Message(models.Model):
    """`uuid` is the idempotency key of the form, and its RequestId, made of it, that of the call."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="messages", db_index=False)
    direction = models.CharField(max_length=3, choices=Direction.choices)
    content = models.TextField(blank=True)
    search_text = models.TextField(blank=True, help_text="What a search looks in.")
    attachments = models.JSONField(default=list, help_text="name, mimeType, resourceLocation of each.")
    protocol = models.CharField(max_length=20, blank=True, help_text="As SmartDialog names it: SMS.")
    remote_id = models.CharField(max_length=500, blank=True, help_text="SmartDialog's id, if it gave one.")
    at = models.DateTimeField(help_text="By the platform's clock where it gave one, else by ours.")
    received_at = models.DateTimeField(default=clock.now, help_text="When it came to us, or was written.")
    intent = models.CharField(
        max_length=10, choices=Intent.choices, blank=True, help_text="Of a received one."
    )
    opt_out_request = models.ForeignKey(
        OptOutRequest,
        on_delete=models.SET_NULL,
        null=True,
        related_name="messages",
        help_text="May ask for it.",
    )
    event = models.ForeignKey(HookEvent, on_delete=models.SET_NULL, null=True, related_name="+")

    our_address = models.CharField(
        max_length=50, blank=True, help_text="Where a received one was written to."
    )
    template = models.ForeignKey(
        Template,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        help_text="Whose text it is, filled.",
    )
    values = models.JSONField(default=list, help_text="What fills its gaps, in order.")

    send_at = models.DateTimeField(null=True, help_text="When one of ours is to leave; null: at once.")
    state = models.CharField(max_length=10, choices=MessageState.choices, blank=True)
    error_text = models.CharField(max_length=500, blank=True)
    operation = outbox.call_reference()
    reported_at = models.DateTimeField(null=True, help_text="When a delivery report settled it.")
    automatic = models.BooleanField(default=False, help_text="Ours, and nobody wrote it: a confirmation.")
    tried_again = models.BooleanField(default=False, help_text="A person sent it anew, as another message.")
    dismissed = models.BooleanField(default=False, help_text="A person left it as it is: not sent.")
    sent_by = models.ForeignKey(
        User,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        help_text="Who took it over from who wrote it.",
    )
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")

    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["thread", "remote_id"],
                name="message_received_once",
                condition=Q(direction="in") & ~Q(remote_id=""),
            )
        ]
        indexes = [
            models.Index(fields=["thread", "-at", "-id"], name="messages_latest_of_a_thread"),
            models.Index(
                fields=["thread"],
                name="messages_needing_a_person",
                condition=Q(state__in=["failed", "uncertain"], tried_again=False, dismissed=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_direction_display()}: {self.content[:60]}"

    @property
    def is_ours(self) -> bool:
        return self.direction == Direction.OUT

    @property
    def searched_text(self) -> str:
        return searched_text(self.content, self.attachments)

    @property
    def channel(self) -> str:
        """As people call it."""
        return CHANNELS.get(self.protocol.upper(), self.protocol)

    @property
    def files(self) -> list[ShownFile]:
        return [ShownFile.of(each) for each in self.attachments]

    @property
    def attachment(self) -> str:
        """Of one of ours: the address of the file that goes along; "": none."""
        return self.attachments[0].get("resourceLocation", "") if self.attachments else ""

    def keep_size(self, number: int, size: int) -> None:
        """Of a file that was fetched. Of a message without an id its files say whether it came before."""
        if not self.remote_id or self.attachments[number].get(SIZE) == size:
            return
        with transaction.atomic():
            held = Message.objects.select_for_update(no_key=True).only("attachments").get(pk=self.pk)
            held.attachments[number][SIZE] = size
            held.save(update_fields=["attachments"])

    @property
    def needs_a_person(self) -> bool:
        return self.state in NEED_A_PERSON and not (self.tried_again or self.dismissed)

    @property
    def can_be_taken_over(self) -> bool:
        """It waits for the sign-in of somebody else; queries as `waits_for`."""
        call = outbox.call_of(self.operation) if self.state == MessageState.WAITING else None
        return call is not None and call.connection.state != ConnectionState.ACTIVE

    @property
    def is_scheduled(self) -> bool:
        return bool(self.state == MessageState.WAITING and self.send_at and self.send_at > clock.now())

    @property
    def is_stoppable(self) -> bool:
        """It waits for its time, or for more than its turn."""
        return self.state == MessageState.WAITING and bool(self.is_scheduled or self.waits_for)

    @property
    def waits_for(self) -> str:
        """Why one of ours has not left yet; queries unless the call's connection and its user are loaded."""
        call = outbox.call_of(self.operation)
        if call is None:
            return ""
        if call.connection.state == ConnectionState.RECONNECT:
            return f"Kept until {call.connection.user} signs in with SmartDialog again."
        if call.connection.state == ConnectionState.LOCKED:
            who = call.connection.user
            return f"Kept until the key to the sign-in of {who} is back, or they sign in again."
        if call.connection.state == ConnectionState.PAUSED:
            return f"Kept while the calls of {call.connection.user} are paused."
        return call.reason_text


def searched_text(content: str, attachments: list[Any]) -> str:
    """What it says, and what its files are called."""
    names = [str(each.get("name") or "") for each in attachments if isinstance(each, dict)]
    return " ".join(filter(None, [content, *names]))
