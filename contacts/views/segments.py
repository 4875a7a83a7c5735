"""Segments that a customer's people share: the list, one of them, and whom it means as it is written."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from accounts.access import viewable_form, writers_form
from accounts.db.paging import keyset
from accounts.models import Customer
from accounts.web.htmx import page_or_dialog, page_or_fragment
from accounts.web.http import Request
from accounts.web.params import INT_DIGITS, int_param, text_param
from contacts.models import Segment
from contacts.segments import saved_segments
from contacts.segments.drafts import FORM, TEXT, SegmentDraft
from contacts.segments.members import count
from contacts.segments.parser import parse
from contacts.segments.saved_segments import CannotKeep
from contacts.segments.syntax import MAX_TEXT_LENGTH, SegmentError
from contacts.views.opt_outs import chosen_customer

PAGE = 50


@require_GET
def segments(request: Request) -> HttpResponse:
    """Two queries at any size; each is counted after the page is there."""
    own = Segment.objects.visible_to(request.user).filter(customer=request.customer)
    page = keyset(
        own.select_related("created_by").order_by("-pk"), before=request.GET.get("before"), size=PAGE
    )
    return render(request, "contacts/segments.html", {"page": page})


@require_GET
def people(request: Request, pk: int) -> HttpResponse:
    """How many a segment means now, in words, for the list."""
    segment = _reached(request, pk)
    try:
        counted = count(parse(segment.text), segment.customer)
    except SegmentError as error:
        return render(request, "contacts/_segment_people.html", {"problem": error.text})
    return render(request, "contacts/_segment_people.html", {"counted": counted})


@writers_form
def new(request: Request) -> HttpResponse:
    """`?text=`: what it begins with."""
    customer = chosen_customer(request)
    if request.method == "POST":
        return _written(request, customer, None)
    text = text_param(request.GET.get("text"), most=MAX_TEXT_LENGTH + 1)
    return _show(request, SegmentDraft.of_text(customer, text), None)


@viewable_form
def segment(request: Request, pk: int) -> HttpResponse:
    found = _reached(request, pk)
    if request.method == "POST":
        return _written(request, found.customer, found)
    return _show(request, SegmentDraft.of_text(found.customer, found.text), found)


@viewable_form
def removal(request: Request, pk: int) -> HttpResponse:
    found = _reached(request, pk)
    if request.method != "POST":
        context = {"segment": found}
        return page_or_dialog(request, "contacts/_segment_removal.html", context, title=f"Delete {found}")
    saved_segments.delete(found, by=request.user)
    messages.success(request, f"“{found}” is deleted. Nobody in it was changed.")
    return redirect("contacts:segments")


def _written(request: Request, customer: Customer, found: Segment | None) -> HttpResponse:
    """Do what the pressed button says; any other only shows what it comes to."""
    draft = SegmentDraft.posted(customer, request.POST)
    action = request.POST.get("action", "")
    if action in (FORM, TEXT):
        return _show(request, draft.switched(action), found)
    if action != "save":
        return _show(request, draft, found)
    if draft.error:
        return _show(request, draft, found, problem=draft.error.text)
    try:
        kept = _keep(request, draft, found)
    except CannotKeep as error:
        return _show(request, draft, found, problem=error.text)
    messages.success(request, f"“{kept}” is kept for everybody who works for {customer}.")
    return redirect("contacts:segment", kept.pk)


def _keep(request: Request, draft: SegmentDraft, found: Segment | None) -> Segment:
    name, text = request.POST.get("name", ""), draft.canonical
    if found is None:
        return saved_segments.add(draft.customer, name=name, text=text, by=request.user)
    revision = int_param(request.POST.get("revision"), digits=INT_DIGITS)
    saved_segments.edit(found, revision=revision, name=name, text=text, by=request.user)
    return found


def _show(request: Request, draft: SegmentDraft, found: Segment | None, *, problem: str = "") -> HttpResponse:
    posted = request.POST
    context: dict[str, Any] = {
        "draft": draft,
        "segment": found,
        "name": posted.get("name", found.name if found else ""),
        "revision": posted.get("revision", found.revision if found else ""),
        "problem": problem,
        "here": reverse("contacts:segment", args=[found.pk]) if found else reverse("contacts:segment_new"),
    }
    status = 422 if problem else 200
    return page_or_fragment(
        request, "contacts/segment.html", "contacts/_segment_form.html", context, status=status
    )


def _reached(request: Request, pk: int) -> Segment:
    return get_object_or_404(Segment.objects.visible_to(request.user).select_related("customer"), pk=pk)
