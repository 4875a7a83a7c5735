"""Settings that are about SmartDialog: calls, operations that need a person, services and hooks, health."""

from django.conf import settings
from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_safe

from accounts.access import admins_form, admins_only, admins_post
from accounts.db.paging import keyset
from accounts.models import User
from accounts.web.http import Request
from accounts.web.params import text_param
from accounts.wording.quantities import counted
from gateway import clock, hook_urls, outbox
from gateway.hooks import dead_letters, subscriptions
from gateway.installation_checks import sending_place
from gateway.models import (
    Call,
    Connection,
    EventState,
    HookEvent,
    HookKind,
    HookSubscription,
    Operation,
    Service,
    SubscriptionState,
)
from gateway.outbox import operator_actions
from gateway.rate_limit import call_meter, shared_limit
from gateway.reasons import Reason
from gateway.sign_in import connections
from gateway.smartdialog import directory
from gateway.workers import health

PAGE = 100
PARKED_IS_USUAL = 600.0  # seconds; a report may be faster than the answer that it belongs to
TROUBLED = [
    EventState.UNCLEAR,
    EventState.PARKED,
    EventState.QUARANTINED,
    EventState.FAILED,
    EventState.UNMATCHED,
]
NONE_RETRIED = "None is tried again: it has been decided already, or a second person is asked first."
STAYS = "SmartDialog gave nothing to end it by, so it goes on sending there until Arena removes it."


@require_GET
@admins_only
def usage(request: Request) -> HttpResponse:
    """Which calls were made, by whom, and what came of them."""
    calls = Call.objects.filter(_reached_connections(request.user, "connection__")).select_related(
        "connection__user", "operation"
    )
    if request.GET.get("show") == "failed":
        calls = calls.exclude(status__gte=200, status__lt=300, error="").exclude(answered_at=None)
    page = keyset(calls, before=request.GET.get("before"), size=PAGE)
    people = Connection.objects.filter(_reached_connections(request.user)).select_related("user")
    meters = [(each, call_meter.meter_of(each.user)) for each in people]
    return render(
        request, "settings/usage.html", {"page": page, "meters": meters, "show": request.GET.get("show")}
    )


@require_GET
@admins_only
def operations(request: Request) -> HttpResponse:
    """What SmartDialog refused or may have taken, with its words, for a person to decide."""
    needing = Operation.objects.visible_to(request.user).needing_a_person().select_related("connection__user")
    page = keyset(needing.order_by("-pk"), before=request.GET.get("before"), size=PAGE)
    told = needing.order_by().values_list("kind", "reason", "reason_params").annotate(count=Count("pk"))
    kinds = [
        {"kind": kind, "text": Reason(reason, params).text, "count": count}
        for kind, reason, params, count in told.order_by("-count")[:10]
    ]
    return render(request, "settings/operations.html", {"page": page, "kinds": kinds})


@admins_post
def retry(request: Request, pk: int) -> HttpResponse:
    operation = get_object_or_404(Operation.objects.visible_to(request.user), pk=pk)
    try:
        if outbox.retry(outbox.QueuedCall(operation), by=request.user):
            messages.success(request, "It waits for its turn again.")
        else:
            messages.info(request, "Somebody else has just retried it.")
    except outbox.CannotRetry as error:
        messages.error(request, error.text)
    return redirect("gateway:operations")


@admins_post
def retry_failed(request: Request) -> HttpResponse:
    """All failed ones of one kind; those that may have been sent are decided one by one."""
    reached = Operation.objects.visible_to(request.user)
    kind = text_param(request.POST.get("kind"), most=40)
    count = operator_actions.retry_failed(reached, kind=kind, by=request.user)
    if count:
        messages.success(request, f"{counted(count, 'waits for its', 'wait for their')} turn again.")
    else:
        messages.info(request, NONE_RETRIED)
    return redirect("gateway:operations")


