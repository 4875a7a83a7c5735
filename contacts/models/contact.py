"""A person in a group, as we know them, and whether SmartDialog knows the same."""

from collections.abc import Collection
from typing import Any, Self

from django.db import DEFAULT_DB_ALIAS, models
from django.db.models import Exists, ForeignObjectRel, OuterRef, Q

from accounts.db.array_param import Listed
from accounts.models import Customer
from accounts.tenancy import TenantQuerySet
from contacts.fields import FACTS, NAMES, PROPERTY_PREFIX, SEARCHED, Values
from contacts.models.field_columns import ContactColumns
from contacts.models.opt_out_request import OptOutRequest
from contacts.models.suppression import BY_THE_PERSON, Suppression
from contacts.text.full_text_search import MatchesTerms, index_fields, parse_search
from contacts.text.phones import NumberType, type_of
from gateway import clock
from gateway.models import Service


class SyncState(models.TextChoices):
    WAITING = "waiting", "Syncing"  # the change is saved here and queued for SmartDialog
    SYNCED = "synced", "Synced"
    FAILED = "failed", "Failed"  # SmartDialog refused it, or has something else: sync_error says why
    UNSENT = "unsent", "Changed only here"  # a person cancelled its call, or it never had one
    DELETING = (
        "deleting",
        "Being deleted",
    )  # gone from our lists; the row goes when SmartDialog has deleted it


NOT_SYNCED = [SyncState.FAILED, SyncState.UNSENT]  # and nothing is on its way
# All but those being deleted.
PRESENT = ~Q(sync_state=SyncState.DELETING)
# SmartDialog may have them, by the number of now or by the one before it.
MAY_EXIST_REMOTELY = Q(known_remotely=True) | ~Q(former_phone="")


class BeforeOptOut(models.TextChoices):
    """What somebody was when an opt-out stopped them, and is again once it is taken back."""

    ACTIVE = "active", "Active"
    UNDECIDED = "undecided", "Undecided"


NOBODY = 0  # no contact has this key


class ContactQuerySet(TenantQuerySet["Contact"]):
    customer_path = "group__customer"

    def present(self) -> Self:
        return self.filter(PRESENT)

    def opted_out(self) -> Self:
        """Inactive, or with a number that wants no messages from the customer at all."""
        return self.filter(Q(active=False, undecided=False) | Exists(_suppressions()))

    def free(self) -> Self:
        """Whose number nothing stops, though contacts follow the record a moment later."""
        return self.filter(~Exists(_suppressions()))

    def decided(self) -> Self:
        """All but those of whom a person has yet to say whether they get messages."""
        return self.filter(undecided=False)

    def met_by(self, job_id: int) -> Self:
        """Whom an import brought, and SmartDialog had before."""
        return self.filter(last_import=job_id, met__isnull=False)

    def messageable(self) -> Self:
        """Whom a campaign may message: who has opted out, or may have in words that wait, gets none."""
        waiting = OptOutRequest.objects.waiting(OuterRef("group__customer"), OuterRef("phone"))
        return self.present().free().filter(~Exists(waiting), active=True)

    def matching(self, text: str, *, scan: bool = False) -> Self:
        """Every word of `text` begins a word of the name, number, email or properties.

        Nobody matches signs alone: what is asked for is never left out, as whoever is shown may be acted on.
        `scan`: look into each row on the way instead of asking the index.
        """
        if terms := parse_search(text):
            return self.filter(MatchesTerms(terms, scan=scan))
        return self.filter(pk=NOBODY) if text.strip() else self


def is_stopped(customer: Customer | int | None = None) -> Exists:
    """Of a contact: that the record keeps the number from messages. Quicker where the customer is known."""
    return Exists(Suppression.objects.stopping(customer, OuterRef("phone")) if customer else _suppressions())


