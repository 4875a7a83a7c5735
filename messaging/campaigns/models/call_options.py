"""What a campaign's calls carry beside its text and people: the rarer parameters of SmartDialog."""

from django.db import models

MAX_CUSTOMER_DATA = 255  # characters, as the contract has it
MAX_BUTTONS = 10
EMPTY_LIST = models.Value([], models.JSONField())


class UnicodePolicy(models.TextChoices):
    """What SmartDialog does with characters that make an SMS dearer. Empty: it is told nothing."""

    REPLACE = "Replace", "Let SmartDialog replace them"
    STRICT = "Strict", "Let SmartDialog refuse the message"


class ButtonType(models.TextChoices):
    URL = "Url", "A link"
    QUICK_REPLY = "QuickReply", "A quick reply"
    CALL = "Call", "A call"


class CallOptions(models.Model):
    """Those that only one channel knows are kept while the other is chosen, and sent by the one."""

    attachment_url = models.CharField(max_length=2000, blank=True, default="", db_default="")
    customer_data = models.CharField(
        max_length=MAX_CUSTOMER_DATA,
        blank=True,
        default="",
        db_default="",
        help_text="For SmartDialog's bills.",
    )
    unicode_policy = models.CharField(
        max_length=10, choices=UnicodePolicy.choices, blank=True, default="", db_default="", help_text="SMS."
    )
    sms_fallback = models.BooleanField(
        default=False, db_default=False, help_text="An SMS to whom WhatsApp does not reach."
    )
    header_parameters = models.JSONField(
        default=list, db_default=EMPTY_LIST, help_text="The same for everyone, in order."
    )
    button_type = models.CharField(
        max_length=10, choices=ButtonType.choices, blank=True, default="", db_default=""
    )
    button_data = models.JSONField(default=list, db_default=EMPTY_LIST, help_text="Of each button, in order.")

    class Meta:
        abstract = True

    def options_of(self, *, sms: bool) -> list[tuple[str, str]]:
        """What calls of the channel carry of them, as people call it."""
        own = [("Attachment", self.attachment_url), ("Billing reference", self.customer_data)]
        if sms:
            own.append(("Costly characters", self.get_unicode_policy_display()))
        else:
            own += [
                ("Where WhatsApp fails", "An SMS" if self.sms_fallback else ""),
                ("Header", ", ".join(self.header_parameters)),
                (f"Buttons, {self.get_button_type_display().lower()}", ", ".join(self.button_data)),
            ]
        return [(label, text) for label, text in own if text]


OPTIONS = [field.name for field in CallOptions._meta.local_fields]
