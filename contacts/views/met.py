"""Whom SmartDialog had before an import: what was there, and what is here."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.db.paging import keyset
from accounts.web.http import Request
from contacts.models import Contact
from contacts.sync.remote_merge import fields_met
from contacts.views.imports import reached_import

PEOPLE_A_PAGE = 50


@require_GET
def met(request: Request, pk: int) -> HttpResponse:
    job = reached_import(request, pk)
    people = Contact.objects.present().met_by(job.pk)
    page = keyset(people, before=request.GET.get("before"), size=PEOPLE_A_PAGE)
    rows = [(contact, fields_met(contact)) for contact in page.rows]
    context = {"job": job, "group": job.group, "page": page, "rows": rows}
    return render(request, "contacts/import_met.html", context)
