"""What forms have in place of Django's own widgets."""

from typing import Any

from django import forms
from django.forms.renderers import BaseRenderer
from django.forms.utils import flatatt
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString


class TextArea(forms.Textarea):
    """A browser sends a line end as two characters, and counts one as it lets somebody type: so do we.

    Django would render a template of its own, and another for its attributes.
    """

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        value = super().value_from_datadict(data, files, name)
        return value.replace("\r\n", "\n") if isinstance(value, str) else value

    def render(
        self,
        name: str,
        value: Any,
        attrs: dict[str, Any] | None = None,
        renderer: BaseRenderer | None = None,
    ) -> SafeString:
        own = self.build_attrs(self.attrs, attrs)
        text = self.format_value(value) or ""
        return format_html('<textarea name="{}"{}>\n{}</textarea>', name, flatatt(own), text)


class ZoneSelect(forms.Select):
    """Django would render a template of its own, and another for its attributes, for each of 600 zones."""

    template_name = "includes/_zone_select.html"

    def _render(
        self, template_name: str, context: dict[str, Any], renderer: BaseRenderer | None = None
    ) -> SafeString:
        return render_to_string(template_name, context)
