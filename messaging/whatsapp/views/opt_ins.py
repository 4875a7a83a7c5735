"""Opting one person in and out of SmartDialog's deprecated register."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from accounts.access import writers_post
from accounts.models import Customer
from accounts.sign_in.redirects import next_path
from accounts.web.http import Request
from accounts.web.params import int_param
from gateway.sign_in.connections import NotConnected
from gateway.smartdialog import quirks
from gateway.smartdialog.api import E164
from messaging.whatsapp.sending import opt_ins
from messaging.whatsapp.sending.opt_ins import HasOptedOut


class OptInForm(forms.Form):
    """`wanted`: what the register is told. A number stands in no address, so it comes here."""

    phone = forms.CharField()
    identity = forms.ChoiceField()
    wanted = forms.ChoiceField(choices=[("in", "In"), ("out", "Out")])

    def __init__(self, *arguments: Any, customer: Customer, **options: Any) -> None:
        super().__init__(*arguments, **options)
        own = [(each, each) for each in opt_ins.identities_of(customer)]
        self.fields["identity"].choices = own  # type: ignore[attr-defined]

    def clean_phone(self) -> str:
        phone: str = self.cleaned_data["phone"]
        if not E164.fullmatch(phone):
            raise forms.ValidationError("This is no number.")
        return phone


@writers_post
def opt_in(request: Request) -> HttpResponse:
    """For the page of a person, to which it leads back."""
    customer = _customer_or_404(request)
    form = OptInForm(request.POST, customer=customer)
    if not (quirks.of(customer).keeps_opt_ins and form.is_valid()):
        messages.error(request, "Nothing was changed: there is no such register, or no such number.")
    else:
        _tell(request, customer, form)
    return redirect(next_path(request.POST.get("next"), default=reverse("whatsapp:list")))


def _tell(request: Request, customer: Customer, form: OptInForm) -> None:
    said = form.cleaned_data
    try:
        opt_ins.tell(customer, said["phone"], said["identity"], is_in=said["wanted"] == "in", by=request.user)
    except (HasOptedOut, NotConnected) as error:
        messages.error(request, error.text)


def _customer_or_404(request: Request) -> Customer:
    key = int_param(request.POST.get("customer"))
    customer = next((each for each in request.customers if each.pk == key), None)
    if customer is None:
        raise Http404
    return customer
