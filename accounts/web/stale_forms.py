"""A form over what several people set: who saves an older page of it is told, and writes nothing over."""

import hashlib
from typing import Any, ClassVar

from django import forms
from django.utils.html import format_html
from django.utils.safestring import SafeString

CHANGED = (
    "This was changed since you opened the page. Nothing was saved, and what you wrote is below. Open the "
    "page in another tab to see what is kept now. If you save here again, yours replaces it."
)
_NAME = "shown"


class ShownForm(forms.BaseForm):
    """Mixed in before the form; its `mark` stands in the form's template."""

    base_fields: ClassVar[dict[str, forms.Field]] = {}

    @property
    def mark(self) -> SafeString:
        """What is kept, as the page shows it."""
        return format_html('<input type="hidden" name="{}" value="{}">', _NAME, self._kept())

    def full_clean(self) -> None:
        super().full_clean()
        is_older = self.is_bound and self.data.get(_NAME) not in {None, self._kept()}
        if is_older and self.has_changed():  # who presses twice, or says what others said, undoes nothing
            self.add_error(None, CHANGED)

    def _kept(self) -> str:
        kept: list[tuple[str, Any]] = [
            (name, self.get_initial_for_field(field, name)) for name, field in self.fields.items()
        ]
        return hashlib.sha256(repr(kept).encode("utf-8", "surrogatepass")).hexdigest()[:16]
