"""A person's own short link in a campaign, by which a press on it is known as theirs."""

from django.db import models
from django.db.models import Q

from accounts.tenancy import TenantQuerySet
from messaging.campaigns.models.campaign import Campaign
from messaging.campaigns.models.recipient import Recipient


class LinkQuerySet(TenantQuerySet["Link"]):
    customer_path = "campaign__customer"

    def clicked(self) -> "LinkQuerySet":
        return self.filter(clicked_at__isnull=False)


class Link(models.Model):
    """It leads to the campaign's `link_url`. Only the first click is kept: a person counts once."""

    token = models.CharField(max_length=12, primary_key=True)
    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="links", db_index=False)
    recipient = models.OneToOneField(
        Recipient, on_delete=models.SET_NULL, null=True, related_name="link", help_text="Null: erased."
    )
    clicked_at = models.DateTimeField(null=True, help_text="When a person first opened it.")

    objects = LinkQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["campaign"], name="links_clicked_of_a_campaign", condition=Q(clicked_at__isnull=False)
            ),
            models.Index(fields=["campaign", "token"], name="links_of_a_campaign"),
        ]

    def __str__(self) -> str:
        return self.token
