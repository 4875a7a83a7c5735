"""People whose numbers were pasted, or came in a file, for a campaign alone: they are no contacts by that."""

from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef, Q

from accounts.models import Customer, User
from accounts.tenancy import TenantQuerySet
from contacts.fields import PROPERTY_PREFIX
from contacts.models import Contact, OptOutRequest, Suppression
from contacts.models.field_columns import RowColumns
from contacts.models.import_rows import RowKind
from contacts.models.sniffed_file import SniffedFile
from contacts.text.phones import NumberType
from gateway import clock
from gateway.workers.leases import unleased

KNOWN = [RowKind.NEW, RowKind.OPTED_OUT]  # of whom it says something: one row of each number
NOT_TAKEN = [RowKind.UNCLEAR, RowKind.INVALID, RowKind.OPTED_OUT, RowKind.HIDDEN]  # and so left out


class PeopleListState(models.TextChoices):
    UPLOADED = "uploaded", "Choose columns"  # the file is here; its columns wait for a person
    READING = "reading", "Being read"  # a worker reads its rows
    READ = "read", "Ready"  # every row is judged, and the file is gone
    REFUSED = "refused", "Refused"  # the file cannot be read: refusal_words say why


class PeopleListQuerySet(TenantQuerySet["PeopleList"]):
    def stalled(self) -> Self:
        """Of which no worker reads on."""
        return self.filter(unleased(), state=PeopleListState.READING)


class PeopleList(SniffedFile):
    """It never changes once it is read, but for unclear rows: campaigns that are copied share it.

    It is read under a lease, and `cursor`, the last row that was read, moves with each chunk.
    """

    customer = models.ForeignKey(
        Customer, on_delete=models.CASCADE, related_name="people_lists", db_index=False
    )
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    state = models.CharField(max_length=10, choices=PeopleListState.choices, default=PeopleListState.UPLOADED)
    rows_expected = models.PositiveIntegerField(default=0, help_text="About how many; 0: not known.")
    counts = models.JSONField(default=dict, help_text="Rows by kind.")
    cursor = models.PositiveIntegerField(default=0, help_text="The last row that was read.")
    refusal_words = models.CharField(max_length=500, blank=True)
    fence = models.PositiveIntegerField(default=0, help_text="Grows with each lease.")
    leased_until = models.DateTimeField(null=True)
    stalls = models.PositiveIntegerField(
        default=0, help_text="How many workers in a row ended without a new cursor."
    )
    created_at = models.DateTimeField(default=clock.now)

    objects = PeopleListQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["customer", "-id"], name="people_lists_newest_first"),
            models.Index(fields=["id"], name="people_lists_being_read", condition=Q(state="reading")),
        ]

    @property
    def is_read(self) -> bool:
        return self.state == PeopleListState.READ

    @property
    def is_being_read(self) -> bool:
        return self.state == PeopleListState.READING

    @property
    def is_waiting(self) -> bool:
        """For a person, who says what its columns are."""
        return self.state == PeopleListState.UPLOADED

    @property
    def people(self) -> int:
        return int(self.counts.get(RowKind.NEW, 0))

    @property
    def own_fields(self) -> list[str]:
        """Its columns that are no fields of a contact, by which placeholders call them."""
        own = (target for target in self.mapping if target.startswith(PROPERTY_PREFIX))
        return [target.removeprefix(PROPERTY_PREFIX) for target in own]

    @property
    def left_out(self) -> int:
        return sum(self.counts.get(kind, 0) for kind in NOT_TAKEN)

    @property
    def repeated(self) -> int:
        return int(self.counts.get(RowKind.DUPLICATE, 0))

    @property
    def unclear(self) -> int:
        return int(self.counts.get(RowKind.UNCLEAR, 0))

    @property
    def rows_read(self) -> int:
        return sum(self.counts.values())

    @property
    def percent(self) -> int:
        return min(99, 100 * self.rows_read // self.rows_expected) if self.rows_expected else 0

    def recount(self) -> None:
        """Somebody was taken out of it."""
        kinds = self.rows.order_by().values_list("kind").annotate(number=models.Count("line"))
        self.counts = dict(kinds)
        PeopleList.objects.filter(pk=self.pk).update(counts=self.counts)


class ListedPersonQuerySet(TenantQuerySet["ListedPerson"]):
    customer_path = "people_list__customer"

    def taken(self) -> Self:
        return self.filter(kind=RowKind.NEW)

    def told(self) -> Self:
        """Each person once, and who is left out of the list; not who stands in it again."""
        return self.exclude(kind=RowKind.DUPLICATE)

    def known(self) -> Self:
        """Whoever stands in it, also if it says that they get nothing."""
        return self.filter(kind__in=KNOWN)

    def willing(self, customer: Customer | int) -> Self:
        """Whom no group, where one has them, says to be inactive: one that has them active is enough."""
        known = Contact.objects.present().filter(group__customer=customer, phone=OuterRef("phone"))
        return self.taken().filter(~Exists(known) | Exists(known.filter(active=True)))

    def messageable(self, customer: Customer | int) -> Self:
        """As contacts are: who has opted out, or may have in words that wait, gets none."""
        phone = OuterRef("phone")
        return self.willing(customer).filter(
            ~Exists(Suppression.objects.stopping(customer, phone)),
            ~Exists(OptOutRequest.objects.waiting(customer, phone)),
        )


class ListedPerson(RowColumns):
    """A row of a list. Of the fields of a contact, null says nothing, and what a contact has is taken."""

    pk = models.CompositePrimaryKey("people_list_id", "line")
    people_list = models.ForeignKey(PeopleList, on_delete=models.CASCADE, related_name="rows", db_index=False)
    line = models.PositiveIntegerField(help_text="The row number that a spreadsheet shows.")
    kind = models.CharField(
        max_length=10,
        choices=[(kind.value, kind.name) for kind in (RowKind.NEW, RowKind.DUPLICATE, *NOT_TAKEN)],
    )
    phone = models.CharField(max_length=20, null=True, help_text="E.164; null where it is not certain.")
    phone_type = models.CharField(max_length=8, default=NumberType.MOBILE.value)
    properties = models.JSONField(default=dict)
    problems = models.JSONField(default=list)
    raw = models.JSONField(default=list, help_text="The cells as they were, of a row that is not certain.")

    objects = ListedPersonQuerySet.as_manager()

    class Meta:
        ordering = ["line"]
        constraints = [
            models.UniqueConstraint(
                fields=["people_list", "phone"],
                name="listed_once",
                condition=Q(kind__in=["new", "opted_out"]),
            )
        ]
        indexes = [
            models.Index(fields=["people_list", "kind", "line"], name="listed_people_of_a_kind"),
            models.Index(fields=["phone", "people_list"], name="listed_people_of_a_number"),
        ]

    def __str__(self) -> str:
        return self.phone or f"row {self.line}"

    @property
    def reason(self) -> str:
        return " ".join(problem["reason"] for problem in self.problems)

    @property
    def choices(self) -> list[tuple[int, str]]:
        """What an unclear cell may be read as, with its column."""
        return [(each["column"], choice) for each in self.problems for choice in each.get("choices", [])]

    @property
    def text(self) -> str:
        """What the cell says that is not certain."""
        columns = [each["column"] for each in self.problems if each["column"] < len(self.raw)]
        return str(self.raw[columns[0]]) if columns else ""
