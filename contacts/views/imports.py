"""Importing a file: one page of four steps, each rendered from the import's state."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET

from accounts.access import takes_files, writers_form, writers_post
from accounts.db.paging import keyset
from accounts.web.htmx import page_or_fragment
from accounts.web.http import Request
from contacts.importing import import_lifecycle, import_preview, import_progress, import_texts
from contacts.importing.columns import column_presets
from contacts.importing.files import refusals, upload_handlers
from contacts.importing.files.refusals import FileRefused
from contacts.importing.forms import ColumnsForm, ReadingForm, UploadForm
from contacts.importing.look_choice import look_choice
from contacts.listing import TableQuery, counting
from contacts.listing.selection import Selection
from contacts.models import Import, ImportRow, ImportState
from contacts.models.import_rows import RowKind
from contacts.models.imports import ImportQuerySet
from contacts.text.regions import spoken
from contacts.views.groups import reached_group
from gateway.models import Connection, Service

STEPS = ("File", "Columns", "Check", "Save")
FILE, COLUMNS, CHECK, SAVE = range(1, 5)
EARLIER = 5  # imports under the form of a new one
IMPORTS_A_PAGE = 50

_STEP_OF = {
    ImportState.UPLOADED: COLUMNS,
    ImportState.CHECKING: CHECK,
    ImportState.CHECKED: CHECK,
    ImportState.REFUSED: FILE,
}


@takes_files
@writers_form
def upload(request: Request, group: int) -> HttpResponse:
    chosen = reached_group(request, group)
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if form.is_valid():
        try:
            job = import_lifecycle.upload(form.upload(), group=chosen, by=request.user)
        except FileRefused as refusal:
            form.add_error(form.source(), refusal.words)
        else:
            return redirect("contacts:import_page", job.pk)
    if upload_handlers.has_no_room(request):
        form.errors.clear()
        form.add_error("file", refusals.no_room().words)
    if upload_handlers.is_too_large(request):
        form.errors.clear()
        form.add_error("file", form.fields["file"].widget.attrs["data-max-bytes-message"])
    context = {
        "group": chosen,
        "regions": spoken(chosen.regions),
        "form": form,
        "steps": _steps(None, FILE),
        "earlier": _of_group(chosen)[:EARLIER],
    }
    return render(request, "contacts/import_upload.html", context)


@require_GET
def imports(request: Request, group: int) -> HttpResponse:
    chosen = reached_group(request, group)
    page = keyset(_of_group(chosen), before=request.GET.get("before"), size=IMPORTS_A_PAGE)
    return render(request, "contacts/imports.html", {"group": chosen, "page": page})


@require_GET
def page(request: Request, pk: int) -> HttpResponse:
    job = reached_import(request, pk)
    return answer(request, job, _step(request, job))


@writers_post
def reading(request: Request, pk: int) -> HttpResponse:
    """Read the file another way."""
    job = reached_import(request, pk)
    if not job.can_choose_columns:
        return redirect("contacts:import_page", job.pk)
    form = ReadingForm(request.POST, job=job)
    if not form.is_valid():
        messages.error(request, "It stays as it was. Choose again how the file is to be read.")
    else:
        try:
            import_lifecycle.reread(job, **form.choices())
        except FileRefused as refusal:
            messages.error(request, f"It stays as it was. {refusal.words}")
    return redirect(_columns_url(job))


@writers_post
def check(request: Request, pk: int) -> HttpResponse:
    job = reached_import(request, pk)
    if not job.can_choose_columns:
        return redirect("contacts:import_page", job.pk)
    form = ColumnsForm(request.POST, job=job)
    if form.is_valid():
        import_lifecycle.start_checking(
            job,
            mapping=form.mapping(),
            regions=form.regions(),
            blank_clears=form.cleaned_data["blank_clears"],
        )
        return redirect("contacts:import_page", job.pk)
    context = _frame(job, COLUMNS) | _columns(job, form)
    return render(request, "contacts/import.html", context)


def reached_import(request: Request, pk: int) -> Import:
    """An import into a group of the user's customers, or 404."""
    jobs = Import.objects.visible_to(request.user).select_related(
        "group__customer", "created_by", "undone_by", "connection"
    )
    return get_object_or_404(jobs, pk=pk)


def answer(request: Request, job: Import, step: int, **more: object) -> HttpResponse:
    """The import at a step, as a page or as its part."""
    context = _frame(job, step) | more
    if step == COLUMNS:
        context |= _columns(job, ColumnsForm(job=job))
    elif step == CHECK:
        context |= _review(request, job)
    elif step == SAVE:
        context |= _progress(job)
    return page_or_fragment(request, "contacts/import.html", "contacts/_import.html", context)


def answer_mended(request: Request, job: Import, row: ImportRow, words: str) -> HttpResponse:
    """The row alone, and beside it what it changed: how many of each kind, and what saving would cost."""
    shown = _asked(request, job)
    context = {
        "job": job,
        "line": import_preview.line_of(row, job),
        "mended": words,
        "chips": import_preview.chips(job, shown["kind"]),
        **shown,
        **_to_save(request, job),
    }
    return render(request, "contacts/_import_row_fixed.html", context)


def _of_group(group: Service) -> ImportQuerySet:
    return Import.objects.filter(group=group).select_related("created_by")


