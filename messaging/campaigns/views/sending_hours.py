"""When campaigns of a customer may reach people: for everybody, and for countries with hours of their own."""

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.access import admins_form, admins_only, admins_post
from accounts.trail import audit
from accounts.web.http import Request
from contacts.text.regions import region_names
from messaging.campaigns.models import SendingHours
from messaging.campaigns.rules.sending_hours_form import CountryForm, SendingHoursForm, of_customer

LIST, EDIT = "settings/sending_hours.html", "settings/sending_hours_edit.html"
AUDITED = ("zone", "days", "closed_dates", "covers_all")


@require_http_methods(["GET", "HEAD"])
@admins_only
def hours_list(request: Request) -> HttpResponse:
    """`?country=`: one that is to have hours of its own."""
    if request.customer is None:
        return render(request, LIST)
    form = CountryForm(request.GET if "country" in request.GET else None, customer=request.customer)
    if form.is_bound and form.is_valid():
        return redirect(f"{reverse('sending_hours:edit')}?country={form.cleaned_data['country']}")
    kept = list(SendingHours.objects.filter(customer=request.customer))
    context = {
        "general": next((each for each in kept if not each.country), None),
        "countries": [each for each in kept if each.country],
        "form": form,
    }
    return render(request, LIST, context, status=422 if form.errors else 200)


@admins_form
def edit(request: Request) -> HttpResponse:
    """`?country=`: whose; everybody else's without it."""
    hours = _asked_for(request, request.GET)
    before = _audited(hours) if hours.pk else {}
    form = SendingHoursForm(request.POST or None, hours=hours)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            form.save()
            _record(request, hours, before, _audited(hours))
        messages.success(request, "Saved. Campaigns keep these hours from their next message on.")
        return redirect("sending_hours:list")
    return render(request, EDIT, {"form": form, "hours": hours}, status=422 if form.errors else 200)


@admins_post
def removal(request: Request) -> HttpResponse:
    hours = _asked_for(request, request.POST)
    if hours.pk:
        with transaction.atomic():
            _record(request, hours, _audited(hours), {})
            hours.delete()
    messages.success(request, "Removed. From now on, these hours hold nobody back.")
    return redirect("sending_hours:list")


def _asked_for(request: Request, said: QueryDict) -> SendingHours:
    country = said.get("country", "")
    if request.customer is None or (country and country not in region_names()):
        raise Http404
    return of_customer(request.customer, country)


def _audited(hours: SendingHours) -> dict[str, object]:
    return {name: getattr(hours, name) for name in AUDITED}


def _record(
    request: Request, hours: SendingHours, before: dict[str, object], after: dict[str, object]
) -> None:
    was, became = audit.differences(before, after) if before and after else (before, after)
    audit.record(
        actor=request.user,
        customer=hours.customer,
        verb="sending_hours.changed",
        subject=hours,
        before=was,
        after=became,
    )
