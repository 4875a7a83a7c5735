"""Where to go next, never off this site."""

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


def next_path(request: HttpRequest, value: str | None, *, default: str = "/") -> str:
    """`value` when it is a plain path of this site, else `default`."""
    safe = (
        value
        and len(value) <= 2000
        and value.startswith("/")
        and value.isprintable()
        and "\\" not in value
        and "%5c" not in value.lower()
        and "%0" not in value.lower()
        and url_has_allowed_host_and_scheme(value, allowed_hosts=None)
    )
    return value if safe else default