def _step(request: Request, job: Import) -> int:
    """Going back to the columns is possible until it is confirmed; looking at the rows is ever after."""
    step = request.GET.get("step")
    if step == "columns" and job.can_choose_columns and request.user.can_write:
        return COLUMNS
    if step == "check" and job.checked_at:
        return CHECK
    if job.is_dropped:
        return CHECK if job.checked_at else FILE
    return _STEP_OF.get(ImportState(job.state), SAVE)


def _frame(job: Import, step: int) -> dict[str, object]:
    return {
        "job": job,
        "group": job.group,
        "steps": _steps(job, step),
        "step": step,
        "follows": _follows(job, step),
        "encoding_name": import_texts.encoding_of(job),
    }


def _follows(job: Import, step: int) -> bool:
    """Whether the page shows work that goes on; somebody who looks at the rows meanwhile is left in peace."""
    return job.is_running and (step != CHECK or job.state == ImportState.CHECKING)


def _steps(job: Import | None, current: int) -> dict[str, object]:
    urls: dict[int, str] = {}
    if job:
        page = reverse("contacts:import_page", args=[job.pk])
        urls[CHECK] = f"{page}?step=check" if job.checked_at else ""
        if job.can_choose_columns:
            urls |= {FILE: reverse("contacts:import", args=[job.group_id]), COLUMNS: _columns_url(job)}
        elif job.confirmed_at and not job.is_dropped:
            urls[SAVE] = page
    steps = [{"name": name, "url": urls.get(number) or None} for number, name in enumerate(STEPS, start=1)]
    return {"list": steps, "current": current}


def _columns_url(job: Import) -> str:
    return reverse("contacts:import_page", args=[job.pk]) + "?step=columns"


def _columns(job: Import, form: ColumnsForm) -> dict[str, object]:
    shape = column_presets.preset_for(job)
    return {
        "form": form,
        "reading": ReadingForm(job=job),
        "remembered": shape if shape and shape.mapping == job.mapping else None,
    }


def _review(request: Request, job: Import) -> dict[str, object]:
    if job.state == ImportState.CHECKING:
        read = import_progress.check_progress_of(job)
        return {"read": read, "read_note": import_texts.rows_left(read.rows_a_second, read.seconds_left)}
    shown = _asked(request, job)
    kind, text = shown["kind"], shown["text"]
    rows = import_preview.page(job, kind, text=text, after=shown["after"], before=shown["before"])
    return {
        "found": import_texts.found(text, rows),
        "chips": import_preview.chips(job, kind),
        "rows": rows,
        "mends": any(line.is_bad for line in rows.lines),
        **(_failed(job.group) if kind == RowKind.UNCHANGED else {}),
        **(_alike(job) if kind == RowKind.UNCLEAR else {}),
        **shown,
        **_to_save(request, job),
    }


def _alike(job: Import) -> dict[str, object]:
    """What can be decided for all unclear rows at once."""
    return {
        "unclear_regions": import_preview.unclear_regions(job),
        "blank_consents": import_preview.blank_consents(job),
    }


def _failed(group: Service) -> dict[str, object]:
    """A row that is as we have it changes nothing, whether SmartDialog has it or not."""
    return {
        "failed": counting.of_groups([group])[group.pk]["failed"],
        "failed_url": reverse("contacts:group", args=[group.pk]) + TableQuery(state="failed").url(),
    }


def _asked(request: Request, job: Import) -> dict[str, str]:
    """`kind`, `q`, `after` and `before` of the address, or of the form that mended a row."""
    query = request.POST if request.method == "POST" else request.GET
    text = import_preview.chosen_text(query.get("q", ""))
    return {
        "kind": import_preview.chosen_kind(query.get("kind", ""), job),
        "text": text,
        "keeping": f"&{urlencode({'q': text})}" if text else "",
        "after": query.get("after", ""),
        "before": query.get("before", ""),
    }


def _to_save(request: Request, job: Import) -> dict[str, object]:
    return {
        "connection": Connection.objects.of(request.user),
        "words_to_save": import_texts.to_save(job),
        "look": look_choice(job),
        "can_mend": request.user.can_write and job.state == ImportState.CHECKED,
    }


def _met(job: Import) -> dict[str, object]:
    undecided = TableQuery(state="undecided", job=job.pk)
    met, waiting = import_progress.met_counts(job)
    return {
        "met_words": import_texts.met(met, waiting),
        "undecided": Selection(job.group, undecided) if waiting else None,
        "undecided_words": import_texts.undecided(waiting),
    }


def _progress(job: Import) -> dict[str, object]:
    progress = import_progress.progress_of(job)
    unsent = TableQuery(state="failed", job=job.pk)
    return {
        "progress": progress,
        "saving_note": import_texts.rows_left(progress.rows_a_second, progress.seconds_left),
        "calls_note": import_texts.calls_left(progress),
        "failed_words": import_texts.failed(progress.failed),
        "failed_url": reverse("contacts:group", args=[job.group_id]) + unsent.url(),
        "unsent": Selection(job.group, unsent),
        "unsent_words": import_texts.unsent(import_progress.unsent_count(job)),
        **_met(job),
        "words_done": import_texts.done(job, progress),
        "words_undone": import_texts.undone(job),
        "chips": import_preview.chips(job, ""),
        "follows": job.is_running or (job.state == ImportState.UNDONE and progress.is_sending),
    }
