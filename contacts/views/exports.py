"""Contacts as a file to take away."""

from django.http import HttpResponse, HttpResponseBase
from django.urls import reverse

from accounts.access import writers_form
from accounts.trail import audit
from accounts.web.htmx import page_or_dialog
from accounts.web.http import Request
from contacts.exporting import contact_rows
from contacts.exporting.downloads import MAX_WORKBOOK_ROWS, Format, download
from contacts.importing.forms import MAX_FILE_MB
from contacts.listing.selection import Selection
from contacts.views.groups import reached_group

VERY_MANY = 1_000_000  # whose file may be larger than an import takes


@writers_form
def export(request: Request, group: int) -> HttpResponseBase:
    """Ask for the kind of file first; then send it. `?q=` and the others say of whom."""
    chosen = reached_group(request, group)
    posted = request.method == "POST"
    selection = (
        Selection.from_post(chosen, request.POST) if posted else Selection.from_query(chosen, request.GET)
    )
    count = selection.contacts().count()
    kind = _possible(request.POST.get("format", ""), count)
    if kind is None:
        return _ask(request, selection, count)
    audit.record(
        actor=request.user,
        customer=chosen.customer,
        verb="contacts.exported",
        subject=chosen,
        after={"whom": selection.kept_words(), "people": count, "file": kind},
    )
    return download(contact_rows.contact_rows(selection.contacts()), name=chosen.name, as_a=kind)


def _possible(asked: str, count: int) -> Format | None:
    possible = [kind for kind in Format if count and (kind != Format.XLSX or count <= MAX_WORKBOOK_ROWS)]
    return next((kind for kind in possible if kind == asked), None)


def _ask(request: Request, selection: Selection, count: int) -> HttpResponse:
    context = {
        "group": selection.group,
        "selection": selection,
        "count": count,
        "too_many": count > MAX_WORKBOOK_ROWS,
        "most": MAX_FILE_MB if count > VERY_MANY else None,
        "back": reverse("contacts:group", args=[selection.group.pk]) + selection.listing.url(),
    }
    title = f"Export contacts of {selection.group}"
    return page_or_dialog(request, "contacts/_export.html", context, title=title)
