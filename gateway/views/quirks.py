"""How SmartDialog turned out to treat a customer, and what its delivery reports mean by their words."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from accounts.access import admins_form, admins_post
from accounts.models import Customer
from accounts.web.http import Request
from accounts.wording.quantities import counted
from gateway.forms import NamesForm, QuirksForm, WordForm
from gateway.hooks import unclear
from gateway.hooks.unclear import SAYABLE, UnclearReports
from gateway.models import Service
from gateway.smartdialog import quirks

PAGE, HERE = "settings/quirks.html", "gateway:quirks"


@admins_form
def ways(request: Request) -> HttpResponse:
    if request.customer is None:
        return render(request, PAGE)
    form = _form(request, request.customer)
    if request.method == "POST" and form.is_valid():
        refuses = form.said_of_groups()
        quirks.say(request.customer, form.said(), groups_refuse_empty=refuses, by=request.user)
        messages.success(request, "Saved. It counts for calls from now on.")
        return redirect(HERE)
    return _page(request, request.customer, form)


@admins_post
def words(request: Request) -> HttpResponse:
    """What one status means."""
    form = WordForm(request.POST)
    if request.customer is None or not form.is_valid():
        messages.error(request, "Nothing was saved: choose what the word means.")
        return redirect(HERE)
    count = unclear.say_word(request.customer, form.cleaned_data["word"], form.meaning(), by=request.user)
    messages.success(request, _taken(count))
    return redirect(HERE)


@admins_post
def names(request: Request) -> HttpResponse:
    """Which parameter is which; of the reports that say what was shown."""
    if request.customer is None:
        return redirect(HERE)
    shown = {form.prefix: form for _, form in _naming(request.customer, request.POST)}
    form = shown.get(request.POST.get("prefix", ""))
    if form is None:
        messages.info(request, "Nothing waits for these names any more.")
        return redirect(HERE)
    if not form.is_valid():
        return _page(request, request.customer, None, invalid=form)
    count = unclear.say_names(request.customer, form.names(), by=request.user)
    messages.success(request, _taken(count))
    return redirect(HERE)


def _page(
    request: Request, customer: Customer, form: QuirksForm | None, invalid: NamesForm | None = None
) -> HttpResponse:
    naming = [
        (each, invalid if invalid and invalid.prefix == names.prefix else names)
        for each, names in _naming(customer, None)
    ]
    context: dict[str, Any] = {
        "form": form or _form(request, customer),
        "words": [each for each in unclear.reports(customer) if each.word],
        "naming": naming,
        "meanings": SAYABLE,
        "known": quirks.of(customer),
    }
    is_wrong = bool(invalid or (form and form.errors))
    return render(request, PAGE, context, status=422 if is_wrong else 200)


def _naming(customer: Customer, data: Any) -> list[tuple[UnclearReports, NamesForm]]:
    unnamed = [each for each in unclear.reports(customer) if not each.word]
    return [(each, NamesForm(data, seen=each.said, prefix=_prefix(each))) for each in unnamed]


def _prefix(asked: UnclearReports) -> str:
    return "names-" + "-".join(sorted(asked.said))


def _form(request: Request, customer: Customer) -> QuirksForm:
    refuses = Service.objects.of_customer(customer).groups().filter(refuses_empty=True).exists()
    is_sent = request.method == "POST" and "save" in request.POST
    data = request.POST if is_sent else None
    return QuirksForm(data, known=quirks.of(customer), refuses_empty=refuses)


def _taken(count: int) -> str:
    return f"Saved. {counted(count, 'report of before is', 'reports of before are')} taken in by it."
