"""What people type in the inbox."""

from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError

from messaging.inbox.replying import MAX_REPLY_LENGTH


class ReplyForm(forms.Form):
    """`key` is the form's idempotency key: sent twice, it is one answer."""

    content = forms.CharField(
        label="Reply",
        error_messages={"required": "Write something first."},
        widget=forms.Textarea(
            attrs={"rows": 2, "placeholder": "Write a reply", "data-parts": "reply-parts", "data-key": "r"}
        ),
    )
    key = forms.UUIDField(
        initial=uuid4,
        widget=forms.HiddenInput,
        error_messages={"required": "Open the thread again.", "invalid": "Open the thread again."},
    )

    def clean_content(self) -> str:
        """Too long is said, never cut: a `maxlength` would shorten what is pasted without a word."""
        content: str = self.cleaned_data["content"].replace("\r\n", "\n")
        if len(content) > MAX_REPLY_LENGTH:
            raise ValidationError(
                f"SmartDialog takes {MAX_REPLY_LENGTH:,} characters, and these are {len(content):,}. "
                "Shorten it; nothing was sent."
            )
        return content
