"""Who has opted out of all that a customer sends: the list, a number more, and the list as a file."""

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.access import writers_form, writers_post
from accounts.models import Customer
from accounts.trail import audit
from accounts.web.htmx import page_or_fragment
from accounts.web.http import Request
from accounts.wording.phone_numbers import format_phone
from accounts.wording.quantities import plural
from contacts.consent import opt_out_list, opt_outs
from contacts.consent.forms import NumberForm
from contacts.consent.opt_out_list import OptOutQuery
from contacts.exporting.downloads import download
from contacts.listing.counting import Count
from contacts.models import ConsentSource
from contacts.views.consent import stopped_in_words


@require_GET
def opt_out_page(request: Request) -> HttpResponse:
    asked = OptOutQuery.from_query(request.GET)
    shown = opt_out_list.page(asked, request.customer, request.GET)
    matching = opt_out_list.matching(asked, request.customer, shown)
    context = {
        "asked": asked,
        "page": shown,
        "matching": matching,
        "counted": _counted(matching, asked),
        "sources": ConsentSource.choices,
    }
    return page_or_fragment(request, "contacts/opt_outs.html", "contacts/_opt_outs.html", context)


@require_GET
def count(request: Request) -> HttpResponse:
    """How many match, for a page that was quicker than to count them."""
    matching = opt_out_list.exact_count(OptOutQuery.from_query(request.GET), request.customer)
    return render(request, "contacts/_opt_outs_count.html", {"matching": matching})


@writers_form
def new(request: Request) -> HttpResponse:
    customer = chosen_customer(request)
    form = NumberForm(request.POST if request.method == "POST" else None, customer=customer)
    if form.is_valid():
        phone = form.cleaned_data["phone"]
        stopped = opt_outs.opt_out(customer, phone, form.evidence(request.user))
        messages.success(request, stopped_in_words(format_phone(phone), stopped))
        return redirect("opt_outs:list")
    return render(request, "contacts/opt_out_form.html", {"form": form})


@writers_post
def export(request: Request) -> HttpResponseBase:
    """Whom the list shows, as CSV."""
    customer = chosen_customer(request)
    asked = OptOutQuery.from_query(request.POST)
    audit.record(
        actor=request.user,
        customer=customer,
        verb="opt_outs.exported",
        subject=customer,
        after={"opt_outs": asked.rows(customer).count()},
    )
    rows = opt_out_list.file_rows(asked, customer, timezone.get_current_timezone())
    return download(rows, name=f"Opt-outs of {customer}")


def _counted(matching: Count, asked: OptOutQuery) -> str:
    """What is counted, as the number before it asks for."""
    what = ("opt-out", "opt-outs") if asked.everything else ("number opted out", "numbers opted out")
    return plural(matching.number + matching.is_more, *what)


def chosen_customer(request: Request) -> Customer:
    """Of whom they work for now."""
    if request.customer is None:
        raise Http404
    return request.customer
