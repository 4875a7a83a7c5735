"""A WhatsApp message as a phone shows it."""

from django import template
from django.utils.safestring import SafeString

from messaging.whatsapp import failures, formatting
from messaging.whatsapp.lint.languages import language_label

register = template.Library()

BUTTON_ICONS = {"QuickReply": "reply", "Url": "external-link", "Call": "phone"}


@register.filter
def as_whatsapp(text: str) -> SafeString:
    """Its formatting drawn, sample words for its variables; for an element that keeps line breaks."""
    return formatting.to_html(text)


@register.filter
def language_name(code: str) -> str:
    """fi -> Finnish."""
    return language_label(code)


@register.filter
def explain_code(code: str) -> str:
    """132015 -> what it means and what to do."""
    return failures.explain(code)


@register.filter
def button_icon(kind: str) -> str:
    return BUTTON_ICONS.get(kind, "circle-help")
