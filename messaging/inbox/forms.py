"""What people type in the inbox."""

from uuid import uuid4

from django import forms

from messaging.inbox.replying import LONGEST


class ReplyForm(forms.Form):
    """`key` makes a form that is sent twice one answer."""

    content = forms.CharField(
        label="Reply",
        max_length=LONGEST,
        error_messages={
            "required": "Write something first.",
            "max_length": f"SmartDialog takes {LONGEST:,} characters. Shorten it; nothing was sent.",
        },
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
        return self.cleaned_data["content"].replace("\0", "").replace("\r\n", "\n")
