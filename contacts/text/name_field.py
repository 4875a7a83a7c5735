"""A field of a form for what somebody calls something, which others have to see."""

from typing import Any, ClassVar

from django import forms

from contacts.text.values import visible_name


class NameField(forms.CharField):
    """One line. A name of nothing but what nobody sees is none."""

    default_error_messages: ClassVar = {"required": "Give it a name that can be seen."}

    def to_python(self, value: Any) -> str:
        return visible_name(super().to_python(value) or "")
