"""Keeping what our client sent and what came back."""

from typing import Any
from urllib.parse import urlsplit

import requests

from tests.contract.openapi_validator import Exchange


def recording_session() -> tuple[requests.Session, list[Exchange]]:
    """A session for a Client, and the list that its exchanges are added to."""
    kept: list[Exchange] = []
    session = requests.Session()
    session.hooks["response"].append(lambda response, **_: kept.append(exchange(response)))
    return session, kept


def exchange(response: requests.Response) -> Exchange:
    asked, where = response.request, urlsplit(response.request.url)
    return Exchange(
        method=asked.method,
        url=where.path + (f"?{where.query}" if where.query else ""),
        headers=lower_case_names(asked.headers),
        body=asked.body or b"",
        status=response.status_code,
        answer_headers=lower_case_names(response.headers),
        answer=response.content,
    )


def lower_case_names(headers: Any) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}
