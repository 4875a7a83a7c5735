"""Filters of the inbox that a person named and comes back to."""

from dataclasses import replace

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.web.http import Request
from contacts.text.values import visible_name
from messaging.inbox.models import SavedInboxView
from messaging.inbox.threads.thread_list import ThreadQuery

MAX_VIEWS = 12
MAX_NAME_LENGTH = 40


@require_POST
def save(request: Request) -> HttpResponse:
    """What is shown now, by a name; one of that name is replaced."""
    listing = replace(ThreadQuery.from_query(request.GET), text="", person="")  # may say who somebody is
    name = visible_name(request.POST.get("name", ""))[:MAX_NAME_LENGTH].strip()
    if request.customer is not None and name:
        own = SavedInboxView.objects.own(request.user, request.customer)
        if own.exclude(name=name).count() < MAX_VIEWS:
            own.update_or_create(
                name=name, user=request.user, customer=request.customer, defaults={"query": listing.query()}
            )
        else:
            messages.error(request, f"You have {MAX_VIEWS} saved views. Remove one first.")
    else:
        messages.error(request, "Give the view a name to save it.")
    return redirect(reverse("inbox:threads") + listing.query())


@require_POST
def remove(request: Request, pk: int) -> HttpResponse:
    own = SavedInboxView.objects.visible_to(request.user).filter(user=request.user)
    get_object_or_404(own, pk=pk).delete()
    return redirect(reverse("inbox:threads") + ThreadQuery.from_query(request.GET).query())
