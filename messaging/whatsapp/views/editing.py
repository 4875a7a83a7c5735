"""Writing a template: one page, one form, checked as it is written."""

from uuid import UUID, uuid4

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from accounts.access import writers_form
from accounts.models import Customer
from accounts.web.htmx import page_or_fragment, wants_fragment
from accounts.web.http import Request
from accounts.web.params import INT_DIGITS, int_param, uuid_param
from gateway.sign_in.connections import NotConnected
from messaging.whatsapp import forms
from messaging.whatsapp.authoring import (
    drafts,
    example_files,
    preview_people,
    starters,
    translations,
    versions,
)
from messaging.whatsapp.forms import TemplateForm
from messaging.whatsapp.lint import mending, validation
from messaging.whatsapp.lint.metadata import MAX_NAME_LENGTH
from messaging.whatsapp.models import Template
from messaging.whatsapp.submission import submitting
from messaging.whatsapp.submission.transitions import TemplateChanged
from messaging.whatsapp.views.lists import get_template_or_404

PAGE, CHECK = "whatsapp/editor.html", "whatsapp/_check.html"
# What presses ask for that change nothing: each is answered with a part of the page of its own.
PARTS = {"buttons": "whatsapp/_buttons.html", "file": "whatsapp/_example_file.html"}


@writers_form
def new(request: Request) -> HttpResponse:
    """`?copy=12` begins with the words of another one, `?starter=order&language=fi` with ours."""
    copied = int_param(request.GET.get("copy"))
    original = get_template_or_404(request, copied) if copied else None
    customer = original.customer if original else request.customer
    if customer is None:
        return redirect("overview")
    if request.method == "POST":
        return _posted(request, _find_or_new(customer, uuid_param(request.POST.get("uuid"))))
    return _open(request, Template(customer=customer), _begun(request, customer, original))


@writers_form
def edit(request: Request, pk: int) -> HttpResponse:
    template = get_template_or_404(request, pk)
    if request.method == "POST":
        return _posted(request, template)
    if not template.is_editable:
        return redirect("whatsapp:template", pk)
    return _open(request, template, template)


@writers_form
def earlier(request: Request, pk: int) -> HttpResponse:
    """What was written before, what is different in it, and a way back to it."""
    template = get_template_or_404(request, pk)
    if not template.is_editable:
        return redirect("whatsapp:template", pk)
    if request.method == "POST":
        version = get_object_or_404(template.versions, pk=int_param(request.POST.get("version")))
        revision = int_param(request.POST.get("revision"), digits=INT_DIGITS)
        try:
            versions.restore(template, version, revision=revision, by=request.user)
        except TemplateChanged as error:
            messages.error(request, error.text)
        else:
            messages.success(request, "Restored. What was here before is among the earlier versions.")
        return redirect("whatsapp:edit", pk)
    context = {"template": template, "versions": versions.earlier(template)}
    return render(request, "whatsapp/versions.html", context)


def _open(request: Request, template: Template, written: Template) -> HttpResponse:
    form = TemplateForm(initial=forms.initial_of(written), customer=template.customer, written=written)
    return _show(request, form, template, written)


def _posted(request: Request, template: Template) -> HttpResponse:
    """Check what is written, and do with it what the pressed button says; by itself it is kept as a draft."""
    form = TemplateForm(request.POST, customer=template.customer, written=template)
    is_valid, action = form.is_valid(), request.POST.get("action", "")
    written = _as_written(template, form)
    if "fix" in request.POST:
        form = TemplateForm(
            mending.mended(request.POST, form, written), customer=template.customer, written=template
        )
        is_valid, written = form.is_valid(), _as_written(template, form)
    act = _ACTIONS.get(action)
    if act is None:
        try:
            kept = _keep(request, form, template) if is_valid else None
        except TemplateChanged as error:
            return _show(request, form, template, written, problem=error.text)
        return _show(request, form, template, written, saved=kept)
    if not is_valid or (act is not _save and _is_stopped(written, action)):
        return _show(request, form, template, written, status=422)
    try:
        return act(request, form, template)
    except TemplateChanged as error:
        return _show(request, form, template, written, problem=error.text, status=409)


def _keep(request: Request, form: TemplateForm, template: Template) -> Template | None:
    """A draft saves itself while it is written, once there is something in it. Raises TemplateChanged."""
    fields = form.fields_of_template()
    is_begun = not template._state.adding or fields["body"] or fields["display_name"]
    if not wants_fragment(request) or not is_begun or request.POST.get("action") in PARTS:
        return None
    return _save_form(request, form, template)


