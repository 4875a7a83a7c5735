"""A conversation: everything between one person's number and one service."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from accounts.db.kept_queries import kept
from accounts.models import Customer, User
from accounts.tenancy import TenantQuerySet
from gateway.models import Service

CHANNELS = {"SMS": "SMS", "WHATSAPP": "WhatsApp"}  # as SmartDialog names them, and as people do

MAX_DISCUSSION_LENGTH = 200


class ThreadState(models.TextChoices):
    OPEN = "open", "Open"
    SNOOZED = "snoozed", "Snoozed"  # until `snoozed_until`, or the next message
    CLOSED = "closed", "Done"  # by a person; the next message opens it again


class Label(models.Model):
    """What a customer sorts conversations by."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+", db_index=False)
    name = models.CharField(max_length=40)

    objects = TenantQuerySet["Label"].as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["customer", "name"], name="label_once")]

    def __str__(self) -> str:
        return self.name


class Team(models.Model):
    """Some of a customer's people, who answer some of its threads together."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+", db_index=False)
    name = models.CharField(max_length=40)
    members = models.ManyToManyField(User, related_name="+")

    objects = TenantQuerySet["Team"].as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["customer", "name"], name="team_once")]

    def __str__(self) -> str:
        return self.name


def teams_of(user: User | int) -> tuple[int, ...]:
    """The keys of the teams in which they are; one query."""
    return tuple(each.team_id for each in _memberships(user))


@kept
def _memberships(user: User | int) -> models.QuerySet:
    return Team.members.through.objects.filter(user=user).order_by("team")


def is_nobodys(customer: Customer | int | None = None) -> Q:
    """Of a thread: neither its person nor anybody of its team may answer for the customer any more.

    `customer`: of all the threads, so that PostgreSQL gathers the few that may once, not for every thread.
    """
    able = User.objects.at_work()
    people = able.filter(customers=customer or OuterRef("customer"))
    members = able.filter(customers=customer or OuterRef(OuterRef("customer")))
    staffed = Team.members.through.objects.filter(user__in=members)
    has_person, has_team = Q(assignee__in=people.values("pk")), Q(team__in=staffed.values("team"))
    return (Q(assignee=None) | ~has_person) & (Q(team=None) | ~has_team)


class ThreadQuerySet(TenantQuerySet["Thread"]):
    def open(self) -> Self:
        return self.filter(state=ThreadState.OPEN)

    def snoozed(self) -> Self:
        return self.filter(state=ThreadState.SNOOZED)

    def closed(self) -> Self:
        return self.filter(state=ThreadState.CLOSED)

    def waiting(self) -> Self:
        """Open, and they wrote what nobody has answered: they wait for us."""
        return self.open().filter(unanswered_since__isnull=False)

    def waiting_for_them(self) -> Self:
        """Open, and the last word is ours."""
        return self.open().filter(unanswered_since=None, last_direction="out")

    def unread_by(self, user: User | int) -> Self:
        """They wait for us, and this person has not seen what came last.

        How far they have read is looked up for each thread on the way: for a join, PostgreSQL takes and sorts
        all that wait.
        """
        read = ThreadRead.objects.filter(thread=OuterRef("pk"), user=user).values("up_to")
        return self.waiting().filter(newest_received__gt=Coalesce(Subquery(read), 0))

    def assigned_to(self, user: User | int, teams: tuple[int, ...] | None = None) -> Self:
        """Theirs, and those of their teams, which are looked up where they are not known: by their keys
        PostgreSQL goes by an index.
        """
        teams = teams_of(user) if teams is None else teams
        return self.filter(Q(assignee=user) | Q(team__pk__in=teams) if teams else Q(assignee=user))

    def unassigned(self, customer: Customer | int | None = None) -> Self:
        """Nobody's, or of somebody who may not answer any more; quicker of one customer's threads."""
        return self.filter(is_nobodys(customer))

    def of_team(self, team: int) -> Self:
        return self.filter(team=team)

    def of_label(self, label: int) -> Self:
        return self.filter(pk__in=Thread.labels.through.objects.filter(label=label).values("thread"))

    def due_back(self, now: datetime) -> Self:
        return self.snoozed().filter(snoozed_until__lte=now)


class Thread(models.Model):
    """`our_address` is where the person last wrote to: an answer goes out from there."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="threads", db_index=False)
    service = models.ForeignKey(
        Service, on_delete=models.CASCADE, related_name="threads", help_text="The two-way one."
    )
    address = models.CharField(max_length=50, help_text="The person: E.164, or as it came.")
    search_text = models.CharField(
        max_length=250, blank=True, help_text="The words of the number that a search looks in."
    )
    our_address = models.CharField(max_length=50, blank=True)
    discussion_id = models.CharField(
        max_length=MAX_DISCUSSION_LENGTH,
        blank=True,
        default="",
        db_default="",
        help_text="SmartDialog’s ThreadId.",
    )
    discussion_by_hand = models.BooleanField(
        default=False, db_default=False, help_text="A person linked it: answers go there."
    )
    state = models.CharField(max_length=10, choices=ThreadState.choices, default=ThreadState.OPEN)
    snoozed_until = models.DateTimeField(null=True, help_text="When it comes, or came, back by itself.")
    assignee = models.ForeignKey(
        User,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        db_index=False,
        help_text="Who answers; null: whoever comes first.",
    )
    team = models.ForeignKey(
        Team,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        db_index=False,
        help_text="Who answers, where that is no one person.",
    )
    labels = models.ManyToManyField(Label, related_name="threads")
    unanswered_since = models.DateTimeField(
        null=True, help_text="Since when they wait for us; null: the last word is ours, or none is needed."
    )
    asked_at = models.DateTimeField(
        null=True,
        help_text="When they wrote first what nobody has answered since. Measured.",
    )
    begun_at = models.DateTimeField(
        null=True, help_text="When they wrote first what nobody has marked as done since."
    )
    newest_received = models.BigIntegerField(default=0, help_text="The key of the last message from them.")
    last_message_at = models.DateTimeField()
    last_text = models.CharField(max_length=200, blank=True)
    last_direction = models.CharField(max_length=3, blank=True)
    last_channel = models.CharField(max_length=20, blank=True, help_text="In capitals: SMS, WHATSAPP.")

    objects = ThreadQuerySet.as_manager()

    class Meta:
        ordering = ["-last_message_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["customer", "service", "address"], name="thread_once"),
            models.CheckConstraint(
                condition=Q(assignee=None) | Q(team=None), name="thread_of_a_person_or_a_team"
            ),
        ]
        indexes = [
            models.Index(fields=["customer", "-last_message_at", "-id"], name="threads_latest"),
            models.Index(
                fields=["customer", "state", "-last_message_at", "-id"], name="threads_latest_by_state"
            ),
            models.Index(
                fields=["customer", "last_channel", "-last_message_at", "-id"],
                name="threads_latest_by_channel",
            ),
            models.Index(
                fields=["customer", "unanswered_since", "id"],
                name="threads_waiting_longest",
                condition=Q(state="open", unanswered_since__isnull=False),
            ),
            models.Index(
                fields=["customer", "-last_message_at", "-id"],
                name="threads_waiting_latest",
                condition=Q(state="open", unanswered_since__isnull=False),
            ),
            models.Index(
                fields=["assignee", "-last_message_at", "-id"],
                name="threads_of_an_assignee",
                condition=Q(assignee__isnull=False),
            ),
            models.Index(
                fields=["team", "-last_message_at", "-id"],
                name="threads_of_a_team",
                condition=Q(team__isnull=False),
            ),
            models.Index(fields=["snoozed_until"], name="threads_snoozed", condition=Q(state="snoozed")),
            models.Index(
                fields=["snoozed_until"],
                name="threads_came_back",
                condition=Q(state="open", snoozed_until__isnull=False),
            ),
            models.Index(fields=["address"], name="threads_of_a_number"),
            models.Index(
                fields=["customer", "discussion_id"],
                name="threads_of_a_discussion",
                condition=~Q(discussion_id=""),
            ),
        ]

    def __str__(self) -> str:
        return self.address

    @property
    def whose(self) -> User | Team | None:
        return self.assignee or self.team

    @property
    def is_open(self) -> bool:
        return self.state == ThreadState.OPEN

    @property
    def is_closed(self) -> bool:
        return self.state == ThreadState.CLOSED

    @property
    def is_waiting(self) -> bool:
        return self.is_open and self.unanswered_since is not None


class ThreadRead(models.Model):
    """How far a person has read a thread."""

    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="reads", db_index=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    up_to = models.BigIntegerField(help_text="The key of the newest message that they saw.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["thread", "user"], name="thread_read_once")]

    def __str__(self) -> str:
        return f"{self.thread_id} up to {self.up_to}"
