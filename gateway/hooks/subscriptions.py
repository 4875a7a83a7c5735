"""Addresses that SmartDialog calls: unguessable, one per customer and use, revocable.

The secret has to be in the path, since the platform signs nothing: 256 bits, found by its digest.
"""

import hashlib
import secrets
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.db import transaction

from accounts import audit
from accounts.models import Customer, User
from gateway import connections, live, outbox
from gateway.models import HookKind, HookSubscription, Lane, Service, SubscriptionState
from gateway.types import Subscribed

LIVE = [SubscriptionState.ASKED, SubscriptionState.ACTIVE]


def find(secret: str, kind: HookKind) -> HookSubscription | None:
    """By digest: how long it takes says nothing about the secret."""
    return HookSubscription.objects.filter(digest=_digest(secret), kind=kind, state__in=LIVE).first()


def dlr_url(customer: Customer, **query: str | int) -> str:
    """Where delivery reports of this customer go. The query comes back with each report."""
    subscription = HookSubscription.objects.filter(
        customer=customer, service=None, kind=HookKind.DELIVERY, state=SubscriptionState.ACTIVE
    ).first() or _new(customer, None, HookKind.DELIVERY, SubscriptionState.ACTIVE)
    address = f"{settings.PUBLIC_URL}/hooks/dlr/{subscription.secret}/"
    return f"{address}?{urlencode(query)}" if query else address


def inbound_url(subscription: HookSubscription) -> str:
    return f"{settings.PUBLIC_URL}/hooks/inbound/{subscription.secret}/"


@transaction.atomic
def subscribe(service: Service, *, by: User) -> HookSubscription:
    """Ask SmartDialog to send this two-way service's messages here; once, however often it is pressed."""
    existing = HookSubscription.objects.filter(service=service, kind=HookKind.INBOUND, state__in=LIVE).first()
    if existing:
        return existing
    subscription = _new(service.customer, service, HookKind.INBOUND, SubscriptionState.ASKED)
    outbox.add(
        connection=connections.for_work(by),
        customer=service.customer,
        kind="hooks.subscribe",
        lane=Lane.INTERACTIVE,
        subject=f"hooksubscription:{subscription.pk}",
        payload={
            "subscription": subscription.pk,
            "request": {
                "customer": service.customer.remote_id,
                "service": service.remote_id,
                "name": "SmartDialog Admin inbox",
                "description": "Sends new messages to the SmartDialog Admin inbox.",
            },
        },
        by=by,
    )
    audit.record(actor=by, customer=service.customer, verb="hook.asked_for", subject=subscription)
    return subscription


@transaction.atomic
def unsubscribe(subscription: HookSubscription, *, by: User) -> None:
    """Close the address at once; ask SmartDialog to stop calling it where that can be asked."""
    HookSubscription.objects.filter(pk=subscription.pk).update(state=SubscriptionState.REVOKED)
    audit.record(actor=by, customer=subscription.customer, verb="hook.revoked", subject=subscription)
    if subscription.pipeline_id and subscription.action_id:
        outbox.add(
            connection=connections.for_work(by),
            customer=subscription.customer,
            kind="hooks.unsubscribe",
            lane=Lane.INTERACTIVE,
            payload={"pipeline": subscription.pipeline_id, "action": subscription.action_id},
            by=by,
        )


def confirmed(subscription: HookSubscription, answer: Subscribed) -> None:
    subscription.state = SubscriptionState.ACTIVE
    subscription.action_id = answer.action_id
    subscription.pipeline_id = _pipeline(answer.location)
    subscription.save(update_fields=["state", "action_id", "pipeline_id"])
    live.announce(subscription.customer, "directory")


def failed(subscription: HookSubscription, words: str) -> None:
    subscription.state, subscription.error_text = SubscriptionState.FAILED, words[:500]
    subscription.save(update_fields=["state", "error_text"])
    live.announce(subscription.customer, "directory")


def _new(
    customer: Customer, service: Service | None, kind: HookKind, state: SubscriptionState
) -> HookSubscription:
    secret = secrets.token_urlsafe(32)
    fields = {"secret": secret, "digest": _digest(secret), "state": state}
    subscription, _ = HookSubscription.objects.get_or_create(
        customer=customer, service=service, kind=kind, state__in=LIVE, defaults=fields
    )
    return subscription


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def _pipeline(location: str) -> str:
    """From `…/pipelines/{pipeline}/actions/{action}`, where the platform gave a Location."""
    parts = urlsplit(location).path.strip("/").split("/")
    return parts[parts.index("pipelines") + 1] if "pipelines" in parts[:-1] else ""
