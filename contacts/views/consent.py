"""The record of consent of one number: shown, and said to; from its page and from a contact's sheet."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET

from accounts.access import writers_post
from accounts.models import Customer
from accounts.web.http import Request
from accounts.wording.phone_numbers import format_phone
from accounts.wording.quantities import counted
from contacts.consent import opt_outs, record
from contacts.consent.forms import LiftForm, OptOutForm
from contacts.models import Contact, Suppression
from contacts.text.phones import spellings


@require_GET
def number(request: Request, pk: int) -> HttpResponse:
    """`pk`: of any opt-out of the number; no number stands in an address."""
    return _page(request, _reached(request, pk))


@writers_post
def removal(request: Request, pk: int) -> HttpResponse:
    found = _reached(request, pk)
    form = LiftForm(request.POST, auto_id="id_lift_%s")
    if not form.is_valid():
        return _page(request, found, lift_form=form)
    let_back(request, found.customer, found.phone, form, name=format_phone(found.phone))
    return redirect("opt_outs:number", pk)


@writers_post
def renewal(request: Request, pk: int) -> HttpResponse:
    """Opted out once more, after they were allowed messages again."""
    found = _reached(request, pk)
    form = OptOutForm(request.POST, auto_id="id_opt_out_%s")
    if not form.is_valid():
        return _page(request, found, opt_out_form=form)
    opt_out(request, found.customer, found.phone, form, name=format_phone(found.phone))
    return redirect("opt_outs:number", pk)


def opt_out(request: Request, customer: Customer, phone: str, form: OptOutForm, *, name: str) -> None:
    stopped = opt_outs.opt_out(customer, phone, form.evidence(request.user))
    messages.success(request, stopped_in_words(name, stopped))


def let_back(request: Request, customer: Customer, phone: str, form: LiftForm, *, name: str) -> None:
    """Whatever stopped them: staff say how and when they agreed."""
    active = opt_outs.allow(customer, phone, form.evidence(request.user))
    groups = f" They can be messaged in {counted(active, 'group')}." if active else ""
    messages.success(request, f"{name} is no longer opted out.{groups}")


def consent_context(
    kept: list[Suppression],
    *,
    lift_form: LiftForm | None = None,
    opt_out_form: OptOutForm | None = None,
) -> dict[str, Any]:
    """What the record shows and what may be said to it; a form that came back with errors is open."""
    found = record.stopping(kept)
    return {
        "opt_out": found,
        "entries": record.entries(kept),
        "lift_form": (lift_form or LiftForm(auto_id="id_lift_%s")) if found else None,
        "opt_out_form": None if found else opt_out_form or OptOutForm(auto_id="id_opt_out_%s"),
    }


def stopped_in_words(name: str, contacts: int) -> str:
    groups = f", in {counted(contacts, 'group')} and any they join" if contacts else ", in every group"
    return f"{name} is opted out{groups}."


def _page(request: Request, found: Suppression, **forms: Any) -> HttpResponse:
    people = Contact.objects.present().filter(
        group__customer=found.customer, phone__in=spellings(found.phone)
    )
    contacts = list(people.select_related("group").order_by("group__name", "pk"))
    context = {
        "found": found,
        "contacts": contacts,
        "name": next((each.name for each in contacts if each.name), ""),
        **consent_context(record.of_number(found.customer, found.phone), **forms),
    }
    return render(request, "contacts/opt_out.html", context)


def _reached(request: Request, pk: int) -> Suppression:
    return get_object_or_404(Suppression.objects.visible_to(request.user).select_related("customer"), pk=pk)
