"""The filters above the list as markup, which is made here and in no template, to be quick."""

from collections.abc import Iterable
from html import escape

from django.urls import reverse
from django.utils.safestring import SafeString

from accounts.templatetags.ui import icon
from messaging.inbox.threads.filters import ThreadFilter


def render_chips(filters: Iterable[ThreadFilter]) -> SafeString:
    """Of those at hand and one's own, with their numbers."""
    threads = reverse("inbox:threads")
    return SafeString("".join(_chip(each, threads) for each in filters))


def _chip(each: ThreadFilter, threads: str) -> str:
    query, sign = escape(each.query), icon("bookmark") if each.pk else ""
    number, hidden = escape(each.number), "" if each.number else "hidden"
    return f"""
<a class="chip" href="{threads}{query}" {'aria-current="true"' if each.is_chosen else ""}>
  {sign} {escape(each.label)}
  <span class="chip__count" data-count="{query}" {hidden}>{number}</span>
</a>"""
