"""What was written of a template, one row to each time that somebody opened its page and wrote."""

from uuid import uuid4

from django.db import models

from accounts.models import User
from accounts.tenancy import TenantQuerySet
from gateway import clock
from messaging.whatsapp.models.template import Template


class TemplateVersionQuerySet(TenantQuerySet["TemplateVersion"]):
    customer_path = "template__customer"


class TemplateVersion(models.Model):
    """`page` is the opened page: while it saves by itself, it writes over its own version."""

    template = models.ForeignKey(Template, on_delete=models.CASCADE, related_name="versions", db_index=False)
    page = models.UUIDField(default=uuid4)
    fields = models.JSONField(help_text="As Template.audited() has them.")
    saved_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    saved_at = models.DateTimeField(default=clock.now)

    objects = TemplateVersionQuerySet.as_manager()

    class Meta:
        ordering = ["-saved_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["template", "page"], name="template_version_of_a_page")
        ]

    def __str__(self) -> str:
        return f"{self.template} of {self.saved_at:%Y-%m-%d %H:%M}"
