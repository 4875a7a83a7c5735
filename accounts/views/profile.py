"""What a person sets for themselves: the customer they work for, their name and time zone."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.forms import PreferencesForm
from accounts.models import Customer
from accounts.people import renaming
from accounts.people.renaming import NameRefused
from accounts.sign_in.redirects import next_path
from accounts.web.http import Request
from accounts.web.params import int_param


@require_safe
def connect(request: Request) -> HttpResponse:
    """The person's connection to SmartDialog: made, ended, paused or resumed from here."""
    return render(request, "accounts/connect.html")


@require_POST
def switch_customer(request: Request) -> HttpResponse:
    key = int_param(request.POST.get("customer"))
    customer = get_object_or_404(Customer.objects.visible_to(request.user), pk=key)
    request.session["customer"] = customer.pk
    return redirect(next_path(request.POST.get("next")))


@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: Request) -> HttpResponse:
    form = PreferencesForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            renaming.rename(request.user, form.cleaned_data.get("name", request.user.name))
        except NameRefused as error:
            form.add_error("name", error.text)
        else:
            form.save()
            messages.success(request, "Your preferences are saved.")
            return redirect("accounts:preferences")
    return render(request, "accounts/preferences.html", {"form": form})
