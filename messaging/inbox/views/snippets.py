"""Words that are said often: everybody's, and one's own."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import writers_only, writers_only_post
from accounts.http import Request
from messaging.inbox.models import Snippet
from messaging.inbox.snippet_form import SnippetForm

LIST, EDIT = "inbox/snippets.html", "inbox/snippet.html"


@require_http_methods(["GET", "HEAD", "POST"])
@writers_only
def snippets(request: Request) -> HttpResponse:
    """The list, and a form for one more."""
    if request.customer is None:
        return redirect("inbox:threads")
    form = SnippetForm(request.POST or None, customer=request.customer, user=request.user)
    if form.is_valid():
        saved = form.save()
        messages.success(request, f"Saved. Type /{saved} in a reply, then Tab.")
        return redirect("inbox:snippets")
    own = Snippet.objects.for_use_by(request.user, request.customer).select_related("owner")
    return render(request, LIST, {"form": form, "snippets": own}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@writers_only
def snippet(request: Request, pk: int) -> HttpResponse:
    found = _reached(request, pk)
    form = SnippetForm(request.POST or None, instance=found, customer=found.customer, user=request.user)
    if form.is_valid():
        form.save()
        messages.success(request, "Your changes are saved.")
        return redirect("inbox:snippets")
    return render(request, EDIT, {"form": form, "snippet": found}, status=422 if form.errors else 200)


@require_POST
@writers_only_post
def removal(request: Request, pk: int) -> HttpResponse:
    found = _reached(request, pk)
    found.delete()
    messages.success(request, f"/{found.key} is deleted.")
    return redirect("inbox:snippets")


def _reached(request: Request, pk: int) -> Snippet:
    """Another person's own is nobody else's."""
    visible = Snippet.objects.visible_to(request.user).select_related("customer")
    found = get_object_or_404(visible, pk=pk)
    return get_object_or_404(visible.for_use_by(request.user, found.customer), pk=pk)
