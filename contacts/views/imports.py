"""Importing a file: one page of four steps, each rendered from the import's state."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import changes, writers_only
from accounts.htmx import page_or_fragment
from contacts import wording
from contacts.forms import ColumnsForm, ReadingForm, UploadForm
from contacts.importing import rejects as rejecting
from contacts.importing import reviewing, running
from contacts.importing.refusals import FileRefused
from contacts.importing.running import Upload
from contacts.models import Import, ImportState
from contacts.views.groups import in_words, reached_group
from gateway.connections import NotConnected
from gateway.models import Connection

STEPS = ("File", "Columns", "Check", "Save")
FILE, COLUMNS, CHECK, SAVE = range(1, 5)

_STEP_OF = {
    ImportState.UPLOADED: COLUMNS,
    ImportState.CHECKING: CHECK,
    ImportState.CHECKED: CHECK,
    ImportState.REFUSED: FILE,
}


@require_http_methods(["GET", "HEAD", "POST"])
@writers_only
def upload(request: HttpRequest, group: int) -> HttpResponse:
    chosen = reached_group(request, group)
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            job = running.upload(Upload(file.name, file.chunks()), group=chosen, by=request.user)
        except FileRefused as refusal:
            form.add_error("file", refusal.words)
        else:
            return redirect("contacts:import_page", job.pk)
    context = {
        "group": chosen,
        "regions": in_words(chosen),
        "form": form,
        "steps": _steps(None, FILE),
        "earlier": Import.objects.filter(group=chosen).select_related("created_by")[:20],
    }
    return render(request, "contacts/import_upload.html", context)


@require_GET
def page(request: HttpRequest, pk: int) -> HttpResponse:
    job = _reached(request, pk)
    step = _step(request, job)
    context = _frame(job, step)
    if step == COLUMNS:
        context |= {"form": ColumnsForm(job=job), "reading": _reading_form(job)}
    elif step == CHECK:
        context |= _review(request, job)
    elif step == SAVE:
        context |= _progress(job)
    return page_or_fragment(request, "contacts/import.html", "contacts/_import.html", context)


@require_POST
@changes
def reading(request: HttpRequest, pk: int) -> HttpResponse:
    """Read the file with another encoding or delimiter."""
    job = _reached(request, pk)
    form = ReadingForm(request.POST)
    if form.is_valid() and job.can_choose_columns:
        try:
            running.look_again(job, **form.cleaned_data)
        except FileRefused as refusal:
            messages.error(request, f"It stays as it was. {refusal.words}")
    return redirect(_columns_url(job))


@require_POST
@changes
def check(request: HttpRequest, pk: int) -> HttpResponse:
    job = _reached(request, pk)
    if not job.can_choose_columns:
        return redirect("contacts:import_page", job.pk)
    form = ColumnsForm(request.POST, job=job)
    if form.is_valid():
        running.start_checking(job, mapping=form.mapping(), regions=form.regions())
        return redirect("contacts:import_page", job.pk)
    context = _frame(job, COLUMNS) | {"form": form, "reading": _reading_form(job)}
    return render(request, "contacts/import.html", context)


@require_POST
@changes
def saving(request: HttpRequest, pk: int) -> HttpResponse:
    job = _reached(request, pk)
    try:
        running.confirm(job, by=request.user)
    except NotConnected as error:
        messages.error(request, error.text)
    return redirect("contacts:import_page", job.pk)


@require_POST
@changes
def cancellation(request: HttpRequest, pk: int) -> HttpResponse:
    job = _reached(request, pk)
    if running.cancel(job, by=request.user):
        messages.success(request, "The import is cancelled. What was saved before stays as it is.")
    return redirect("contacts:import_page", job.pk)


@require_GET
def rejects(request: HttpRequest, pk: int) -> StreamingHttpResponse:
    job = _reached(request, pk)
    name = f"not imported from {job.original_name.rsplit('.', 1)[0]}.csv"
    return StreamingHttpResponse(
        rejecting.lines(job),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": content_disposition_header(True, name)},
    )


def _reached(request: HttpRequest, pk: int) -> Import:
    jobs = Import.objects.reached_by(request.user).select_related(
        "group__customer", "created_by", "connection"
    )
    return get_object_or_404(jobs, pk=pk)


def _step(request: HttpRequest, job: Import) -> int:
    """Going back to the columns is possible until it is confirmed."""
    if request.GET.get("step") == "columns" and job.can_choose_columns and request.user.can_write:
        return COLUMNS
    return _STEP_OF.get(job.state, SAVE)


def _frame(job: Import, step: int) -> dict[str, object]:
    return {
        "job": job,
        "group": job.group,
        "steps": _steps(job, step),
        "step": step,
        "encoding_name": wording.encoding_of(job),
    }


def _steps(job: Import | None, current: int) -> dict[str, object]:
    urls: dict[int, str] = {}
    if job and job.can_choose_columns:
        urls = {
            FILE: reverse("contacts:import", args=[job.group_id]),
            COLUMNS: _columns_url(job),
            CHECK: reverse("contacts:import_page", args=[job.pk]) if job.checked_at else "",
        }
    steps = [{"name": name, "url": urls.get(number) or None} for number, name in enumerate(STEPS, start=1)]
    return {"list": steps, "current": current}


def _columns_url(job: Import) -> str:
    return reverse("contacts:import_page", args=[job.pk]) + "?step=columns"


def _reading_form(job: Import) -> ReadingForm | None:
    """A workbook says itself how it is to be read."""
    if not job.encoding:
        return None
    return ReadingForm(initial={"encoding": job.encoding, "delimiter": job.delimiter})


def _review(request: HttpRequest, job: Import) -> dict[str, object]:
    chosen = reviewing.chosen_kind(request.GET.get("kind", ""), job)
    return {
        "kind": chosen,
        "chips": reviewing.chips(job, chosen),
        "rows": reviewing.page(job, chosen, after=request.GET.get("after", "")),
        "connection": Connection.objects.of(request.user),
        "words_to_save": wording.to_save(job),
    }


def _progress(job: Import) -> dict[str, object]:
    progress = reviewing.progress_of(job)
    return {
        "progress": progress,
        "progress_note": wording.time_left(progress),
        "failed_words": wording.failed(progress.failed),
        "failed_url": reverse("contacts:group", args=[job.group_id]) + "?state=failed",
        "words_done": wording.done(job, progress),
    }
