import uuid

from django.db import models


class Customer(models.Model):
    """A company that messages people through the platform."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    name = models.CharField(max_length=100)
    whatsapp_number = models.CharField(max_length=20, help_text="Its WhatsApp identity, E.164.")

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def inbound_service(self) -> "Service":
        """Where answers go when the address they were sent from cannot receive."""
        return self.services.get(kind=Service.Kind.TWO_WAY)


class Service(models.Model):
    """A channel of a customer to send from or receive at, or a group of contacts."""

    class Kind(models.TextChoices):
        ONE_WAY = "OneWay"
        TWO_WAY = "TwoWay"
        GROUP = "Group"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="services")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    name = models.CharField(max_length=100)
    allows_reply = models.BooleanField(default=False)
    address = models.CharField(max_length=20, blank=True, help_text="Where people write to; TwoWay only.")
    pipeline_id = models.UUIDField(default=uuid.uuid4, help_text="Holds the service's triggers.")

    class Meta:
        ordering = ["customer", "kind", "name"]

    def __str__(self) -> str:
        return self.name


class Person(models.Model):
    """Someone who can sign in. `subject` is the connection that calls are counted on."""

    subject = models.UUIDField(primary_key=True)
    username = models.SlugField(unique=True)
    name = models.CharField(max_length=100)
    customers = models.ManyToManyField(Customer, related_name="people")
    access_generation = models.PositiveIntegerField(
        default=0, help_text="Access tokens of an earlier generation count as expired."
    )

    class Meta:
        ordering = ["subject"]

    def __str__(self) -> str:
        return self.name
