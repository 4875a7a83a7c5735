"""How work reaches SmartDialog: add operations in your transaction, handle their outcomes."""

from gateway.outbox.adding import NewOperation, add, add_many
from gateway.outbox.deciding import cancel_waiting, retry
from gateway.outbox.handling import Handler, handles
from gateway.outbox.progress import Progress, eta, progress

__all__ = [
    "Handler",
    "NewOperation",
    "Progress",
    "add",
    "add_many",
    "cancel_waiting",
    "eta",
    "handles",
    "progress",
    "retry",
]
