"""How a customer lets people opt out by message."""

from django.db import models

from accounts.models import Customer
from accounts.tenancy import TenantQuerySet
from messaging.inbox.opt_outs.stop_words import DEFAULT_WORDS, Vocabulary, Words, default_vocabulary

MAX_CONFIRMATION_LENGTH = 300


class OptOutSettings(models.Model):
    """What is not set here is as it comes: our words, and no confirmation."""

    customer = models.OneToOneField(Customer, on_delete=models.CASCADE, primary_key=True, related_name="+")
    words = models.JSONField(
        default=dict, help_text="By language that has words of its own: stop, ask, start."
    )
    confirmation = models.CharField(
        max_length=MAX_CONFIRMATION_LENGTH,
        blank=True,
        help_text="Sent once to whoever opts out; empty: nothing.",
    )

    objects = TenantQuerySet["OptOutSettings"].as_manager()

    def __str__(self) -> str:
        return f"Opt-outs by message to {self.customer}"

    @classmethod
    def of(cls, customer: Customer) -> "OptOutSettings":
        return cls.objects.filter(customer=customer).first() or cls(customer=customer)

    @property
    def by_language(self) -> dict[str, Words]:
        own = {language: Words.from_json(words) for language, words in self.words.items()}
        return DEFAULT_WORDS | own

    @property
    def vocabulary(self) -> Vocabulary:
        return Vocabulary.of(self.by_language) if self.words else default_vocabulary()
