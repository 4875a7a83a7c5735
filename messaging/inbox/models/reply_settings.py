"""How a customer answers people."""

from django.db import models

from accounts.models import Customer
from accounts.tenancy import TenantQuerySet


class ReplySettings(models.Model):
    """What is not set here is as it comes: nobody who wrote on WhatsApp gets an SMS."""

    customer = models.OneToOneField(Customer, on_delete=models.CASCADE, primary_key=True, related_name="+")
    sms_after_whatsapp = models.BooleanField(
        default=False, help_text="Answer by SMS when WhatsApp takes free answers no more."
    )
    in_discussions = models.BooleanField(
        default=False, db_default=False, help_text="Answer in SmartDialog’s discussions where it names one."
    )

    objects = TenantQuerySet["ReplySettings"].as_manager()

    def __str__(self) -> str:
        return f"Answers of {self.customer}"

    @classmethod
    def of(cls, customer: Customer) -> "ReplySettings":
        return cls.objects.filter(customer=customer).first() or cls(customer=customer)
