"""A page as tests compare it: how its template is laid out into lines does not matter."""

import re
from html import unescape

from django.http import HttpResponse


def markup(page: HttpResponse | str) -> str:
    """Runs of white space are one space, and there is none beside a tag or at the end of one."""
    text = page if isinstance(page, str) else page.content.decode()
    return re.sub(r"\s*(<|>|/>)\s*", r"\1", re.sub(r"\s+", " ", text)).strip()


def words_on(page: HttpResponse) -> str:
    """What people read on it, without the tags."""
    main = page.content.decode().partition("<main")[2] or page.content.decode()
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", main)).split())
