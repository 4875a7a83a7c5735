"""Where to go next, never off this site."""

from django.utils.http import url_has_allowed_host_and_scheme


def next_path(value: str | None, *, default: str = "/") -> str:
    """`value` when it is a plain path of this site, else `default`."""
    return value if value and _is_plain_path(value) else default


def _is_plain_path(value: str) -> bool:
    return (
        len(value) <= 2000
        and value.startswith("/")
        and value.isprintable()
        and "\\" not in value
        and "%5c" not in value.lower()
        and "%0" not in value.lower()
        and url_has_allowed_host_and_scheme(value, allowed_hosts=None)
    )
