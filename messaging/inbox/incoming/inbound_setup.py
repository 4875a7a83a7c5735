"""Whether inbound messages are subscribed to (webhooks), and subscribing."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import QuerySet

from accounts.db.kept_queries import kept
from accounts.models import Customer, User
from gateway import clock, hooks
from gateway.hooks.subscriptions import LIVE
from gateway.models import HookKind, HookSubscription, Service, SubscriptionState

CONFIRMED_WITHIN = timedelta(hours=1)


@dataclass(frozen=True)
class InboundStatus:
    """`services`: where people can write to. `unsubscribed`: those whose messages do not come here."""

    services: list[Service]
    unsubscribed: list[Service]
    is_being_set_up: bool = False
    failure: str = ""


def inbound_status(customer: Customer) -> InboundStatus:
    """Two queries."""
    services = Service.objects.of_customer(customer).two_way().offered()
    return status_by(subscriptions(customer), services)


def status_by(hooks: Iterable[HookSubscription], offered: Iterable[Service]) -> InboundStatus:
    """`hooks`: its subscriptions. `offered`: its two-way services that SmartDialog lists; no other counts."""
    services = list(offered)
    keys = {service.pk for service in services}
    latest = {hook.service_id: hook for hook in hooks if hook.service_id in keys}
    states = {key: hook.state for key, hook in latest.items()}
    failures = [hook.error_text for hook in latest.values() if hook.state == SubscriptionState.FAILED]
    return InboundStatus(
        services=services,
        unsubscribed=[service for service in services if states.get(service.pk) not in LIVE],
        is_being_set_up=SubscriptionState.ASKED in states.values(),
        failure=failures[-1] if failures else "",
    )


@kept
def subscriptions(customer: Customer) -> QuerySet[HookSubscription]:
    own = HookSubscription.objects.of_customer(customer).filter(kind=HookKind.INBOUND)
    return own.exclude(state=SubscriptionState.REVOKED).order_by("pk")


def stopped_services(customer: Customer) -> list[Service]:
    """Those whose messages came, or were asked for, and do not come now."""
    missed = [service.pk for service in inbound_status(customer).unsubscribed]
    over = [SubscriptionState.REVOKED, SubscriptionState.FAILED]
    return list(
        Service.objects.filter(
            pk__in=missed, hook_subscriptions__kind=HookKind.INBOUND, hook_subscriptions__state__in=over
        ).distinct()
    )


def unasked_services(customer: Customer) -> list[Service]:
    """Those whose messages nobody has ever asked for."""
    asked = HookSubscription.objects.of_customer(customer).filter(kind=HookKind.INBOUND).values("service")
    offered = Service.objects.of_customer(customer).two_way().offered()
    return list(offered.exclude(pk__in=asked.exclude(service=None)))


def unconfirmed_services(customer: Customer) -> list[Service]:
    """Those whose messages were asked for so long ago that something keeps it."""
    asked = HookSubscription.objects.of_customer(customer).filter(
        kind=HookKind.INBOUND,
        state=SubscriptionState.ASKED,
        created_at__lt=clock.now() - CONFIRMED_WITHIN,
    )
    return list(
        Service.objects.of_customer(customer).two_way().offered().filter(pk__in=asked.values("service"))
    )


def subscribe_all(customer: Customer, *, by: User) -> int:
    """Ask SmartDialog for the messages of each such service; how many. Raises NotConnected."""
    unsubscribed = inbound_status(customer).unsubscribed
    for service in unsubscribed:
        hooks.subscribe(service, by=by)
    return len(unsubscribed)
