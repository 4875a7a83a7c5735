"""A WhatsApp message as a phone shows it."""

from collections.abc import Mapping

from django import template
from django.utils.safestring import SafeString

from messaging.whatsapp import formatting
from messaging.whatsapp.lint.buttons import SHOWN_BUTTONS
from messaging.whatsapp.lint.languages import language_label
from messaging.whatsapp.models import Template
from messaging.whatsapp.submission import failures

register = template.Library()

HEADER_ICONS = {"image": "image", "video": "video", "document": "file-text", "location": "map-pin"}
BUTTON_ICONS = {"QuickReply": "reply", "Url": "external-link", "Call": "phone"}


@register.filter
def as_whatsapp(text: str) -> SafeString:
    """Its formatting drawn, sample words for its variables; for an element that keeps line breaks."""
    return formatting.to_html(text, formatting.sample)


@register.filter
def as_shown(template: Template, values: Mapping[int, str] | None = None) -> SafeString:
    """A template's text with its own samples, or with what there is of one person's values."""
    return formatting.to_html(template.body, formatting.words_of(template, values or {}))


@register.filter
def as_sent(text: str) -> SafeString:
    """Its formatting drawn, with the values that it has."""
    return formatting.to_html(text)


@register.filter
def as_whatsapp_at_worst(text: str) -> SafeString:
    """The same with long words for its variables."""
    return formatting.to_html(text, formatting.longest)


@register.filter
def visible(text: str) -> str:
    """With the signs that turn a text round shown, so that none turns the page's."""
    return formatting.visible(text)


@register.filter
def shown_buttons(buttons: list[dict[str, str]]) -> list[dict[str, str]]:
    """Of many buttons a phone shows two, and a way to all."""
    return buttons if len(buttons) <= SHOWN_BUTTONS else buttons[: SHOWN_BUTTONS - 1]


@register.filter
def language_name(code: str) -> str:
    """fi -> Finnish."""
    return language_label(code)


@register.filter
def explain_code(code: str) -> str:
    """132015 -> what it means and what to do."""
    return failures.explain(code)


@register.filter
def header_icon(kind: str) -> str:
    return HEADER_ICONS.get(kind, "file")


@register.filter
def button_icon(kind: str) -> str:
    return BUTTON_ICONS.get(kind, "circle-question-mark")
