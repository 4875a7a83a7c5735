"""How floors above see and name calls: by what they are about, never by rows, states or spelled subjects."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any, Generic, TypedDict, TypeVar, Unpack

from django.db.models import SET_NULL, Exists, ForeignKey, Max, Model, OuterRef, Q, TextField, Value
from django.db.models.functions import Cast, Concat

from accounts.models import Customer, User, keys_named, subject_key
from gateway import clock
from gateway.models import UNSETTLED, Connection, Lane, Operation, OperationState
from gateway.models.outbox import OperationQuerySet

Field = TypeVar("Field")
CALLS = Operation._meta.label  # as those say who erase what calls hold
_UNSETTLED_SQL = ", ".join(f"'{state}'" for state in UNSETTLED)


class _Read(Generic[Field]):
    """A field of the operation, which nobody above may set."""

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __get__(self, call: "QueuedCall", owner: type) -> Field:
        value: Field = getattr(call._operation, self._name)
        return value


@dataclass(frozen=True)
class QueuedCall:
    """One call of the outbox, to be read only: what may be done to it are verbs of gateway.outbox."""

    _operation: Operation

    id = _Read[int]()
    kind = _Read[str]()
    payload = _Read[dict[str, Any]]()
    connection = _Read[Connection]()
    created_by = _Read[User | None]()
    created_at = _Read[datetime]()
    subject = _Read[str]()
    batch = _Read[str]()
    request_id = _Read[str]()  # its idempotency key
    attempts = _Read[int]()
    tried_at = _Read[datetime | None]()  # when it was made last
    state = _Read[str]()
    reason_text = _Read[str]()

    @property
    def customer(self) -> Customer:
        assert self._operation.customer is not None, f"{self.kind} is of no customer"
        return self._operation.customer

    @property
    def lane(self) -> Lane:
        return Lane(self._operation.lane)

    @property
    def may_be_rebuilt(self) -> bool:
        """It has surely not been taken, or what answered said so."""
        each = self._operation
        return not each.possibly_accepted or (each.repeats == 0 and each.status == 503)

    @property
    def state_label(self) -> str:
        return self._operation.get_state_display()

    @property
    def is_unsettled(self) -> bool:
        return self.state in UNSETTLED

    @property
    def has_failed(self) -> bool:
        return self.state == OperationState.FAILED

    @property
    def needs_a_person(self) -> bool:
        return self.state in {OperationState.FAILED, OperationState.UNKNOWN}


class Which(TypedDict, total=False):
    """Those calls that are all of this."""

    subject: Model | str  # a row, or what `named` gave
    subjects: Iterable[str]  # as `subjects_of` or subject_key gave them
    batch: str
    batches: Iterable[str]
    customer: Customer
    kinds: Collection[str]
    request_id: str
    payload: dict[str, Any]  # values that it has, at its top


def named(name: str, *rows: Model) -> str:
    """A subject that is no row of its own: `templates:5:3`."""
    return ":".join([name, *(str(row.pk) for row in rows)])


def subjects_of(model: type[Model], keys: Iterable[int]) -> list[str]:
    return [f"{model._meta.model_name}:{key}" for key in keys]


def spelled(subject: Model | str) -> str:
    return subject if isinstance(subject, str) else subject_key(subject)


def select(**which: Unpack[Which]) -> OperationQuerySet:
    """Raises ValueError where nothing is named, which would be every call."""
    if all(value in ("", None) for value in which.values()):
        raise ValueError("name a subject, a batch or the like")
    lookups: dict[str, Any] = {
        {"subjects": "subject__in", "batches": "batch__in", "kinds": "kind__in"}.get(name, name): value
        for name, value in which.items()
    }
    if "subject" in lookups:
        lookups["subject"] = spelled(lookups["subject"])
    in_payload = {f"payload__{name}": value for name, value in lookups.pop("payload", {}).items()}
    return Operation.objects.filter(**lookups, **in_payload)


def calls_of(**which: Unpack[Which]) -> list[QueuedCall]:
    """Oldest first."""
    return [QueuedCall(row) for row in select(**which)]


def values_of_failed(value: str, **which: Unpack[Which]) -> list[Any]:
    """That value of the payload of each that was refused."""
    failed = select(**which).filter(state=OperationState.FAILED)
    return list(failed.values_list(f"payload__{value}", flat=True))


def number_failed(statuses: Collection[int], **which: Unpack[Which]) -> int:
    """How many were refused with one of these, and nothing goes on in their place."""
    return select(**which).filter(state=OperationState.FAILED, status__in=statuses).count()


def refused_calls(statuses: Collection[int], **which: Unpack[Which]) -> list[QueuedCall]:
    """Those refused with one of these, also where others say it in their place."""
    return [QueuedCall(row) for row in _refused(statuses, **which)]


def refused_in_a_row(statuses: Collection[int], **which: Unpack[Which]) -> int:
    """How many of them since one was taken."""
    taken = _taken(**which).aggregate(last=Max("tried_at"))["last"]
    refused = _refused(statuses, **which)
    return (refused.filter(tried_at__gt=taken) if taken else refused).count()


def is_taken_since(tried_at: datetime | None, **which: Unpack[Which]) -> bool:
    """Whether SmartDialog has taken one of them that was made then or later."""
    return tried_at is not None and _taken(**which).filter(tried_at__gte=tried_at).exists()


def _refused(statuses: Collection[int], **which: Unpack[Which]) -> OperationQuerySet:
    over = [OperationState.FAILED, OperationState.DONE, OperationState.CANCELLED]
    return select(**which).filter(state__in=over, status__in=statuses)


def _taken(**which: Unpack[Which]) -> OperationQuerySet:
    """Those closed after a refusal are over, too."""
    return select(**which).filter(state=OperationState.DONE).exclude(status__gte=400)


def request_ids_of_cancelled(**which: Unpack[Which]) -> list[str]:
    cancelled = select(**which).filter(state=OperationState.CANCELLED)
    return list(cancelled.values_list("request_id", flat=True))


def call_reference(**options: Any) -> ForeignKey[Any, Any]:
    """Of a model above, to the call that a row is of, for `call_of`; empty when the call is long over."""
    return ForeignKey(Operation, on_delete=SET_NULL, null=True, related_name="+", **options)


def call_of(reference: Operation | None) -> QueuedCall | None:
    """What a foreign key to a call refers to."""
    return QueuedCall(reference) if reference else None


def underway(**which: Unpack[Which]) -> QueuedCall | None:
    """The first that is still to be made, or being made."""
    row = select(**which).unsettled().select_related("connection").first()
    return QueuedCall(row) if row else None


def subjects_saying(customer: Customer, **said: Any) -> set[str]:
    """What calls of the customer are about that say one of these, by its path: `contact__phone="+358…"`."""
    saying = [Q(**{f"payload__{path}": value}) for path, value in said.items()]
    found = Operation.objects.of_customer(customer).filter(reduce(or_, saying))
    return set(found.values_list("subject", flat=True))


def values_said(customers: Iterable[Customer], path: str, *said: dict[str, Any]) -> set[str]:
    """What is at the path in calls that say one of these, by lookups of the payload: `{"phone": "…"}`."""
    saying = (Q(**{f"payload__{lookup}": value for lookup, value in each.items()}) for each in said)
    found = Operation.objects.filter(reduce(or_, saying), customer__in=customers)
    return {value for value in found.values_list(f"payload__{path}", flat=True) if value}


def calls_saying(customer: Customer, may_be_in: Callable[[str], Q]) -> list[QueuedCall]:
    """Calls that are over, whose payload may say it: it makes a condition of the name of a field."""
    over = Operation.objects.of_customer(customer).filter(
        state__in=[OperationState.DONE, OperationState.CANCELLED]
    )
    saying = over.alias(said=Cast("payload", TextField())).filter(may_be_in("said"))
    return [QueuedCall(row) for row in saying]


def is_underway(**which: Unpack[Which]) -> bool:
    return select(**which).unsettled().exists()


def waits_to_leave(number: int = 1, **which: Unpack[Which]) -> bool:
    """Whether so many of them, at least, may leave by now."""
    due = select(**which).queued().filter(due_at__lte=clock.now())
    return due[number - 1 : number].exists()


def was_in_doubt(**which: Unpack[Which]) -> bool:
    """Whether one of them may have been taken without our hearing of it, and was or will be repeated."""
    return select(**which).filter(possibly_accepted=True).exists()


def may_leave(**which: Unpack[Which]) -> bool:
    """Whether one of them is being made, or may be at any time: it is not held."""
    return select(**which).unsettled().exclude(state=OperationState.HELD).exists()


def keys_underway(model: type[Model], keys: Iterable[int]) -> set[int]:
    """Those of the rows of whom a call is under way."""
    busy = select(subjects=subjects_of(model, keys)).unsettled().values_list("subject", flat=True)
    return set(keys_named(model, busy).values())


def row_is_underway(model: type[Model]) -> Exists:
    """The same as a condition on rows of the model."""
    subject = Concat(Value(f"{model._meta.model_name}:"), Cast(OuterRef("pk"), TextField()))
    return Exists(Operation.objects.filter(subject=subject).unsettled())


def called_sql(model: type[Model], *, key: str, batch: str) -> str:
    """The same in SQL, or that a call of the batch was ever made; `key` and `batch` are SQL, too."""
    subject = f"'{model._meta.model_name}:' || {key}"
    return f"""EXISTS (SELECT 1 FROM gateway_operation o WHERE o.subject = {subject}
        AND (o.batch = {batch} OR o.state IN ({_UNSETTLED_SQL})))"""  # noqa: S608  our own words


def payload_values(name: str, value: str, *, tried: bool, **which: Unpack[Which]) -> dict[Any, Any]:
    """Of those under way, one value of the payload by another; `tried`: of those that may have left."""
    found = select(**which).unsettled()
    found = found.filter(attempts__gt=0) if tried else found
    return dict(found.values_list(f"payload__{name}", f"payload__{value}"))


def numbers_needing_a_person(customer: Customer, *, without: Collection[str]) -> tuple[int, int]:
    """How many calls failed, and how many may have been sent; but for those of some kinds."""
    needing = Operation.objects.of_customer(customer).needing_a_person().exclude(kind__in=without)
    failed = needing.filter(state=OperationState.FAILED).count()
    return failed, needing.filter(state=OperationState.UNKNOWN).count()
