"""In every text area of the dashboard a line end is one character, as it is where somebody types it."""

from collections.abc import Iterator

import pytest
from django import forms
from django.forms.forms import BaseForm
from django.http import QueryDict
from django.urls import get_resolver

from accounts.web.widgets import TextArea

FLOORS = ("accounts", "gateway", "contacts", "messaging")


def forms_of_ours() -> Iterator[type[BaseForm]]:
    assert get_resolver().url_patterns  # all views are imported, and with them all forms
    yield from (each for each in _below(BaseForm) if each.__module__.startswith(FLOORS))


def _below(cls: type[BaseForm]) -> Iterator[type[BaseForm]]:
    for each in cls.__subclasses__():
        yield each
        yield from _below(each)


def text_areas() -> list[tuple[str, forms.Field]]:
    return [
        (f"{form.__name__}.{name}", field)
        for form in set(forms_of_ours())
        for name, field in getattr(form, "base_fields", {}).items()  # what is mixed in has none of its own
        if isinstance(field.widget, forms.Textarea) and ".tests." not in form.__module__
    ]


def test_each_counts_a_line_end_as_one():
    found = text_areas()

    assert len(found) > 15
    assert [name for name, field in found if not isinstance(field.widget, TextArea)] == []


@pytest.mark.parametrize(("sent", "taken"), [("a\r\nb", "a\nb"), ("a\nb", "a\nb"), ("a\rb", "a\rb")])
def test_what_a_browser_sends_is_what_was_typed(sent, taken):
    data = QueryDict(mutable=True)
    data["text"] = sent

    assert TextArea().value_from_datadict(data, {}, "text") == taken
    assert TextArea().value_from_datadict(data, {}, "other") is None
