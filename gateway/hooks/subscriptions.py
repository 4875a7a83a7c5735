"""Addresses that SmartDialog calls: unguessable, one per customer and use, revocable.

The secret has to be in the path, since the platform signs nothing: 256 bits, found by its digest.
"""

import hashlib
import secrets
from datetime import timedelta
from typing import Any
from urllib.parse import unquote, urlencode, urlsplit

from django.db import transaction
from django.db.models import Q

from accounts.models import Customer, User
from accounts.tenancy import TenantQuerySet
from accounts.trail import audit
from gateway import clock, hook_urls, outbox
from gateway.live_updates import live
from gateway.models import Connection, HookKind, HookSubscription, Service, SubscriptionState
from gateway.sign_in import connections
from gateway.smartdialog.parsing import LONGEST_ID
from gateway.smartdialog.types import Subscribed

LIVE = [SubscriptionState.ASKED, SubscriptionState.ACTIVE]
ACCEPTING = [*LIVE, SubscriptionState.LEAVING]
REPORT_GRACE = timedelta(days=10)  # no document says how long a report may take: our choice, well over a week
REPLACEMENT_REFUSED = "SmartDialog did not take the new address, so this one stays: {words}"


def dlr_url(customer: Customer, **query: str | int) -> str:
    """Where delivery reports of this customer go, as it is kept. The query comes back with each report."""
    subscription = HookSubscription.objects.filter(
        customer=customer, service=None, kind=HookKind.DELIVERY, state=SubscriptionState.ACTIVE
    ).first() or _new(customer, None, HookKind.DELIVERY, SubscriptionState.ACTIVE)
    address = hook_urls.stored_dlr_url(subscription)
    return f"{address}?{urlencode(query)}" if query else address


