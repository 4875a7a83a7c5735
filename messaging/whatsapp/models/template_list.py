"""SmartDialog's list of a customer's templates: when it was asked for, and when it came."""

from django.db import models

from accounts.models import Customer
from accounts.tenancy import TenantQuerySet
from gateway import outbox


class TemplateList(models.Model):
    """One to a customer. What is listed becomes templates; the categories are SmartDialog's words."""

    customer = models.OneToOneField(Customer, on_delete=models.CASCADE, related_name="template_list")
    look_up = models.ForeignKey(
        "gateway.Operation", on_delete=models.SET_NULL, null=True, related_name="+", help_text="The latest."
    )
    asked_at = models.DateTimeField(null=True, help_text="When the latest look-up was asked for.")
    read_at = models.DateTimeField(null=True, help_text="When SmartDialog last answered.")
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
        """Why the latest look-up came to nothing, in SmartDialog's words."""
        call = outbox.call_of(self.look_up)
        return call.reason_text if call and call.has_failed else ""