def _save(request: Request, form: TemplateForm, template: Template) -> HttpResponse:
    saved = _save_form(request, form, template)
    messages.success(request, "The draft is saved. Nothing was submitted.")
    return redirect("whatsapp:edit", saved.pk)


def _is_stopped(written: Template, action: str) -> bool:
    said = validation.opinion(validation.draft_of(written))
    return bool(said.errors) and not (action == "submit_anyway" and said.may_be_overruled)


def _submit(request: Request, form: TemplateForm, template: Template) -> HttpResponse:
    overruled = validation.opinion(validation.draft_of(_as_written(template, form))).overruled
    try:
        with transaction.atomic():
            saved = _save_form(request, form, template)
            if saved.is_editable:
                submitting.submit(saved, revision=saved.revision, by=request.user, overruled=overruled)
    except NotConnected as error:
        saved = _save_form(request, form, template)
        messages.error(request, f"{error.text} The template is kept as a draft.")
        return redirect("whatsapp:edit", saved.pk)
    return redirect("whatsapp:template", saved.pk)


_ACTIONS = {"save": _save, "submit": _submit, "submit_anyway": _submit}


def _save_form(request: Request, form: TemplateForm, template: Template) -> Template:
    """The template as the form says it. A form sent before changes nothing. Raises TemplateChanged."""
    fields, revision = form.fields_of_template(), int_param(request.POST.get("revision"), digits=INT_DIGITS)
    page = uuid_param(request.POST.get("page"))
    if template._state.adding:
        template, _ = drafts.create(
            customer=template.customer, uuid=template.uuid, fields=fields, by=request.user, page=page
        )
        revision = template.revision
    if template.audited() != fields:
        drafts.edit(template, revision=revision, fields=fields, by=request.user, page=page)
    return template


def _as_written(template: Template, form: TemplateForm) -> Template:
    """What is on the page, whatever is stored; without NUL, which PostgreSQL cannot even compare."""
    fields = form.fields_of_template()
    texts = {name: value.replace("\0", "") for name, value in fields.items() if isinstance(value, str)}
    return Template(pk=template.pk, customer=template.customer, **fields | texts)


def _find_or_new(customer: Customer, uuid: UUID) -> Template:
    """The template that this form made when it was sent before, else a new one."""
    made = Template.objects.of_customer(customer).filter(uuid=uuid).select_related("customer").first()
    return made or Template(customer=customer, uuid=uuid)


def _begun(request: Request, customer: Customer, original: Template | None) -> Template:
    """What the new page shows: a copy, one of our starters, or nothing yet."""
    if original:
        return _copy_of(original)
    starter = starters.find(request.GET.get("starter"), request.GET.get("language"))
    words = starters.words_of(starter, validation.categories(customer)) if starter else {}
    return Template(customer=customer, identity=forms.only_number(customer), **words)


def _copy_of(original: Template) -> Template:
    copy = Template(customer=original.customer, **drafts.words_of(original))
    copy.display_name = f"{copy.display_name[: MAX_NAME_LENGTH - 7]} (copy)"
    return copy


def _show(
    request: Request,
    form: TemplateForm,
    template: Template,
    written: Template,
    *,
    saved: Template | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    context = {
        "form": form,
        "template": template,
        "written": written,
        "family": [] if wants_fragment(request) or not template.pk else translations.side_by_side(template),
        "starters": starters.offered() if template._state.adding and not written.body else [],
        "seen": preview_people.seen(written, request.POST),
        "looked": example_files.look(written) if request.POST.get("action") == "file" else None,
        "asks_people": request.headers.get("HX-Trigger") == "people-search",
        "opinion": validation.opinion(validation.draft_of(written)),
        "problem": problem,
        "saved": saved,
        "is_mended": "fix" in request.POST,
        "is_stopped": status == 422,
        "worst": "worst" in request.POST,
        "revision": saved.revision if saved else request.POST.get("revision") or template.revision,
        "page": request.POST.get("page") or uuid4(),
    }
    fragment = PARTS.get(request.POST.get("action", ""), CHECK)
    response = page_or_fragment(request, PAGE, fragment, context, status=status)
    if saved and template._state.adding:
        response["HX-Replace-Url"] = reverse("whatsapp:edit", args=[saved.pk])
    return response
