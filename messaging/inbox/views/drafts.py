"""Keep what is typed on a form that writes to a person, and say so."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from accounts.access import writers_post
from accounts.web.http import Request
from messaging.inbox.replies import drafts, first_messages
from messaging.inbox.replies.draft_forms import DraftForm, FirstDraftForm, TemplateDraftForm
from messaging.inbox.views.threads import get_thread_or_404

NOT_KEPT = 422


@writers_post
def draft(request: Request, pk: int) -> HttpResponse:
    """Of a reply."""
    thread, form = get_thread_or_404(request, pk), DraftForm(request.POST)
    if not form.is_valid():
        return HttpResponse(status=NOT_KEPT)
    said = form.cleaned_data
    return _told(drafts.keep(thread, said["content"], key=said["key"], of=request.user))


@writers_post
def template_draft(request: Request, pk: int) -> HttpResponse:
    """Of what fills a template."""
    thread = get_thread_or_404(request, pk)
    form = TemplateDraftForm(request.POST, customer=thread.customer)
    if not form.is_valid():
        return HttpResponse(status=NOT_KEPT)
    template, key = form.cleaned_data["template"], form.cleaned_data["key"]
    return _told(drafts.keep_template(thread, template, form.said, key=key, of=request.user))


@writers_post
def first_draft(request: Request) -> HttpResponse:
    """Of a first message; or throw it away."""
    form = FirstDraftForm(request.POST)
    if not (request.customer and form.is_valid()):
        return HttpResponse(status=NOT_KEPT)
    key: UUID = form.cleaned_data["key"]
    if "discard" in request.POST:
        drafts.forget_first(key, request.user)
        return redirect("inbox:first_message")
    phone = first_messages.as_kept(request.customer, form.cleaned_data["phone"])
    return _told(drafts.keep_first(request.customer, phone, form.said, key=key, of=request.user))


def _told(is_kept: bool) -> HttpResponse:
    """By the clock of who types; nothing of what is no draft."""
    return HttpResponse(f"Saved {timezone.localtime():%H:%M}") if is_kept else HttpResponse(status=204)
