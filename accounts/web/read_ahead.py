"""What a page reads of its frame together with its own, so that the frame need not ask for it.

Other pages leave it to the frame. A name is that of a context processor.
"""

from typing import Any

from django.http import HttpRequest

from accounts.db.kept_queries import KeptQuery, read_together

_ROWS = "_read_ahead"


def read_with_frame(
    request: HttpRequest, frame: dict[str, KeptQuery[Any]], *queries: KeptQuery[Any]
) -> list[list[Any]]:
    """The rows of the queries; those of the frame are kept for it. One query."""
    found = read_together(*queries, *frame.values())
    setattr(request, _ROWS, dict(zip(frame, found[len(queries) :], strict=True)))
    return found[: len(queries)]


def rows_for(request: HttpRequest, name: str, query: KeptQuery[Any]) -> list[Any]:
    """As they were read ahead, or else now."""
    ahead: dict[str, list[Any]] = getattr(request, _ROWS, {})
    return ahead[name] if name in ahead else read_together(query)[0]