def consent_is(state: str, customer: Customer | int) -> Q:
    """Of a contact of the customer; everybody is in just one of the states, and the record comes first."""
    stopped = Q(is_stopped(customer))
    return {
        "opted out": stopped,
        "undecided": ~stopped & Q(undecided=True),
        "active": ~stopped & Q(active=True, undecided=False),
        "inactive": ~stopped & Q(active=False, undecided=False),
    }[state]


def said_by_themselves() -> Exists:
    """Of a contact: that the person wants no messages, and was it who said so."""
    return Exists(_suppressions().filter(source__in=BY_THE_PERSON))


def _suppressions() -> models.QuerySet[Suppression]:
    return Suppression.objects.stopping(OuterRef("group__customer"), OuterRef("phone"))


def delete_contacts(keys: Collection[int]) -> None:
    """Delete the rows; what refers to them lets go of them first. QuerySet.delete would read each."""
    for relation in Contact._meta.get_fields(include_hidden=True):  # hidden: without a name on this side
        if isinstance(relation, ForeignObjectRel):
            referring = relation.related_model._default_manager
            name = relation.field.name
            referring.filter(**{f"{name}__in": Listed(keys)}).update(**{name: None})
    Contact.objects.filter(pk__in=Listed(keys))._raw_delete(DEFAULT_DB_ALIAS)