@require_GET
@admins_only
def services(request: Request) -> HttpResponse:
    listed = (
        Service.objects.visible_to(request.user).select_related("customer").order_by("customer__name", "kind")
    )
    hooks = HookSubscription.objects.visible_to(request.user).select_related("customer", "service")
    hooks_in_use = hooks.exclude(state=SubscriptionState.REVOKED)
    inbound = hooks_in_use.filter(kind=HookKind.INBOUND).order_by("pk")
    reporting = (
        hooks_in_use.filter(kind=HookKind.DELIVERY)
        .exclude(taken_until__lte=clock.now())
        .order_by("customer__name", "pk")
    )
    latest = {hook.service_id: hook for hook in inbound}
    replaced = {hook.service_id for hook in inbound if hook.state == SubscriptionState.LEAVING}
    rows = [(service, latest.get(service.pk), service.pk in replaced) for service in listed]
    troubled = HookEvent.objects.filter(subscription__in=hooks, state__in=TROUBLED).exclude(
        state=EventState.PARKED, received_at__gt=clock.after(-PARKED_IS_USUAL)
    )
    address = {"is_reachable": hook_urls.can_be_reached(), "public_url": settings.PUBLIC_URL}
    troubled = troubled.order_by("-pk")[:50]
    shown = {"rows": rows, "reporting": reporting, "troubled": troubled, **address}
    return render(request, "settings/services.html", shown)


@admins_post
def read_services(request: Request) -> HttpResponse:
    directory.enqueue_all_read(connections.for_user(request.user))
    messages.success(request, "Your services are being read from SmartDialog again.")
    return redirect("gateway:services")


@admins_post
def subscribing(request: Request, pk: int) -> HttpResponse:
    service = get_object_or_404(Service.objects.visible_to(request.user).two_way(), pk=pk)
    subscriptions.subscribe(service, by=request.user)
    messages.success(
        request, f"Messages to {service} will arrive in the inbox as soon as SmartDialog confirms it."
    )
    return redirect("gateway:services")


@admins_form
def revoking(request: Request, pk: int) -> HttpResponse:
    """Stop receiving, once it was asked: what people write meanwhile is nowhere else."""
    hook = get_object_or_404(HookSubscription.objects.visible_to(request.user), pk=pk)
    if request.method != "POST":
        return render(request, "settings/revoking.html", {"hook": hook})
    subscriptions.unsubscribe(hook, by=request.user)
    rest = "SmartDialog is asked to end it there." if hook.can_be_ended else STAYS
    messages.success(request, f"{hook} stopped: what is sent to the old address is not taken. {rest}")
    return redirect("gateway:services")


@admins_post
def renewing(request: Request, pk: int) -> HttpResponse:
    """Two addresses are taken for a while, so that nothing is lost between them."""
    hook = get_object_or_404(HookSubscription.objects.visible_to(request.user), pk=pk)
    if not subscriptions.renew(hook, by=request.user):
        messages.info(request, f"{hook} has no address that could be replaced now.")
    elif hook.service:
        messages.success(
            request, "SmartDialog is asked to use a new address. The old one is closed when it confirms that."
        )
    else:
        messages.success(request, "What is sent from now on is reported to a new address.")
    return redirect("gateway:services")


@admins_post
def settling(request: Request, pk: int) -> HttpResponse:
    """What nobody could read is tried once more, or an admin has seen to it."""
    hooks = HookSubscription.objects.visible_to(request.user)
    event = get_object_or_404(
        HookEvent.objects.select_related("subscription__customer"), pk=pk, subscription__in=hooks
    )
    if request.POST.get("action") == "dismiss":
        dead_letters.dismiss(event, by=request.user)
    elif dead_letters.take_in_again(event, by=request.user):
        messages.success(request, "It is being read again. If it cannot be, it comes back here in a moment.")
    return redirect("gateway:services")


@require_GET
@admins_only
def system(request: Request) -> HttpResponse:
    context = {
        "report": health.report(),
        "wrong_settings": connections.wrong_settings(),
        "too_many": shared_limit.refused_lately(),
        "limit": settings.SMARTDIALOG_CALLS_PER_MINUTE,
        "is_reachable": hook_urls.can_be_reached(),
        "public_url": settings.PUBLIC_URL,
    }
    return render(request, "settings/system.html", context)


@admins_post
def moving(request: Request) -> HttpResponse:
    if sending_place.send_here(by=request.user):
        messages.success(request, "This is the one that sends. What waited leaves now.")
    return redirect("gateway:system")


@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    report = health.report()
    return JsonResponse(report, status=200 if report["ok"] else 503)


def _reached_connections(user: User, prefix: str = "") -> Q:
    """Connections of people who share a customer with the admin, and the admin's own."""
    shared = User.objects.filter(memberships__customer__in=user.customers.all())
    return Q(**{f"{prefix}user__in": shared}) | Q(**{f"{prefix}user": user})
