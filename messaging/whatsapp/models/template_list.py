"""SmartDialog's list of a customer's templates: when it was asked for, and when it came."""

from django.db import models

from accounts.models import Customer
from accounts.tenancy import TenantQuerySet
from gateway import outbox

UNREAD = (
    "SmartDialog lists {} more in a way that cannot be read here. What is not found stays as it was. "
    "Send this to Arena: its list of WhatsApp templates is not as its documents say."
)


class TemplateList(models.Model):
    """One to a customer. What is listed becomes templates; the categories are SmartDialog's words."""

    customer = models.OneToOneField(Customer, on_delete=models.CASCADE, related_name="template_list")
    look_up = outbox.call_reference(help_text="The latest.")
    asked_at = models.DateTimeField(null=True, help_text="When the latest look-up was asked for.")
    read_at = models.DateTimeField(null=True, help_text="When SmartDialog last answered.")
    unread = models.PositiveIntegerField(default=0, help_text="How many it listed that cannot be read.")
    categories = models.JSONField(default=list, help_text="Empty until they were read.")
    categories_asked_at = models.DateTimeField(null=True)

    objects = TenantQuerySet.as_manager()

    def __str__(self) -> str:
        return f"Templates of {self.customer}"

    @property
    def is_being_read(self) -> bool:
        """A look-up is under way, or waits on a connection that is alive."""
        call = outbox.call_of(self.look_up)
        return bool(call and call.is_unsettled and call.connection.is_active)

    @property
    def problem(self) -> str:
        """Why the latest look-up came to nothing, in SmartDialog's words, or not to all."""
        call = outbox.call_of(self.look_up)
        if call and call.has_failed:
            return call.reason_text
        return UNREAD.format(self.unread) if self.unread else ""
