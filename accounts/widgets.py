"""What forms have in place of Django's own widgets."""

from typing import Any

from django import forms


class TextArea(forms.Textarea):
    """A browser sends a line end as two characters, and counts one as it lets somebody type: so do we."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        value = super().value_from_datadict(data, files, name)
        return value.replace("\r\n", "\n") if isinstance(value, str) else value
