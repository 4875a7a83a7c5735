"""What people do with a checked import: mend its rows, save, pause, cancel and take it back."""

from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET
from django_htmx.http import reselect, retarget

from accounts.access import writers_form, writers_only, writers_post
from accounts.trail import audit
from accounts.web.htmx import page_or_dialog, wants_fragment
from accounts.web.http import Request
from accounts.web.params import INT_DIGITS, int_param
from contacts.exporting.downloads import download
from contacts.importing import (
    import_lifecycle,
    import_progress,
    import_texts,
    row_fixes,
    undo_statements,
    undoing,
)
from contacts.importing.look_choice import YES_OR_NO
from contacts.importing.rejects import LEFT_OUT, rejected_rows
from contacts.importing.row_encoder import MAX_CELL_SHOWN
from contacts.models import Import, ImportRow
from contacts.models.import_rows import RowKind
from contacts.sync import looking_first
from contacts.text.consent_words import NO, YES
from contacts.text.regions import region_names
from contacts.views.imports import CHECK, answer, answer_mended, reached_import
from gateway import outbox
from gateway.models import Connection
from gateway.sign_in.connections import NotConnected

MOVED_ON = "This row can no longer be mended: the import has moved on."
DECIDED = {"region": region_names(), "blank_consent": (YES, NO)}
_REJECTED = {"unclear": "unclear rows", "invalid": "invalid rows", "duplicate": "duplicates"}


@writers_post
def mend(request: Request, pk: int) -> HttpResponse:
    """Read a row anew with the cells that were typed; it comes back where it stands."""
    job = reached_import(request, pk)
    row = ImportRow.objects.filter(
        job=job, line=int_param(request.POST.get("line"), digits=INT_DIGITS)
    ).first()
    if row is None or not row_fixes.fix_row(row, _cells(request, job), by=request.user):
        return _not_mended(request, job)
    job.refresh_from_db(fields=["counts", "warnings"])
    row.refresh_from_db()
    words = import_texts.mended(row)
    if wants_fragment(request):
        return answer_mended(request, job, row, words)
    messages.info(request, words)
    return _back_to_rows(request, job)


def _not_mended(request: Request, job: Import) -> HttpResponse:
    """All of the step, as none of it is as it was shown."""
    if wants_fragment(request):
        return reselect(retarget(answer(request, job, CHECK, moved_on=MOVED_ON), "#import"), "#import")
    messages.info(request, MOVED_ON)
    return _back_to_rows(request, job)


def _back_to_rows(request: Request, job: Import) -> HttpResponse:
    query = {name: request.POST.get(name, "") for name in ("kind", "after", "before")}
    query |= {"q": text} if (text := request.POST.get("q")) else {}
    return redirect(f"{reverse('contacts:import_page', args=[job.pk])}?{urlencode(query)}")


@writers_post
def decide_unclear(request: Request, pk: int) -> HttpResponse:
    """Read all unclear numbers as of one `region`, or all empty consents as one; rows are compared anew."""
    job = reached_import(request, pk)
    decided = {name: text for name in DECIDED if (text := request.POST.get(name, ""))}
    if not decided or any(text not in DECIDED[name] for name, text in decided.items()):
        messages.error(request, "Choose how the unclear rows are to be read.")
    elif not import_lifecycle.decide_unclear(job, **decided):
        messages.info(request, MOVED_ON)
    return redirect("contacts:import_page", job.pk)


@writers_post
def saving(request: Request, pk: int) -> HttpResponse:
    job = reached_import(request, pk)
    try:
        looking_first.say_shared(job.group, YES_OR_NO.get(request.POST.get("shared", "")), by=request.user)
        import_lifecycle.confirm(job, by=request.user)
    except NotConnected as error:
        messages.error(request, error.text)
    return redirect("contacts:import_page", job.pk)


@writers_post
def pausing(request: Request, pk: int) -> HttpResponse:
    """Pause with `pause`, resume without."""
    job = reached_import(request, pk)
    if request.POST.get("pause"):
        if import_lifecycle.pause(job, by=request.user):
            messages.info(request, "The import is paused. Nothing is lost; resume it when you like.")
    elif import_lifecycle.resume(job, by=request.user):
        messages.success(request, "The import goes on.")
    return redirect("contacts:import_page", job.pk)


@writers_form
def cancellation(request: Request, pk: int) -> HttpResponse:
    """Ask with what it leaves where, as a page or a dialog; then cancel the import."""
    job = reached_import(request, pk)
    if not job.can_cancel:
        return redirect("contacts:import_page", job.pk)
    if request.method == "POST":
        if import_lifecycle.cancel(job, by=request.user):
            messages.success(request, "The import is cancelled.")
        return redirect("contacts:import_page", job.pk)
    waiting = outbox.progress_of(job.batch).waiting
    leaves = import_texts.cancelling(job, sent=import_progress.sent_count(job), waiting=waiting)
    context = {"job": job, "group": job.group, "leaves": leaves}
    title = f"Cancel the import of {job.original_name}"
    return page_or_dialog(request, "contacts/_import_cancellation.html", context, title=title)


@writers_form
def undo(request: Request, pk: int) -> HttpResponse:
    """Ask with what it costs, as a page or a dialog; then take the import back."""
    job = reached_import(request, pk)
    if not job.can_undo:
        return redirect("contacts:import_page", job.pk)
    if request.method == "POST":
        try:
            undoing.begin(job, by=request.user)
        except NotConnected as error:
            messages.error(request, error.text)
        return redirect("contacts:import_page", job.pk)
    context = {
        "job": job,
        "group": job.group,
        "price": undo_statements.price(job),
        "connection": Connection.objects.of(request.user),
    }
    title = f"Undo the import of {job.original_name}"
    return page_or_dialog(request, "contacts/_import_undo.html", context, title=title)


@require_GET
@writers_only
def rejects(request: Request, pk: int) -> StreamingHttpResponse:
    """Of the `kind` that is asked for, or of both."""
    job = reached_import(request, pk)
    kind = request.GET.get("kind", "")
    name = f"{_REJECTED.get(kind, 'not imported')} from {job.original_name.rsplit('.', 1)[0]}"
    kinds = [RowKind(kind)] if kind in _REJECTED else LEFT_OUT
    audit.record(
        actor=request.user,
        customer=job.group.customer,
        verb="import.rejects_downloaded",
        subject=job,
        after={"kinds": [str(each) for each in kinds]},
    )
    return download(rejected_rows(job, kinds), name=name, delimiter=job.delimiter or ";")


def _cells(request: Request, job: Import) -> dict[int, str]:
    names = {f"cell_{column}": column for column in range(len(job.mapping))}
    return {names[name]: str(text)[:MAX_CELL_SHOWN] for name, text in request.POST.items() if name in names}
