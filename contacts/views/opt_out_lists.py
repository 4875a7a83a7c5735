"""A list of numbers to opt out: read, shown as it would be taken, and taken once somebody agrees."""

import json
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET

from accounts.access import takes_files, writers_form
from accounts.db.paging import keyset
from accounts.models import Customer
from accounts.web.http import Request
from accounts.wording.quantities import counted
from contacts.consent import number_lists
from contacts.consent.forms import MAX_COLUMNS_LENGTH, ListForm
from contacts.consent.numbers import Judged, regions_of
from contacts.importing import number_columns as list_files
from contacts.importing.files import stored_files
from contacts.importing.files.refusals import FileRefused
from contacts.importing.forms import NumbersUploadForm
from contacts.models import NumberList
from contacts.text.regions import region_names, spoken
from contacts.text.values import clean_text
from contacts.views.opt_outs import chosen_customer
from gateway.models import Connection

PAGE = 50  # lists
SHOWN = 50  # rows of each kind that are not taken
MAX_CELL_LENGTH = 100  # characters: with more it is no number


class ListUploadForm(NumbersUploadForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].label, self.fields["pasted"].label = "Spreadsheet", "Pasted numbers"
        self.fields["file"].help_text = f"CSV or Excel (.xlsx), up to {list_files.MAX_ROWS:,} numbers."
        self.fields["file"].widget.attrs["accept"] = ".csv,.tsv,.txt,.xlsx,.vcf"
        self.fields[
            "pasted"
        ].help_text = "One a line or separated by commas; or rows copied from a spreadsheet."


@takes_files
@writers_form
def import_list(request: Request) -> HttpResponse:
    customer = chosen_customer(request)
    if "cells" in request.POST:
        return _decide(request, customer)
    form = ListUploadForm(request.POST, request.FILES) if request.method == "POST" else ListUploadForm()
    if form.is_valid():
        try:
            return _review(request, _read(form, customer))
        except FileRefused as refusal:
            form.add_error(form.source(), refusal.words)
    context = {"form": form, "regions": spoken(regions_of(customer))}
    return render(request, "contacts/opt_out_import.html", context)


def _read(form: ListUploadForm, customer: Customer) -> ListForm:
    found = list_files.read(form.upload(), regions_of(customer))
    cells = [(row, text[:MAX_CELL_LENGTH]) for row, text in found.cells]
    columns = clean_text(", ".join(found.columns))[:MAX_COLUMNS_LENGTH]
    name = stored_files.shown_name(form.cleaned_data["file"].name) if form.source() == "file" else ""
    said = {"cells": json.dumps(cells), "name": name, "columns": columns, "token": uuid4()}
    return ListForm(said, customer=customer)


def _decide(request: Request, customer: Customer) -> HttpResponse:
    """Look at it again with the unclear ones read as somebody says, or take it."""
    form = ListForm(request.POST, customer=customer)
    if not form.is_valid() or "agree" not in request.POST:
        return _review(request, form)
    judged = form.judged()
    if number_lists.take(customer, judged, form, by=request.user):
        messages.success(request, _taken(judged))
    else:
        messages.info(request, "This list was imported already. To import it again, choose it again.")
    return redirect("opt_outs:lists")


@require_GET
def lists(request: Request) -> HttpResponse:
    """What was opted out by lists, the latest first."""
    rows = NumberList.objects.filter(customer=request.customer).select_related("created_by", "undone_by")
    page = keyset(rows, before=request.GET.get("before"), size=PAGE)
    return render(request, "contacts/opt_out_lists.html", {"page": page, "rows": page.rows})


@writers_form
def undo(request: Request, pk: int) -> HttpResponse:
    """Ask with what it comes to; then take the list back."""
    reached = NumberList.objects.visible_to(request.user).select_related("customer")
    number_list = get_object_or_404(reached, pk=pk)
    if number_list.undone_at:
        messages.info(request, f"{number_list} was undone already.")
        return redirect("opt_outs:lists")
    if request.method == "POST":
        if number_lists.undo(number_list, by=request.user):
            messages.success(request, f"{number_list} is undone.")
        return redirect("opt_outs:lists")
    context = {
        "number_list": number_list,
        "price": number_lists.price(number_list),
        "connection": Connection.objects.of(request.user),
    }
    return render(request, "contacts/opt_out_list_undo.html", context)


def _review(request: Request, form: ListForm) -> HttpResponse:
    judged = form.judged() if form.is_valid() else Judged()
    names = region_names()
    context = {
        "form": form,
        "judged": judged,
        "left": [
            ("unclear", "Unclear numbers", judged.unclear[:SHOWN], len(judged.unclear)),
            ("refused", "Rows that cannot be opted out", judged.refused[:SHOWN], len(judged.refused)),
        ],
        "ways": [(region, names.get(region, region)) for region in judged.ways],
    }
    return render(request, "contacts/opt_out_review.html", context)


def _taken(judged: Judged) -> str:
    left = len(judged.unclear) + len(judged.refused)
    but = f" {counted(left, 'row was', 'rows were')} not taken." if left else ""
    return f"{counted(len(judged.new), 'number is', 'numbers are')} opted out.{but}"
