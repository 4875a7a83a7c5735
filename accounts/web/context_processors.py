"""What the frame around every page shows of the person."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def frame(request: HttpRequest) -> dict[str, Any]:
    return {
        "person": request.user if getattr(request, "user", None) and request.user.is_authenticated else None,
        "customers": getattr(request, "customers", []),
        "customer": getattr(request, "customer", None),
        "sandbox": settings.USES_SANDBOX,
        "nav": _section(request.path),
    }


def _section(path: str) -> str:
    """The part of the rail that a page belongs to: the first word of its path."""
    return path.strip("/").split("/")[0] or "overview"
