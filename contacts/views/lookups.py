"""A number that nobody in a group has, looked up at SmartDialog."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from accounts.access import writers_only, writers_post
from accounts.web.htmx import page_or_fragment
from accounts.web.http import Request
from contacts.editing.forms import ContactForm
from contacts.errors import EditConflict
from contacts.models import Contact, Lookup
from contacts.sync.lookups import adopt, found_fields, is_suppressed, start_lookup
from contacts.views.groups import reached_group
from gateway.models import Connection
from gateway.sign_in.connections import NotConnected

ADDED = "{contact} is in the list now as SmartDialog has it. No call was made."
ADDED_STOPPED = "{contact} is in the list now, and SmartDialog is told that they get no messages."


@writers_post
def lookups(request: Request, group: int) -> HttpResponse:
    """Ask SmartDialog for the number of a form or a search."""
    chosen = reached_group(request, group)
    form = ContactForm(request.POST, group=chosen)
    if "phone" in form.errors:
        return render(request, "contacts/contact_form.html", {"form": form, "group": chosen})
    phone = form.cleaned_data["phone"]
    if here := Contact.objects.present().filter(group=chosen, phone=phone).first():
        messages.info(request, f"{here} has this number already.")
        return redirect("contacts:contact", here.pk)
    try:
        started = start_lookup(chosen, phone=phone, by=request.user, typed=form.typed())
    except (EditConflict, NotConnected) as error:
        form.add_error("phone", error.text)
        return render(request, "contacts/contact_form.html", {"form": form, "group": chosen})
    return redirect("contacts:lookup", started.pk)


@require_GET
@writers_only
def lookup(request: Request, pk: int) -> HttpResponse:
    found = _reached(request, pk)
    context = {
        "lookup": found,
        "group": found.group,
        "fields": found_fields(found.found),
        "is_stopped": is_suppressed(found),
        "connection": Connection.objects.of(request.user),
    }
    return page_or_fragment(request, "contacts/lookup.html", "contacts/_lookup.html", context)


@writers_post
def adoption(request: Request, pk: int) -> HttpResponse:
    """Save here what SmartDialog has."""
    found = _reached(request, pk)
    try:
        added = adopt(found, by=request.user)
    except EditConflict as error:
        messages.error(request, error.text)
        return redirect(reverse("contacts:lookup", args=[pk]))
    messages.success(request, (ADDED_STOPPED if is_suppressed(found) else ADDED).format(contact=added))
    return redirect("contacts:contact", added.pk)


def _reached(request: Request, pk: int) -> Lookup:
    return get_object_or_404(Lookup.objects.visible_to(request.user).select_related("group__customer"), pk=pk)
