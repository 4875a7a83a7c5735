"""Somebody wants to send a campaign again to so many people that a second person is asked."""

from django.db import models
from django.db.models import F

from accounts.models import User
from accounts.tenancy import TenantQuerySet
from gateway import clock
from messaging.campaigns.models.campaign import Campaign


class ResendRequestQuerySet(TenantQuerySet["ResendRequest"]):
    customer_path = "campaign__customer"

    def standing(self) -> "ResendRequestQuerySet":
        """Of campaigns that nobody has changed since."""
        return self.filter(revision=F("campaign__revision"))


class ResendRequest(models.Model):
    """It waits for an answer; answered, it is gone. `whom`: who missed it, by why; empty: refused calls."""

    campaign = models.OneToOneField(
        Campaign, on_delete=models.CASCADE, primary_key=True, related_name="resend_request"
    )
    revision = models.PositiveIntegerField(help_text="Of the campaign: after a change it holds no more.")
    whom = models.JSONField(default=list)
    people = models.PositiveIntegerField()
    asked_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    asked_at = models.DateTimeField(default=clock.now)

    objects = ResendRequestQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at"]

    def __str__(self) -> str:
        return f"{self.campaign} again"
