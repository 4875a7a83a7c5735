"""Poll SmartDialog's list: when a person asks, after an unclear call, and with a backoff by its age."""

from datetime import UTC, datetime, timedelta

from django.db import transaction
from django.db.models import Max

from accounts.models import Customer, User
from gateway import clock, outbox
from gateway.models import Connection, ConnectionState
from messaging.whatsapp.models import Template, TemplateList

LIST, CATEGORIES = "whatsapp.templates", "whatsapp.categories"

MIN_INTERVAL, MAX_INTERVAL = timedelta(minutes=1), timedelta(days=1)
AGE_DIVISOR = 4  # the longer a review lasts, the less likely it ends in the next minutes
IDLE_GAP = timedelta(hours=6)  # for templates that were made elsewhere
CATEGORIES_AGE = timedelta(days=1)
ACTIVE_WITHIN = timedelta(hours=12)
_AT_ONCE, _NEVER = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


@transaction.atomic
def enqueue_lookup(customer: Customer, *, connection: Connection, by: User | None = None) -> bool:
    """Queue one call that reads the list; False when one is under way already."""
    template_list, _ = TemplateList.objects.select_related("look_up__connection").get_or_create(
        customer=customer
    )
    if template_list.is_being_read:
        return False
    now = clock.now()
    call = outbox.add(
        connection=connection,
        customer=customer,
        kind=LIST,
        subject=outbox.named("templates", customer, connection),
        payload={"customer": customer.remote_id},
        by=by,
        coalesce=True,
    )
    template_list.look_up_id, template_list.asked_at = call.id, now
    if template_list.categories_asked_at is None or now - template_list.categories_asked_at >= CATEGORIES_AGE:
        _enqueue_categories(customer, connection)
        template_list.categories_asked_at = now
    template_list.save()
    return True


def tick() -> int:
    """Ask for each list that is due; returns how many."""
    return sum(_poll(customer) for customer in _due(clock.now()))


def due_at(asked_at: datetime, submitted_at: datetime) -> datetime:
    """When to look for a template again that was submitted then."""
    interval = (asked_at - submitted_at) / AGE_DIVISOR
    return max(asked_at, submitted_at) + min(max(interval, MIN_INTERVAL), MAX_INTERVAL)


def _poll(customer: Customer) -> bool:
    reaching = Connection.objects.active().filter(user__is_active=True, user__customers=customer)
    connection = reaching.order_by("-user__last_login", "pk").first()
    return connection is not None and enqueue_lookup(customer, connection=connection)


def _due(now: datetime) -> list[Customer]:
    """Whose list was never read, whose newest review is due, or whose people are at work. Three queries."""
    asked = dict(TemplateList.objects.values_list("customer", "asked_at"))
    in_review = Template.objects.in_review().order_by()
    reviews = dict(in_review.values_list("customer").annotate(newest=Max("submitted_at")))
    reached = Customer.objects.filter(users__connection__state=ConnectionState.ACTIVE)
    customers = reached.annotate(seen_at=Max("users__last_login"))
    return [each for each in customers if now >= _next(each, asked.get(each.pk), reviews.get(each.pk))]


def _next(customer: Customer, asked_at: datetime | None, submitted_at: datetime | None) -> datetime:
    if asked_at is None:
        return _AT_ONCE
    if submitted_at is not None:
        return due_at(asked_at, submitted_at)
    seen_at: datetime | None = customer.seen_at  # type: ignore[attr-defined]  # annotated by _due
    at_work = seen_at is not None and clock.now() - seen_at < ACTIVE_WITHIN
    return asked_at + IDLE_GAP if at_work else _NEVER


def _enqueue_categories(customer: Customer, connection: Connection) -> None:
    outbox.add(
        connection=connection,
        customer=customer,
        kind=CATEGORIES,
        subject=outbox.named("categories", customer, connection),
        payload={},
        coalesce=True,
    )
