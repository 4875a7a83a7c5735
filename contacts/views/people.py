"""The table of a group, and the contacts in it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import changes, writers_only
from accounts.htmx import page_or_fragment
from contacts import editing, history, listing, wording
from contacts.editing import Conflict
from contacts.forms import ContactForm
from contacts.listing import Listing
from contacts.models import Contact, Suppression
from contacts.views.groups import in_words, reached_group
from gateway.connections import NotConnected
from gateway.models import Connection, Service

MOST_SELECTED = 500


@require_GET
def table(request: HttpRequest, group: int) -> HttpResponse:
    context = _table(request, reached_group(request, group))
    return page_or_fragment(request, "contacts/group.html", "contacts/_table.html", context)


@require_GET
def contact(request: HttpRequest, pk: int) -> HttpResponse:
    """The contact's sheet beside its list; for htmx the sheet alone."""
    found = _reached(request, pk)
    context = {"contact": found, "history": history.of_contact(found), "suppression": _suppression(found)}
    if not request.htmx:
        context |= _table(request, found.group)
    return page_or_fragment(request, "contacts/contact.html", "contacts/_contact.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@writers_only
def new(request: HttpRequest, group: int) -> HttpResponse:
    chosen = reached_group(request, group)
    form = ContactForm(request.POST if request.method == "POST" else None, group=chosen)
    if request.method == "POST" and form.is_valid():
        try:
            added = editing.add(
                chosen, phone=form.cleaned_data["phone"], values=form.values(), by=request.user
            )
        except (Conflict, NotConnected) as error:
            form.add_error(None, error.text)
        else:
            messages.success(request, f"{added} is saved and on the way to SmartDialog.")
            return redirect("contacts:contact", added.pk)
    return render(request, "contacts/contact_form.html", {"form": form, "group": chosen})


@require_http_methods(["GET", "HEAD", "POST"])
@writers_only
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    found = _reached(request, pk)
    form = ContactForm(request.POST if request.method == "POST" else None, group=found.group, contact=found)
    if request.method == "POST" and form.is_valid():
        revision = form.cleaned_data["revision"] or 0
        try:
            changed = editing.edit(found, values=form.values(), revision=revision, by=request.user)
        except (Conflict, NotConnected) as error:
            form.add_error(None, error.text)
        else:
            messages.success(request, "Your changes are saved." if changed else "Nothing was changed.")
            return redirect("contacts:contact", found.pk)
    return render(
        request, "contacts/contact_form.html", {"form": form, "group": found.group, "contact": found}
    )


@require_POST
@changes
def pushes(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a contact to SmartDialog again."""
    found = _reached(request, pk)
    try:
        editing.send_again(found, by=request.user)
    except (Conflict, NotConnected) as error:
        messages.error(request, error.text)
    else:
        messages.success(request, f"{found} is on the way to SmartDialog again.")
    return redirect("contacts:contact", found.pk)


@require_POST
@changes
def deletions(request: HttpRequest, group: int) -> HttpResponse:
    """Ask first, with what it costs; then, confirmed, delete."""
    chosen = reached_group(request, group)
    selected = _selected(request, chosen)
    if not selected:
        messages.info(request, "No contacts were selected.")
        return redirect("contacts:group", chosen.pk)
    if "confirmed" not in request.POST:
        return _ask(request, chosen, selected)
    try:
        calls = editing.delete(selected, by=request.user)
    except NotConnected as error:
        messages.error(request, error.text)
    else:
        messages.success(request, _deleted(len(selected), calls))
    return redirect("contacts:group", chosen.pk)


def _ask(request: HttpRequest, group: Service, selected: list[Contact]) -> HttpResponse:
    context = {
        "group": group,
        "selected": selected,
        "calls": sum(contact.known_remotely for contact in selected),
        "connection": Connection.objects.of(request.user),
        "back": reverse("contacts:group", args=[group.pk]),
    }
    return page_or_fragment(request, "contacts/deletion.html", "contacts/_deletion.html", context)


def _deleted(count: int, calls: int) -> str:
    rest = f" SmartDialog is told in {wording.counted(calls, 'call', 'calls')}." if calls else ""
    return f"{wording.counted(count, 'contact is', 'contacts are')} deleted here.{rest}"


def _table(request: HttpRequest, group: Service) -> dict[str, Any]:
    asked = Listing.asked(request.GET)
    counts = listing.counts(group)
    return {
        "group": group,
        "regions": in_words(group),
        "listing": asked,
        "page": listing.page(asked, group, request.GET),
        "total": counts["all"],
        "deleting_words": wording.being_deleted(listing.deleting(group)),
        "states": [
            (label, asked.url(state=state), counts[state or "all"], state == asked.state)
            for state, label in listing.STATES.items()
        ],
        "sorts": [
            (label, asked.url(sort=sort), sort == asked.sort) for sort, (label, _) in listing.SORTS.items()
        ],
    }


def _reached(request: HttpRequest, pk: int) -> Contact:
    contacts = (
        Contact.objects.present().reached_by(request.user).select_related("group__customer", "last_import")
    )
    return get_object_or_404(contacts, pk=pk)


def _suppression(contact: Contact) -> Suppression | None:
    return Suppression.objects.filter(customer=contact.group.customer, phone=contact.phone).first()


def _selected(request: HttpRequest, group: Service) -> list[Contact]:
    """The ticked contacts that are in this group; anything else in the form is as if it were not there."""
    ticked = request.POST.getlist("contact")[:MOST_SELECTED]
    ids = [int(text) for text in ticked if text.isascii() and text.isdigit() and len(text) < 19]
    contacts = Contact.objects.present().filter(group=group, pk__in=ids)
    return list(contacts.select_related("group__customer"))
