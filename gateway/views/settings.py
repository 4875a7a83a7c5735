"""Settings that are about SmartDialog: calls, operations that need a person, services and hooks, health."""

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from accounts.access import admins_only
from accounts.models import User
from gateway import connections, directory, health, metering, outbox
from gateway.hooks import subscriptions
from gateway.models import Call, Connection, EventState, HookEvent, HookSubscription, Operation, Service
from gateway.paging import keyset

PAGE = 100


@require_GET
@admins_only
def usage(request: HttpRequest) -> HttpResponse:
    """Which calls were made, by whom, and what came of them."""
    calls = Call.objects.filter(_reached_connections(request.user, "connection__")).select_related(
        "connection__user", "operation"
    )
    if request.GET.get("show") == "failed":
        calls = calls.exclude(status__gte=200, status__lt=300).exclude(answered_at=None)
    page = keyset(calls, before=request.GET.get("before"), size=PAGE)
    people = Connection.objects.filter(_reached_connections(request.user)).select_related("user")
    meters = [(each, metering.meter_of(each.user)) for each in people]
    return render(
        request, "settings/usage.html", {"page": page, "meters": meters, "show": request.GET.get("show")}
    )


@require_GET
@admins_only
def operations(request: HttpRequest) -> HttpResponse:
    """What SmartDialog refused or may have taken, with its words, for a person to decide."""
    needing = Operation.objects.reached_by(request.user).needing_a_person().select_related("connection__user")
    page = keyset(needing.order_by("-pk"), before=request.GET.get("before"), size=PAGE)
    kinds = (
        needing.order_by().values("kind", "error_text").annotate(count=Count("pk")).order_by("-count")[:10]
    )
    return render(request, "settings/operations.html", {"page": page, "kinds": kinds})


@require_POST
@admins_only
def retry(request: HttpRequest, pk: int) -> HttpResponse:
    operation = get_object_or_404(Operation.objects.reached_by(request.user), pk=pk)
    if outbox.retry(operation, by=request.user):
        messages.success(request, f"{operation.kind} waits for its turn again.")
    else:
        messages.info(request, "Somebody else has just retried it.")
    return redirect("gateway:operations")


@require_POST
@admins_only
def retry_failed(request: HttpRequest) -> HttpResponse:
    """All failed ones of one kind; those that may have been sent are decided one by one."""
    failed = Operation.objects.reached_by(request.user).filter(
        state="failed", kind=request.POST.get("kind", "")
    )
    count = sum(outbox.retry(operation, by=request.user) for operation in failed.iterator())
    messages.success(request, f"{count:,} wait for their turn again.")
    return redirect("gateway:operations")


@require_GET
@admins_only
def services(request: HttpRequest) -> HttpResponse:
    listed = (
        Service.objects.reached_by(request.user).select_related("customer").order_by("customer__name", "kind")
    )
    hooks = HookSubscription.objects.reached_by(request.user).select_related("customer", "service")
    live = {hook.service_id: hook for hook in hooks.filter(state__in=subscriptions.LIVE) if hook.service_id}
    rows = [(service, live.get(service.pk)) for service in listed]
    troubled = HookEvent.objects.filter(
        subscription__in=hooks, state__in=[EventState.QUARANTINED, EventState.FAILED, EventState.UNMATCHED]
    ).order_by("-pk")[:50]
    return render(request, "settings/services.html", {"rows": rows, "hooks": hooks, "troubled": troubled})


@require_POST
@admins_only
def read_services(request: HttpRequest) -> HttpResponse:
    directory.ask_for_customers(connections.for_work(request.user))
    messages.success(request, "Your services are being read from SmartDialog again.")
    return redirect("gateway:services")


@require_POST
@admins_only
def subscribing(request: HttpRequest, pk: int) -> HttpResponse:
    service = get_object_or_404(Service.objects.reached_by(request.user).two_way(), pk=pk)
    subscriptions.subscribe(service, by=request.user)
    messages.success(
        request, f"Messages to {service} will arrive in the inbox as soon as SmartDialog confirms it."
    )
    return redirect("gateway:services")


@require_POST
@admins_only
def revoking(request: HttpRequest, pk: int) -> HttpResponse:
    hook = get_object_or_404(HookSubscription.objects.reached_by(request.user), pk=pk)
    subscriptions.unsubscribe(hook, by=request.user)
    messages.success(
        request, f"{hook} stopped. What SmartDialog still sends to the old address is not taken."
    )
    return redirect("gateway:services")


@require_GET
@admins_only
def system(request: HttpRequest) -> HttpResponse:
    return render(request, "settings/system.html", {"report": health.report()})


def healthz(request: HttpRequest) -> JsonResponse:
    report = health.report()
    return JsonResponse(report, status=200 if report["ok"] else 503)


def _reached_connections(user: User, prefix: str = "") -> Q:
    """Connections of people who share a customer with the admin, and the admin's own."""
    shared = User.objects.filter(memberships__customer__in=user.customers.all())
    return Q(**{f"{prefix}user__in": shared}) | Q(**{f"{prefix}user": user})
