"""Forgetting: everything but the people, their customers and services, and their sign-ins."""

from collections.abc import Collection

from django.db.models import Model

from sandbox import models
from sandbox.api import rate_limit
from sandbox.db import write_transaction

RESETTABLE: dict[str, tuple[type[Model], ...]] = {
    "ledger": (models.LedgerCall,),
    "callbacks": (models.Callback,),
    "messages": (models.Inbound, models.Recipient, models.Message, models.RememberedRequest, models.Thread),
    "contacts": (models.Contact,),
    "templates": (models.Template, models.OptIn),
    "subscriptions": (models.Subscription,),
    "faults": (models.Fault,),
    "switches": (models.SwitchSetting,),
}


def reset(*, keep: Collection[str] = ()) -> None:
    """Empty every part but those named; ValueError for a part that does not exist."""
    unknown = set(keep) - RESETTABLE.keys()
    if unknown:
        raise ValueError(f"keep is of {', '.join(RESETTABLE)}")
    with write_transaction():
        for part, rows in RESETTABLE.items():
            for model in () if part in keep else rows:
                model._default_manager.all().delete()
    if "ledger" not in keep:
        rate_limit.window.forget()
