"""Where a person's short link leads. For anybody, signed in or not, and it says nothing of anybody."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.web.params import text_param
from messaging.campaigns.models import Link
from messaging.campaigns.short_links import links
from messaging.campaigns.short_links.link_addresses import is_web_address

MAX_LENGTH = 100  # of what is looked up; every token is shorter


@login_not_required
@require_safe
def follow(request: HttpRequest, token: str) -> HttpResponse:
    """To the address that the campaign was written with, and nowhere else."""
    found = Link.objects.filter(pk=text_param(token, most=MAX_LENGTH))
    link = found.select_related("campaign").first()
    if link is None or not is_web_address(link.campaign.link_url):
        return render(request, "campaigns/link_unknown.html", status=404)
    links.count_click(link, request)
    answer = HttpResponseRedirect(link.campaign.link_url)
    answer["Referrer-Policy"] = "no-referrer"
    answer["X-Robots-Tag"] = "noindex"
    return answer