class Contact(ContactColumns):
    """A phone number in a group, with what is known of the person.

    `revision` is for optimistic locking: it grows with every change, and an answer of SmartDialog to an older
    one settles nothing. `name_key` and `search_text` are denormalised, for lists and searches.
    """

    group = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="contacts", db_index=False)
    phone = models.CharField(max_length=20, help_text="E.164.")
    phone_type = models.CharField(
        max_length=8,
        choices=[("mobile", "Mobile"), ("landline", "Land line"), ("other", "Other number")],
        default=NumberType.MOBILE.value,
        db_default=NumberType.MOBILE.value,
        help_text="Others than mobiles cannot get SMS.",
    )
    former_phone = models.CharField(
        max_length=20,
        blank=True,
        default="",
        db_default="",
        help_text="SmartDialog may have them by this one, too, until it says that it is gone.",
    )
    properties = models.JSONField(default=dict, blank=True, help_text="Custom properties: value by name.")
    active = models.BooleanField(default=True, help_text="Inactive people get no messages.")

    sync_state = models.CharField(max_length=10, choices=SyncState.choices, default=SyncState.WAITING)
    sync_error = models.CharField(max_length=500, blank=True, help_text="For the person who mends it.")
    known_remotely = models.BooleanField(default=False, help_text="SmartDialog has taken it, by this number.")
    found_remotely = models.JSONField(
        null=True, help_text="What SmartDialog had where it was not the same: value by target."
    )
    verified_at = models.DateTimeField(null=True, help_text="When it was last read back from SmartDialog.")
    failed_messages = models.PositiveIntegerField(
        null=True, help_text="Messages that did not reach them, as SmartDialog counted when last read."
    )
    met = models.JSONField(
        null=True, help_text="What SmartDialog had of them before we told it anything: value by target."
    )
    undecided = models.BooleanField(
        default=False,
        db_default=False,
        help_text="Was at SmartDialog before us, which does not say if they get messages: a person does.",
    )
    before_opt_out = models.CharField(
        max_length=9,
        choices=BeforeOptOut.choices,
        blank=True,
        default="",
        db_default="",
        help_text="Empty for who can be messaged, and who was inactive before.",
    )
    revision = models.PositiveIntegerField(default=0)
    # Whoever writes many holds the backlog and the import; looking each up again cost a third of an import.
    backlog = models.ForeignKey(
        "gateway.Backlog",
        on_delete=models.SET_NULL,
        null=True,
        db_index=False,
        db_constraint=False,
        related_name="+",
        help_text="Where its next call waits to be planned.",
    )

    last_import = models.ForeignKey(
        "contacts.Import", on_delete=models.SET_NULL, null=True, db_constraint=False, related_name="contacts"
    )
    imported_revision = models.PositiveIntegerField(
        null=True, help_text="What last_import left: while it is the revision, nobody has changed them since."
    )
    name_key = models.CharField(max_length=201, blank=True, help_text="What a list is sorted by.")
    search_text = models.TextField(blank=True, help_text="What a search looks in.")
    created_at = models.DateTimeField(default=clock.now, editable=False)
    updated_at = models.DateTimeField(default=clock.now)

    objects = ContactQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            # The number first, so that it also finds a number in every group.
            models.UniqueConstraint(fields=["phone", "group"], name="contact_once_in_a_group"),
            models.CheckConstraint(condition=Q(phone__startswith="+"), name="contact_phone_is_e164"),
        ]
        # The lists of a group are without those being deleted, who may be a million to walk over.
        indexes = [
            models.Index(fields=["group", "id"], name="contact_newest_of_a_group", condition=PRESENT),
            models.Index(
                fields=["backlog", "id"], name="contact_to_be_planned", condition=Q(backlog__isnull=False)
            ),
            models.Index(
                fields=["group", "name_key", "id"], name="contact_names_of_a_group", condition=PRESENT
            ),
            models.Index(
                fields=["group", "updated_at", "id"], name="contact_changes_of_a_group", condition=PRESENT
            ),
            models.Index(
                fields=["group", "sync_state", "id"],
                name="contact_unsettled_of_a_group",
                condition=~Q(sync_state=SyncState.SYNCED),
            ),
            models.Index(
                fields=["group", "id"],
                name="contact_inactive_of_a_group",
                condition=Q(active=False) & PRESENT,
            ),
            models.Index(
                fields=["last_import", "id"],
                name="contact_met_by_an_import",
                condition=Q(met__isnull=False),
            ),
            models.Index(
                fields=["group", "id"],
                name="contact_undecided_of_a_group",
                condition=Q(undecided=True) & PRESENT,
            ),
            # And on PostgreSQL contact_words, which migration 0002 makes: what MatchesTerms looks in.
        ]

    def __str__(self) -> str:
        return self.name or self.phone

    @property
    def may_exist_remotely(self) -> bool:
        """As MAY_EXIST_REMOTELY says it to the database."""
        return self.known_remotely or bool(self.former_phone)

    @property
    def is_not_synced(self) -> bool:
        return self.sync_state in NOT_SYNCED

    @property
    def can_get_sms(self) -> bool:
        return self.phone_type == NumberType.MOBILE

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def facts(self) -> list[tuple[str, Any]]:
        """What is known beside number and name, as the sheet calls it; custom properties aside."""
        return [(words, value) for name, words in FACTS if (value := getattr(self, name))]

    def values(self) -> Values:
        """What is filled, by import target: "first_name", "property:Level"."""
        filled: Values = {name: value for name in NAMES if (value := getattr(self, name))}
        return filled | {f"{PROPERTY_PREFIX}{name}": value for name, value in self.properties.items()}

    def take(self, values: dict[str, Any]) -> None:
        """Set fields and properties by import target, and what is derived from them; does not save."""
        for target, value in values.items():
            if target.startswith(PROPERTY_PREFIX):
                self.properties[target.removeprefix(PROPERTY_PREFIX)] = value
            elif target != "phone":
                setattr(self, target, value)
        self.index()

    def touch(self) -> None:
        """A change was made, and is on its way to SmartDialog; does not save."""
        self.revision += 1
        self.before_opt_out = "" if self.active else self.before_opt_out
        self.sync_state, self.sync_error, self.found_remotely = SyncState.WAITING, "", None
        self.updated_at = clock.now()

    def index(self) -> None:
        """Bring what is derived (name_key, search_text, phone_type) up to date with the rest."""
        self.phone_type = type_of(self.phone)
        self.name_key, self.search_text = index_fields(
            self.phone,
            self.first_name,
            self.last_name,
            [*(getattr(self, name) for name in SEARCHED), *self.properties.values()],
        )
