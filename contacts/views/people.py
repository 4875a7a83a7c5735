"""The table of a group, and the contacts in it."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.views.decorators.http import require_GET

from accounts.access import writers_form, writers_post
from accounts.web.htmx import page_or_fragment
from accounts.web.http import Request
from accounts.web.params import text_param
from contacts import sheet
from contacts.consent import record
from contacts.consent.forms import LiftForm, OptOutForm
from contacts.editing import crud, history
from contacts.editing.forms import ContactForm
from contacts.errors import EditConflict
from contacts.fields import label
from contacts.models import Contact, Lookup, SyncState
from contacts.sync.remote_diff import field_names, not_storable
from contacts.sync.remote_merge import fields_met
from contacts.views import consent
from contacts.views.consent import consent_context
from contacts.views.groups import reached_group
from contacts.views.tables import list_url, table_context
from gateway.models import Service
from gateway.sign_in.connections import NotConnected


@require_GET
def contact(request: Request, pk: int) -> HttpResponse:
    """The contact's sheet beside its list; for htmx the sheet alone, or nothing while it is as it was."""
    found = _reached(request, pk)
    if request.htmx and _is_as_shown(request, found):
        return HttpResponse(status=204)
    return _sheet(request, found)


def _sheet(request: Request, found: Contact, **forms: Any) -> HttpResponse:
    differences = _differences(found)
    context = {
        "contact": found,
        "history": history.of_contact(found),
        "differences": differences,
        "met": fields_met(found),
        "can_take_some": any(is_kept for *_, is_kept in differences),
        "sections": sheet.sections(found),
        "list_url": list_url(request, found.group),
        **consent_context(record.of_number(found.group.customer, found.phone), **forms),
    }
    if not request.htmx:
        context |= table_context(request, found.group, current=found.pk)
    return page_or_fragment(request, "contacts/contact.html", "contacts/_contact.html", context)


def _is_as_shown(request: Request, contact: Contact) -> bool:
    """Whether the change that the page shows on its way is so still."""
    shown = request.GET.get("revision") == str(contact.revision)
    return shown and contact.sync_state == SyncState.WAITING


@writers_form
def new(request: Request, group: int) -> HttpResponse:
    chosen = reached_group(request, group)
    form = _form(request, chosen)
    if request.method == "POST" and form.is_valid():
        try:
            added = crud.add(chosen, phone=form.cleaned_data["phone"], values=form.values(), by=request.user)
        except (EditConflict, NotConnected) as error:
            form.add_error(None, _in_words(error))
        else:
            messages.success(request, f"{added} is saved and on the way to SmartDialog.")
            return redirect("contacts:contact", added.pk)
    return render(request, "contacts/contact_form.html", {"form": form, "group": chosen})


@writers_form
def edit(request: Request, pk: int) -> HttpResponse:
    found = _reached(request, pk)
    form = _form(request, found.group, found)
    if request.method == "POST" and form.is_valid():
        revision = form.cleaned_data["revision"] or 0
        try:
            changed = crud.edit(
                found,
                values=form.values(),
                revision=revision,
                by=request.user,
                phone=form.cleaned_data["phone"],
            )
        except (EditConflict, NotConnected) as error:
            form.add_error(None, _in_words(error))
        else:
            messages.success(request, "Your changes are saved." if changed else "Nothing was changed.")
            return redirect("contacts:contact", found.pk)
    return render(
        request, "contacts/contact_form.html", {"form": form, "group": found.group, "contact": found}
    )


def _in_words(error: EditConflict | NotConnected) -> str:
    """With a link to the contact that is in the way."""
    contact = error.contact if isinstance(error, EditConflict) else None
    if contact is None:
        return error.text
    return render_to_string("contacts/_edit_conflict.html", {"text": error.text, "contact": contact})


def _form(request: Request, group: Service, contact: Contact | None = None) -> ContactForm:
    """Asked for a property row more or less, it is not sent yet."""
    if request.method != "POST":
        phone = text_param(request.GET.get("phone"), most=40)
        return ContactForm(group=group, contact=contact) if contact else _new_form(request, group, phone)
    if "property_row" in request.POST:
        return ContactForm.with_property_row(request.POST, group=group, contact=contact)
    return ContactForm(request.POST, group=group, contact=contact)


def _new_form(request: Request, group: Service, phone: str) -> ContactForm:
    """With what was typed before the number was looked up, for who looked it up."""
    lookup = Lookup.objects.filter(group=group, phone=phone, asked_by=request.user).first() if phone else None
    return ContactForm.prefilled(phone, lookup.typed if lookup else {}, group=group)


@writers_post
def pushes(request: Request, pk: int) -> HttpResponse:
    """Send a contact to SmartDialog again."""
    found = _reached(request, pk)
    try:
        crud.resend(found, by=request.user)
    except (EditConflict, NotConnected) as error:
        messages.error(request, error.text)
    else:
        messages.success(request, f"{found} is on the way to SmartDialog again.")
    return redirect("contacts:contact", found.pk)


@writers_post
def adoption(request: Request, pk: int) -> HttpResponse:
    """Take over what SmartDialog was found to have."""
    found = _reached(request, pk)
    try:
        adopted = crud.adopt(found, by=request.user)
    except EditConflict as error:
        messages.error(request, error.text)
    else:
        if adopted:
            messages.success(request, _adopted(adopted))
    return redirect("contacts:contact", found.pk)


@writers_post
def decision(request: Request, pk: int) -> HttpResponse:
    """Whether somebody gets messages whom SmartDialog had before."""
    found, active = _reached(request, pk), request.POST.get("active") == "yes"
    try:
        crud.decide(found, active=active, by=request.user)
    except (EditConflict, NotConnected) as error:
        messages.error(request, error.text)
    else:
        gets = "gets messages" if active else "gets no messages"
        messages.success(request, f"{found} {gets}, and is on the way to SmartDialog.")
    return redirect("contacts:contact", found.pk)


@writers_post
def opting_out(request: Request, pk: int) -> HttpResponse:
    """From all that the customer sends, in every group."""
    found, form = _reached(request, pk), OptOutForm(request.POST, auto_id="id_opt_out_%s")
    if not form.is_valid():
        return _sheet(request, found, opt_out_form=form)
    consent.opt_out(request, found.group.customer, found.phone, form, name=str(found))
    return redirect("contacts:contact", found.pk)


@writers_post
def letting_back(request: Request, pk: int) -> HttpResponse:
    """Messages again, for somebody who agreed to it: how and when is kept."""
    found, form = _reached(request, pk), LiftForm(request.POST, auto_id="id_lift_%s")
    if not form.is_valid():
        return _sheet(request, found, lift_form=form)
    consent.let_back(request, found.group.customer, found.phone, form, name=str(found))
    return redirect("contacts:contact", found.pk)


def _adopted(contact: Contact) -> str:
    left = field_names(contact.found_remotely or {})
    but = f", but for what cannot be kept here: {left}" if left else ""
    return f"{contact} is here now as SmartDialog has it{but}. No call was made."


def _reached(request: Request, pk: int) -> Contact:
    contacts = (
        Contact.objects.present().visible_to(request.user).select_related("group__customer", "last_import")
    )
    return get_object_or_404(contacts, pk=pk)


def _differences(contact: Contact) -> list[tuple[str, object, str, bool]]:
    """What it is called, what we have, what SmartDialog had when it was looked up, and if it can be kept."""
    ours, found = contact.values(), contact.found_remotely or {}
    left = not_storable(found)
    return [
        (label(target), ours.get(target, ""), there, target not in left) for target, there in found.items()
    ]