@transaction.atomic
def subscribe(service: Service, *, by: User) -> HookSubscription:
    """Ask SmartDialog to send this two-way service's messages here; once, however often it is pressed."""
    _let_nobody_else(service)
    existing = HookSubscription.objects.filter(service=service, kind=HookKind.INBOUND, state__in=LIVE).first()
    if existing:
        return existing
    subscription = _new(service.customer, service, HookKind.INBOUND, SubscriptionState.ASKED)
    outbox.add(
        connection=connections.for_user(by),
        customer=service.customer,
        kind="hooks.subscribe",
        subject=subscription,
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
    """Close the address at once, with the one that it replaces; ask SmartDialog to call neither."""
    here = HookSubscription.objects.select_for_update().get(
        pk=subscription.pk
    )  # with what was told meanwhile
    for each in [here, *_replaced_by(here)]:
        _end(each, connection=connections.for_user(by) if each.can_be_ended else None, by=by)


@transaction.atomic
def renew(subscription: HookSubscription, *, by: User) -> bool:
    """Give SmartDialog a new secret. Whether this one was live, and so is being replaced.

    It is taken on: for messages until SmartDialog confirms the new one, for reports as long as they may come.
    """
    _let_nobody_else(subscription.service)
    until = clock.now() + REPORT_GRACE if subscription.service is None else None
    live_one = HookSubscription.objects.filter(pk=subscription.pk, state=SubscriptionState.ACTIVE)
    if not live_one.update(state=SubscriptionState.LEAVING, taken_until=until, error_text=""):
        return False
    audit.record(actor=by, customer=subscription.customer, verb="hook.replaced", subject=subscription)
    if subscription.service:
        subscribe(subscription.service, by=by)
    else:
        _new(subscription.customer, None, HookKind.DELIVERY, SubscriptionState.ACTIVE)
    return True


def taken() -> TenantQuerySet[HookSubscription]:
    """Those whose secrets are good at the moment."""
    in_time = Q(taken_until=None) | Q(taken_until__gt=clock.now())
    return HookSubscription.objects.filter(in_time, state__in=ACCEPTING)


def confirmed(subscription: HookSubscription, answer: Subscribed, *, connection: Connection) -> None:
    """In the transaction that settles the call. Ends what it replaces, or itself if stopped meanwhile."""
    subscription.action_id = _kept(answer.action_id)
    subscription.pipeline_id = _kept(pipeline_of(answer.location))
    subscription.save(update_fields=["action_id", "pipeline_id"])
    if _become(subscription, state=SubscriptionState.ACTIVE):
        for replaced in _replaced_by(subscription):
            _end(replaced, connection=connection, by=None)
    elif subscription.can_be_ended:
        _ask_to_end(subscription, connection=connection, by=None)


def confirmed_by_event(subscription: HookSubscription) -> None:
    """A message came to its address: SmartDialog has it, whatever the call that asked for it came to."""
    _become(subscription, state=SubscriptionState.ACTIVE)


def failed(subscription: HookSubscription, words: str) -> None:
    """What it should have replaced is the live one again, and says why."""
    replaced = _replaced_by(subscription)
    state = SubscriptionState.REVOKED if replaced else SubscriptionState.FAILED
    if _become(subscription, state=state, error_text=words[:500]):
        replaced.update(
            state=SubscriptionState.ACTIVE, error_text=REPLACEMENT_REFUSED.format(words=words)[:500]
        )


def _let_nobody_else(service: Service | None) -> None:
    """Ask for its messages until this is committed: two calls would bring each of them twice."""
    if service:
        Service.objects.select_for_update().get(pk=service.pk)


def _replaced_by(subscription: HookSubscription) -> TenantQuerySet[HookSubscription]:
    """The inbound subscription that is taken until this one is confirmed, if there is one."""
    others = HookSubscription.objects.exclude(pk=subscription.pk)
    return others.filter(
        service=subscription.service,
        service__isnull=False,
        kind=subscription.kind,
        state=SubscriptionState.LEAVING,
    )


def _become(subscription: HookSubscription, **fields: Any) -> bool:
    """Whether it still was wanted: it is revoked when somebody stopped it before SmartDialog answered."""
    live.announce(subscription.customer, "directory")
    wanted = HookSubscription.objects.filter(pk=subscription.pk, state__in=LIVE)
    return bool(wanted.update(**fields))


def _end(subscription: HookSubscription, *, connection: Connection | None, by: User | None) -> None:
    """Nothing where somebody ended it just before."""
    others = HookSubscription.objects.exclude(state=SubscriptionState.REVOKED)
    if not others.filter(pk=subscription.pk).update(state=SubscriptionState.REVOKED):
        return
    audit.record(actor=by, customer=subscription.customer, verb="hook.revoked", subject=subscription)
    if connection and subscription.can_be_ended:
        _ask_to_end(subscription, connection=connection, by=by)


def _ask_to_end(subscription: HookSubscription, *, connection: Connection, by: User | None) -> None:
    outbox.add(
        connection=connection,
        customer=subscription.customer,
        kind="hooks.unsubscribe",
        payload={"pipeline": subscription.pipeline_id, "action": subscription.action_id},
        by=by,
    )


def _new(
    customer: Customer, service: Service | None, kind: HookKind, state: SubscriptionState
) -> HookSubscription:
    secret = secrets.token_urlsafe(32)
    fields = {"secret": secret, "digest": digest_of(secret), "state": state}
    subscription, _ = HookSubscription.objects.get_or_create(
        customer=customer, service=service, kind=kind, state__in=LIVE, defaults=fields
    )
    return subscription


def digest_of(secret: str) -> str:
    """What a secret is found by: how long that takes says nothing about it."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def _kept(remote_id: str) -> str:
    """Half an id ends nothing."""
    return remote_id if len(remote_id) <= LONGEST_ID else ""


def pipeline_of(location: str) -> str:
    """From `…/pipelines/{pipeline}/actions/{action}`, where the platform gave a Location."""
    try:
        parts = urlsplit(location).path.strip("/").split("/")
    except ValueError:  # no address
        return ""
    return unquote(parts[parts.index("pipelines") + 1]) if "pipelines" in parts[:-1] else ""
