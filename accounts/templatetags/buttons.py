"""Buttons and links that do something: each says its address once, and works without a script.

look: variants of the button, `"primary small"`. Other words are HTML attributes of the button or link itself.
"""

from typing import Any

from django import template
from django.forms.utils import flatatt
from django.template import Context
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.inclusion_tag("includes/_button_to.html")
def button_to(
    label: str,
    view: str,
    *args: Any,
    query: str = "",
    form: str = "",
    about: str = "",
    icon: str = "",
    look: str = "",
    **attributes: str,
) -> dict[str, Any]:
    """A form of one button, sent once: `{% button_to "Pause" "campaigns:pausing" 7 icon="pause" %}`.

    form: a class of the form. about: what it is done to, for those who do not see it beside the button.
    """
    words = {"label": label, "about": about, "icon_name": icon, "attributes": _attributes(look, attributes)}
    return {"url": reverse(view, args=args) + query, "form_class": form, **words}


@register.inclusion_tag("includes/_dialog_link.html")
def dialog_link(
    label: str, view: str, *args: Any, query: str = "", icon: str = "", look: str = "", **attributes: str
) -> dict[str, Any]:
    """A link to a question, which opens above the page: `{% dialog_link "Delete" "contacts:undo" 7 %}`."""
    words = {"label": label, "icon_name": icon, "attributes": _attributes(look, attributes)}
    return {"url": reverse(view, args=args) + query, **words}


@register.inclusion_tag("includes/_back_link.html")
def back_link(label: str, view: str, *args: Any) -> dict[str, str]:
    """Above a page's title, to what it belongs to: `{% back_link group.name "contacts:group" group.pk %}`."""
    return {"label": label, "url": reverse(view, args=args)}


@register.inclusion_tag("includes/_tab.html", takes_context=True)
def tab(context: Context, label: str, view: str, *, below: str = "") -> dict[str, str]:
    """One of several pages beside each other: `{% tab "Rules" "inbox:rules" %}`.

    It is current for the pages below its address too, or for those `below` another; "-": for none of them.
    """
    url, path = reverse(view), context["request"].path
    current = "page" if path == url else "true" if path.startswith(below or url) else ""
    return {"label": label, "url": url, "current": current}


@register.simple_tag
def posts_to(view: str, *args: Any, target: str, query: str = "") -> SafeString:
    """Attributes of a form, whose answer goes into `target`: `{% posts_to "inbox:notes" 7 target=… %}`."""
    url = reverse(view, args=args) + query
    return format_html('method="post" action="{0}" hx-post="{0}" hx-target="{1}"', url, target)


def _attributes(look: str, given: dict[str, str]) -> SafeString:
    variants = [f"button--{each}" for each in look.split()]
    return flatatt({"class": " ".join(["button", *variants]), **given})
