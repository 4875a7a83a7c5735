"""One decision for every page that htmx may ask a part of."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers

from accounts.web.http import AnyRequest


def wants_fragment(request: AnyRequest) -> bool:
    htmx = request.htmx
    return bool(htmx) and not htmx.boosted and not htmx.history_restore_request


def page_or_fragment(
    request: AnyRequest, page: str, fragment: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """The same data as a whole page or, for htmx, as the fragment that the page includes."""
    response = render(request, fragment if wants_fragment(request) else page, context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def page_or_dialog(
    request: AnyRequest, dialog: str, context: dict[str, Any], *, title: str, status: int = 200
) -> HttpResponse:
    """A question: a dialog for htmx, and without a script a page of that title."""
    context = {**context, "heading": title, "dialog": dialog}
    return page_or_fragment(request, "dialog_page.html", dialog, context, status=status)


def redirect_htmx(url: str) -> HttpResponse:
    """Tell htmx to go to another page, never to swap that page into a fragment."""
    return HttpResponse(status=204, headers={"HX-Redirect": url})
