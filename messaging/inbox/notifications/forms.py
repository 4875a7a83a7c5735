"""What a person chooses to be told of."""

from typing import Any

from django import forms

from gateway import clock
from messaging.inbox.models import NotificationSettings
from messaging.inbox.models.notification import LONGEST_WAIT, SHORTEST_WAIT
from messaging.inbox.notifications import mailing

BY_MAIL = ("mail_mentions", "mail_waits", "wait_minutes", "address")


class NotificationForm(forms.ModelForm):
    """Where no mail can be sent, or they may not answer, it asks of none, and leaves that as it was."""

    wait_minutes = forms.IntegerField(
        label="Minutes",
        min_value=SHORTEST_WAIT,
        max_value=LONGEST_WAIT,
        help_text="How long somebody waits before you are written to.",
    )

    class Meta:
        model = NotificationSettings
        fields = ["sound", "desktop", *BY_MAIL]
        labels = {
            "sound": "Play a sound",
            "desktop": "Show a desktop notification",
            "mail_mentions": "When a note mentions me",
            "mail_waits": "When somebody waits too long in a conversation of mine, my team’s or nobody’s",
            "address": "Send to",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.was = self.instance.address
        if not (mailing.is_possible() and self.instance.user.can_write):
            for name in BY_MAIL:
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        wants = cleaned.get("mail_mentions") or cleaned.get("mail_waits")
        if wants and not cleaned.get("address") and "address" not in self.errors:
            self.add_error("address", "Write where to send them.")
        return cleaned

    def save(self, commit: bool = True) -> NotificationSettings:
        """A new address has to be confirmed, and so has one whose mail did not come."""
        kept = self.instance
        if kept.address != self.was or not kept.confirmed_at:
            kept.confirmed_at, kept.asked_at = None, clock.now()
        return super().save(commit)
