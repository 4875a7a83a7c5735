"""Every address of the dashboard, as the URL patterns list them."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse


@dataclass(frozen=True)
class Address:
    name: str
    parameters: tuple[str, ...]
    view: Callable[..., Any]

    def path(self, values: Mapping[str, Any]) -> str:
        return reverse(self.name, kwargs={key: values[key] for key in self.parameters})


def addresses() -> list[Address]:
    return list(_walk(get_resolver().url_patterns, ""))


def _walk(patterns: list[URLPattern | URLResolver], namespace: str) -> Iterator[Address]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _walk(pattern.url_patterns, inner)
        else:
            yield Address(f"{namespace}{pattern.name}", tuple(pattern.pattern.converters), pattern.callback)
