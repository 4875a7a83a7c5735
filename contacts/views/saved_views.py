"""What a person keeps of the table: its columns, and filters they come back to."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.web.http import Request
from contacts.listing import TableQuery, saved_views
from contacts.models import SavedFilter
from contacts.views.groups import reached_group
from gateway.models import Service


@require_POST
def choose_columns(request: Request, group: int) -> HttpResponse:
    """The person's own choice, for all groups of the customer."""
    chosen = reached_group(request, group)
    saved_views.choose_columns(
        request.user,
        chosen.customer,
        ticked=request.POST.getlist("column"),
        offered=request.POST.getlist("offered"),
    )
    return _back(chosen, request)


@require_POST
def save_filter(request: Request, group: int) -> HttpResponse:
    chosen = reached_group(request, group)
    name = saved_views.save_filter(
        request.user, chosen.customer, name=request.POST.get("name", ""), listing=_posted(request)
    )
    if name:
        messages.success(request, f"“{name}” is kept among your filters.")
    else:
        messages.error(request, "Give the filter a name to keep it.")
    return _back(chosen, request)


@require_POST
def forget_filter(request: Request, group: int, pk: int) -> HttpResponse:
    chosen = reached_group(request, group)
    found = get_object_or_404(SavedFilter.objects.own(request.user, chosen.customer), pk=pk)
    found.delete()
    messages.success(request, f"“{found}” is no longer among your filters.")
    return _back(chosen, request)


def _posted(request: Request) -> TableQuery:
    return TableQuery.from_querystring(request.POST.get("filter", ""))


def _back(group: Service, request: Request) -> HttpResponse:
    listing = _posted(request)
    return redirect(reverse("contacts:group", args=[group.pk]) + (listing.url() if listing.query() else ""))
