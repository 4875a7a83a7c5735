import re

from django.urls import URLPattern, re_path

from sandbox.api.calls import Operation
from sandbox.api.dispatch import dispatch, unknown_operation
from sandbox.api.operations import OPERATIONS


def patterns() -> list[URLPattern]:
    """One pattern a path; those with more literal parts first, so that `categories` is no customer."""
    by_path: dict[str, dict[str, Operation]] = {}
    for operation in OPERATIONS:
        by_path.setdefault(operation.path, {})[operation.method] = operation
    ordered = sorted(by_path, key=lambda path: path.count("{"))
    return [re_path(expression(path), dispatch, {"operations": by_path[path]}) for path in ordered]


def expression(path: str) -> str:
    """A closing slash changes nothing, as on many servers: an empty phone then means the whole group."""
    return "^" + re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path) + "/?$"


urlpatterns = [*patterns(), re_path("", unknown_operation)]
