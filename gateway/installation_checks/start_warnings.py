"""What is dangerous in the settings, or cannot work, in words: said as a process starts, and by `check`."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core import checks
from django.core.checks import Tags, register

from gateway.reachability import THIS_HOST, is_of_this_host, is_reachable_from_outside

_SPOKEN_TO = {
    **dict.fromkeys(
        (
            "SMARTDIALOG_API_URL",
            "SMARTDIALOG_AUTHORIZE_URL",
            "SMARTDIALOG_TOKEN_URL",
            "SMARTDIALOG_USERINFO_URL",
        ),
        "tokens",
    ),
    "UPLOADS_S3_ENDPOINT": "keys, and files with people,",
}


@register(Tags.security, deploy=True)
def check(app_configs: Any, **options: Any) -> list[checks.Warning]:
    return [
        checks.Warning(words, id=f"smartdialog.W{number:03}")
        for number, words in enumerate(all_of(settings), start=1)
    ]


def all_of(chosen: Any) -> list[str]:
    return [*_debug(chosen), *_plain_text(chosen), *_unreachable(chosen), *_one_host(chosen)]


def _debug(chosen: Any) -> Iterator[str]:
    if chosen.DEBUG:
        yield "DEBUG is on: pages of faults show settings and code to whoever meets one. Set DEBUG=false."


def _plain_text(chosen: Any) -> Iterator[str]:
    if _is_plain(chosen.PUBLIC_URL):
        yield (
            f"PUBLIC_URL is {chosen.PUBLIC_URL}, without https: sessions and messages cross the network "
            "in plain text. Put a proxy with a certificate before it, and set PUBLIC_URL to its https:// "
            "address."
        )
    for name, what in _SPOKEN_TO.items():
        if _is_plain(getattr(chosen, name)):
            yield (
                f"{name} is {getattr(chosen, name)}, without https: {what} cross the network in plain "
                "text. Set it to an https:// address."
            )


def _is_plain(url: str) -> bool:
    """Without encryption, to another machine."""
    return urlsplit(url).scheme == "http" and not is_of_this_host(url)


def _unreachable(chosen: Any) -> Iterator[str]:
    if not chosen.USES_SANDBOX and not is_reachable_from_outside(chosen.PUBLIC_URL):
        yield (
            f"PUBLIC_URL is {chosen.PUBLIC_URL}, which SmartDialog cannot reach: no answers and no delivery "
            "reports will arrive. Set PUBLIC_URL to an address that can be reached from the internet."
        )


def _one_host(chosen: Any) -> Iterator[str]:
    has_server = not chosen.DATABASES["default"]["ENGINE"].endswith("sqlite3")
    if has_server and chosen.HOST not in THIS_HOST and chosen.CELERY_BROKER_URL.startswith("filesystem"):
        yield (
            "CELERY_BROKER_URL is not set, and the built-in broker is of one host: what other hosts do "
            "waits some seconds for its worker. On several hosts, use Redis or RabbitMQ."
        )
