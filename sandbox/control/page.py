"""The control page: what the platform is doing, and every handle on it."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from sandbox import clock, switches
from sandbox.api import faults
from sandbox.control import data_reset, fault_rules
from sandbox.control.conversations import recent_phones
from sandbox.db import write_transaction
from sandbox.deliveries import outcomes
from sandbox.models import Callback, Fault, LedgerCall, Person, Subscription, SwitchSetting, Template
from sandbox.oauth import grants

CALLS_SHOWN = 25


@require_safe
@never_cache
def control(request: HttpRequest) -> HttpResponse:
    return render(request, "sandbox/control.html", page_context())


@require_safe
@never_cache
def traffic_now(request: HttpRequest) -> HttpResponse:
    return render(request, "sandbox/_traffic.html", traffic())


@require_POST
def review_template(request: HttpRequest, template_id: UUID) -> HttpResponse:
    template = get_object_or_404(Template, id=template_id)
    verdict = request.POST.get("verdict", "")
    if verdict not in (Template.Review.APPROVED, Template.Review.REJECTED, Template.Review.PAUSED):
        return refused(request, "A template is approved, rejected or paused.")
    reason = request.POST.get("reason", "")[:100] if verdict == Template.Review.REJECTED else ""
    with write_transaction():
        Template.objects.filter(id=template.id).update(review=verdict, reason=reason)
    return done("templates")


@require_POST
def change_grants(request: HttpRequest, subject: UUID) -> HttpResponse:
    """Expire a person's access tokens (a refresh mends that) or revoke the grants (only a sign-in does)."""
    person = get_object_or_404(Person, subject=subject)
    with write_transaction():
        grants.end_sessions(person, for_good=request.POST.get("action") == "revoke")
    return done("people")


@require_POST
def change_switches(request: HttpRequest) -> HttpResponse:
    """A box that is not ticked sends nothing: that is false."""
    values: dict[str, object] = {
        switch.name: request.POST.get(switch.name, "" if isinstance(switch.default, bool) else switch.default)
        for switch in switches.SWITCHES
    }
    try:
        with write_transaction():
            switches.change({} if "defaults" in request.POST else values)
            if "defaults" in request.POST:
                SwitchSetting.objects.all().delete()
    except ValueError as error:
        return refused(request, str(error))
    return done("switches")


@require_POST
def add_fault(request: HttpRequest) -> HttpResponse:
    rule: dict[str, Any] = {
        name: value for name, value in request.POST.items() if value and name != "csrfmiddlewaretoken"
    }
    if request.POST.get("retry_after") == "":
        rule["retry_after"] = None
    try:
        made = fault_rules.parse_rule(rule)
    except ValueError as error:
        return refused(request, str(error))
    with write_transaction():
        made.save()
    return done("faults")


@require_POST
def remove_fault(request: HttpRequest, fault_id: int) -> HttpResponse:
    with write_transaction():
        Fault.objects.filter(id=fault_id).delete()
    return done("faults")


@require_POST
def reset(request: HttpRequest) -> HttpResponse:
    data_reset.reset()
    return redirect("control")


def traffic() -> dict[str, Any]:
    latest = LedgerCall.objects.order_by("-id")[:CALLS_SHOWN]
    names = {str(person.subject): person.name for person in Person.objects.all()}
    return {"meters": meters(), "calls": [(call, names.get(call.connection, "")) for call in latest]}


def meters() -> list[dict[str, Any]]:
    """How much of its minute each sign-in has used."""
    limit = switches.get("calls_per_minute")
    recent = LedgerCall.objects.filter(arrived_at__gt=timezone.now() - timedelta(seconds=60), window__gt=0)
    counted = recent.order_by().values_list("connection").annotate(Count("id"))
    used = dict(counted)
    return [
        {"name": person.name, "used": used.get(str(person.subject), 0), "limit": limit}
        for person in Person.objects.all()
    ]


def page_context(problem: str = "") -> dict[str, Any]:
    now = clock.now()
    live = Q(refresh_tokens__revoked_at=None, refresh_tokens__expires_at__gt=now)
    values = switches.current()
    return traffic() | {
        "problem": problem,
        "now": now,
        "templates": Template.objects.select_related("customer").order_by("-created_at")[:30],
        "people": Person.objects.prefetch_related("customers").annotate(
            live_grants=Count("refresh_tokens__family", filter=live, distinct=True)
        ),
        "switches": [{"about": switch, "value": values[switch.name]} for switch in switches.SWITCHES],
        "faults": Fault.objects.all(),
        "fault_operations": fault_rules.OPERATION_NAMES,
        "fault_actions": faults.ACTIONS.items(),
        "fault_times": Fault.When.choices,
        "subscriptions": Subscription.objects.select_related("service__customer"),
        "callbacks": Callback.objects.order_by("-id")[:12],
        "phones": recent_phones("")[:12],
        "failing_end": outcomes.FAILING_SUFFIX,
        "without_whatsapp_end": outcomes.WITHOUT_WHATSAPP_SUFFIX,
    }


def done(section: str) -> HttpResponse:
    return HttpResponse(status=303, headers={"Location": f"/_control/#{section}"})


def refused(request: HttpRequest, problem: str) -> HttpResponse:
    return render(request, "sandbox/control.html", page_context(problem), status=400)
