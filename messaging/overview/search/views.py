"""A page of what is found; for htmx, below the search of the top bar while one types."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from accounts.web.htmx import page_or_fragment, wants_fragment
from accounts.web.http import Request
from accounts.web.params import text_param
from messaging.overview.search.sources import begin, find

MAX_TEXT = 100
ON_THE_PAGE, WHILE_TYPING, AT_FIRST = 50, 5, 3  # of each kind


@require_safe
def search(request: Request) -> HttpResponse:
    text = text_param(request.GET.get("q"), most=MAX_TEXT)
    most = WHILE_TYPING if wants_fragment(request) else ON_THE_PAGE
    if text:
        sections = find(text, request.user, request.customer, most=most)
    else:
        sections = begin(request.user, request.customer, most=AT_FIRST)
    context = {"q": text, "sections": sections, "most": most}
    return page_or_fragment(request, "overview/search.html", "overview/_palette.html", context)
