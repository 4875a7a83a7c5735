"""Messages that may ask for no more of them, and what people decide."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_GET

from accounts.access import writers_post
from accounts.db.paging import SortOrder, keyset
from accounts.models import Customer
from accounts.sign_in.redirects import next_path
from accounts.web.htmx import page_or_fragment
from accounts.web.http import Request
from contacts.consent import opt_outs
from contacts.consent.forms import NumberForm
from contacts.models import OptOutDecision, OptOutRequest
from messaging.inbox.incoming.receiving import tell_of_person
from messaging.inbox.models import Thread
from messaging.inbox.threads.thread_list import contact_names

PAGE_SIZE = 50
LATEST_FIRST = SortOrder("asked_at", falling=True, is_time=True)
PAGE, LIST = "inbox/opt_out_requests.html", "inbox/_opt_out_requests.html"
WORDS = {
    OptOutDecision.OPTED_OUT: "Opted out, in every group.",
    OptOutDecision.NOT_MEANT: "Not an opt-out: they go on getting messages.",
}


@require_GET
def requests(request: Request) -> HttpResponse:
    """Those that wait for a decision, or with `?show=decided` the others; for htmx the list alone."""
    decided, before = request.GET.get("show") == "decided", request.GET.get("before", "")
    context: dict[str, Any] = {"decided": decided, "before": before}
    if request.customer is not None:
        found = OptOutRequest.objects.of_customer(request.customer).as_said().select_related("decided_by")
        found = found.decided() if decided else found.undecided()
        page = keyset(found, before=before, size=PAGE_SIZE, order=LATEST_FIRST)
        context |= {"page": page, "rows": _with_people(request.customer, page.rows)}
    return page_or_fragment(request, PAGE, LIST, context)


@writers_post
def decision(request: Request, pk: int) -> HttpResponse:
    """Opt the number out, or not; whoever was first has decided."""
    own = OptOutRequest.objects.visible_to(request.user).select_related("customer")
    found = get_object_or_404(own, pk=pk)
    chosen = request.POST.get("decision", "")
    if chosen in OptOutDecision:
        _decide(request, found, OptOutDecision(chosen))
    here = reverse("inbox:opt_out_requests")
    return redirect(next_path(request.POST.get("next"), default=here))


def _decide(request: Request, found: OptOutRequest, chosen: OptOutDecision) -> None:
    if found.unreadable and chosen == OptOutDecision.OPTED_OUT:
        form = NumberForm(request.POST, customer=found.customer)
        if not form.is_valid():
            messages.error(request, f"Nothing is decided yet. {_first_error(form)}")
            return
        is_done = opt_outs.opt_out_named(found, form.cleaned_data["phone"], by=request.user)
    else:
        is_done = opt_outs.decide(found, chosen, by=request.user)
    if is_done:
        tell_of_person(found.customer, found.phone)
        messages.success(request, WORDS[chosen])
    else:
        _tell_who_decided(request, found)


def _first_error(form: NumberForm) -> str:
    if form.asks_which:
        return "This number can be of several countries: write it with + and the country code."
    return next(str(text) for texts in form.errors.values() for text in texts)


def _tell_who_decided(request: Request, found: OptOutRequest) -> None:
    found.refresh_from_db()
    by = found.decided_by or "what they wrote since"
    messages.info(request, f"It was decided before, by {by}: {found.get_decision_display()}.")


def _with_people(
    customer: Customer, found: list[OptOutRequest]
) -> list[tuple[OptOutRequest, str, Thread | None]]:
    """With the name and the latest thread of each; two queries."""
    phones = [each.phone for each in found]
    names = contact_names(customer, phones)
    threads = Thread.objects.of_customer(customer).filter(address__in=phones).order_by("last_message_at")
    latest = {thread.address: thread for thread in threads}
    return [(each, names.get(each.phone, ""), latest.get(each.phone)) for each in found]
