"""Somebody wants to send a campaign again: a second person is asked first, or it begins in a moment."""

from django.db import models
from django.db.models import F

from accounts.models import User
from accounts.tenancy import TenantQuerySet
from gateway import clock
from messaging.campaigns.models.campaign import Campaign


class ResendRequestQuerySet(TenantQuerySet["ResendRequest"]):
    customer_path = "campaign__customer"

    def standing(self) -> "ResendRequestQuerySet":
        """That wait for an answer, of campaigns that nobody has changed since."""
        return self.filter(revision=F("campaign__revision"), begins_at=None)

    def due(self) -> "ResendRequestQuerySet":
        """Decided, and not undone in time."""
        return self.filter(begins_at__lte=clock.now())


class ResendRequest(models.Model):
    """It waits for an answer, or for its moment; then it is gone, and until then nothing has changed.

    `whom`: who missed it, by why; empty: refused calls.
    """

    campaign = models.OneToOneField(
        Campaign, on_delete=models.CASCADE, primary_key=True, related_name="resend_request"
    )
    revision = models.PositiveIntegerField(help_text="Of the campaign: after a change it holds no more.")
    whom = models.JSONField(default=list)
    people = models.PositiveIntegerField()
    asked_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    asked_at = models.DateTimeField(default=clock.now)
    begins_at = models.DateTimeField(null=True, help_text="Decided: it begins then, unless it is undone.")

    objects = ResendRequestQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at"]

    def __str__(self) -> str:
        return f"{self.campaign} again"
