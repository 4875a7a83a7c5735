"""Forgetting: everything but the people, their customers and services, and their sign-ins."""

from collections.abc import Collection

from django.db.models import Model

from sandbox import models
from sandbox.api import limit
from sandbox.store import writing

FORGOTTEN: dict[str, tuple[type[Model], ...]] = {
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
    unknown = set(keep) - FORGOTTEN.keys()
    if unknown:
        raise ValueError(f"keep is of {', '.join(FORGOTTEN)}")
    with writing():
        for part, rows in FORGOTTEN.items():
            for model in () if part in keep else rows:
                model._default_manager.all().delete()
    if "ledger" not in keep:
        limit.window.forget()
