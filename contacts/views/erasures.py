"""Forgetting a person: find them, show and hand over what is held, erase it, and say what became of that."""

import re

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET

from accounts.access import admins_form, admins_only, admins_post
from accounts.db.paging import keyset
from accounts.trail import audit
from accounts.web.htmx import page_or_fragment
from accounts.web.http import Request
from accounts.web.params import text_param
from contacts.erasure import erasing, person_search, reporting, subject_access
from contacts.erasure.identity import numbers_now
from contacts.erasure.person_search import Found
from contacts.models import Erasure
from gateway.models import Connection
from gateway.sign_in.connections import NotConnected

PAGE = 50
_E164 = re.compile(r"\+[0-9]{7,15}")
LAST_DIGITS = 4
ANOTHER_NUMBER = "Those are not the last four digits of the number. Nothing was erased."


@admins_form
def erasures(request: Request) -> HttpResponse:
    """`?q=`: a number, an email or the name of the person, `?phone=` whom of several that may be; posted:
    erase the number.
    """
    if request.method == "POST":
        return _erase(request)
    asked = text_param(request.GET.get("q"), most=100)
    chosen = _e164(request.GET.get("phone"))
    numbers = [chosen] if chosen else person_search.numbers_for(request.customers, asked) if asked else []
    context = {
        "q": asked or chosen,
        "numbers": numbers,
        "later": numbers_now(request.customers, numbers[0]) if len(numbers) > 1 else [],
        "page": keyset(
            Erasure.objects.visible_to(request.user).select_related("customer", "asked_by"),
            before=request.GET.get("before"),
            size=PAGE,
        ),
    }
    if len(numbers) == 1:
        context |= {
            "phone": numbers[0],
            "found": person_search.find_held(request.customers, numbers[0]),
            "calls": erasing.calls_of(request.customers, numbers[0]),
            "connection": Connection.objects.of(request.user),
        }
    return render(request, "contacts/erasures.html", context)


@admins_post
def copies(request: Request) -> HttpResponse:
    """All that is held, as a file for the person; the trail says that it was taken, and not of whom."""
    phone = _e164(request.POST.get("phone"))
    found = person_search.find_held(request.customers, phone) if phone else []
    if not found:
        return redirect("erasure:people")
    for each in found:
        _note_copy(request, each)
    if request.POST.get("format") == "json":
        return _file(subject_access.as_json(phone, found), "application/json", "what is held.json")
    return _file(subject_access.as_text(phone, found), "text/plain; charset=utf-8", "what is held.txt")


@require_GET
@admins_only
def erasure(request: Request, pk: int) -> HttpResponse:
    found = _reached(request, pk)
    together = Erasure.objects.visible_to(request.user).filter(request=found.request).exclude(pk=found.pk)
    report = reporting.report(found)
    context = {
        "erasure": found,
        "together": together.select_related("customer"),
        "report": report,
        "follows": not (found.finished_at or report.needs_a_person),
    }
    return page_or_fragment(request, "contacts/erasure.html", "contacts/_erasure.html", context)


@admins_post
def lifting(request: Request, pk: int) -> HttpResponse:
    """Let the person come back."""
    found = _reached(request, pk)
    numbers = person_search.numbers_for([found.customer], text_param(request.POST.get("phone"), most=40))
    try:
        if erasing.allow_back(found, by=request.user, phone=numbers[0] if len(numbers) == 1 else ""):
            messages.success(request, "The person may be added and imported again.")
    except erasing.AnotherNumber as error:
        messages.error(request, error.text)
    return redirect("erasure:erasure", found.pk)


def _erase(request: Request) -> HttpResponse:
    phone = _e164(request.POST.get("phone"))
    found = person_search.find_held(request.customers, phone) if phone else []
    if not phone or request.POST.get("digits", "").strip() != phone[-LAST_DIGITS:]:
        messages.error(request, ANOTHER_NUMBER)
        return redirect("erasure:people")
    customers = list(dict.fromkeys(each.customer for each in found)) or request.customers
    try:
        done = erasing.erase(customers, phone, by=request.user)
    except NotConnected as error:
        messages.error(request, error.text)
        return redirect("erasure:people")
    return redirect("erasure:erasure", done[0].pk) if done else redirect("erasure:people")


def _e164(text: str | None) -> str:
    """A number as a page carries it; "" for anything else."""
    number = text_param(text, most=40)
    return number if _E164.fullmatch(number) else ""


def _note_copy(request: Request, found: Found) -> None:
    audit.record(
        actor=request.user,
        customer=found.customer,
        verb="person.copied",
        subject="person",
        after={section.title: len(section.rows) for section in found.sections},
    )


def _file(text: str, kind: str, name: str) -> HttpResponse:
    disposition = content_disposition_header(True, name)
    return HttpResponse(text, content_type=kind, headers={"Content-Disposition": disposition})


def _reached(request: Request, pk: int) -> Erasure:
    erasures = Erasure.objects.visible_to(request.user).select_related("customer", "asked_by")
    return get_object_or_404(erasures, pk=pk)
