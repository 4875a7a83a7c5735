"""What people decide about a template that is not being written."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from accounts.access import writers_form, writers_post
from accounts.models import Customer
from accounts.web.htmx import page_or_dialog
from accounts.web.http import Request
from gateway.sign_in.connections import NotConnected, for_user
from messaging.whatsapp.authoring import drafts
from messaging.whatsapp.authoring.drafts import InUse
from messaging.whatsapp.catalogue import archiving as archiving_verbs
from messaging.whatsapp.catalogue import polling
from messaging.whatsapp.models import Template
from messaging.whatsapp.submission import submitting
from messaging.whatsapp.submission.submitting import NotLookedUp
from messaging.whatsapp.submission.transitions import TemplateChanged
from messaging.whatsapp.views.lists import get_template_or_404

LOOKUP_STARTED = "SmartDialog is being asked. What it lists shows here in a moment."
LOOKUP_RUNNING = "SmartDialog is being asked already. What it lists shows here in a moment."
NOT_DELETED = "Only drafts can be deleted: SmartDialog offers no way to delete a template."


@writers_post
def lookups(request: Request) -> HttpResponse:
    """Read the customer's list now."""
    if request.customer:
        _request_lookup(request, request.customer)
    return redirect("whatsapp:list")


@writers_post
def lookup(request: Request, pk: int) -> HttpResponse:
    template = get_template_or_404(request, pk)
    _request_lookup(request, template.customer)
    return redirect("whatsapp:template", pk)


@writers_form
def submissions(request: Request, pk: int) -> HttpResponse:
    """Submit again what may have arrived: asked first, since there may be two of it then."""
    if request.method == "POST":
        return decide(request, pk, lambda template: submitting.submit_again(template, by=request.user))
    template = get_template_or_404(request, pk)
    context, title = {"template": template}, f"Submit {template} again"
    return page_or_dialog(request, "whatsapp/_submission.html", context, title=title)


@writers_post
def withdrawal(request: Request, pk: int) -> HttpResponse:
    return decide(request, pk, lambda template: submitting.withdraw(template, by=request.user))


@writers_post
def archiving(request: Request, pk: int) -> HttpResponse:
    """Into the archive, or out of it."""
    change = archiving_verbs.unarchive if request.POST.get("undo") else archiving_verbs.archive
    return decide(request, pk, lambda template: change(template, by=request.user))


@writers_post
def confirmation(request: Request, pk: int) -> HttpResponse:
    """SmartDialog has it, the person knows."""
    return decide(request, pk, lambda template: submitting.confirm(template, by=request.user))


@writers_form
def deletion(request: Request, pk: int) -> HttpResponse:
    """Ask first; then delete the draft."""
    template = get_template_or_404(request, pk)
    if not template.is_editable:
        messages.error(request, NOT_DELETED)
        return redirect("whatsapp:template", pk)
    if request.method != "POST":
        context, title = {"template": template}, f"Delete {template}"
        return page_or_dialog(request, "whatsapp/_deletion.html", context, title=title)
    try:
        drafts.delete(template, by=request.user)
    except TemplateChanged:
        messages.error(request, NOT_DELETED)
        return redirect("whatsapp:template", pk)
    except InUse as error:
        messages.error(request, error.text)
        return redirect("whatsapp:template", pk)
    messages.success(request, f"The draft “{template}” is deleted.")
    return redirect("whatsapp:list")


def decide(request: Request, pk: int, decision: Callable[[Template], None]) -> HttpResponse:
    """Do it, or say why not; either way the template's page shows where it stands."""
    template = get_template_or_404(request, pk)
    try:
        decision(template)
    except TemplateChanged:
        messages.error(request, "This template has moved on meanwhile. Here is where it stands now.")
    except (NotConnected, NotLookedUp) as error:
        messages.error(request, error.text)
    return redirect("whatsapp:template", pk)


def _request_lookup(request: Request, customer: Customer) -> None:
    try:
        started = polling.enqueue_lookup(customer, connection=for_user(request.user), by=request.user)
    except NotConnected as error:
        messages.error(request, error.text)
    else:
        messages.info(request, LOOKUP_STARTED if started else LOOKUP_RUNNING)
