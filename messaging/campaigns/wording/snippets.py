"""Keeping and removing words that come back in many messages."""

from django.db import transaction

from accounts.models import Customer, User
from accounts.trail import audit
from messaging.campaigns.models import Snippet


@transaction.atomic
def keep(customer: Customer, *, name: str, text: str, is_shared: bool, by: User) -> Snippet:
    """Under its name, in place of what had it before."""
    owner = None if is_shared else by
    kept, _ = Snippet.objects.update_or_create(
        customer=customer, user=owner, name=name, defaults={"text": text}
    )
    audit.record(actor=by, customer=customer, verb="snippet.kept", subject=kept, after=_told(kept))
    return kept


@transaction.atomic
def remove(snippet: Snippet, *, by: User) -> None:
    audit.record(
        actor=by, customer=snippet.customer, verb="snippet.removed", subject=snippet, before=_told(snippet)
    )
    Snippet.objects.filter(pk=snippet.pk).delete()


def _told(snippet: Snippet) -> dict[str, str]:
    return {"name": snippet.name, "text": snippet.text}
