"""How work reaches SmartDialog: add operations in your transaction, handle their outcomes."""

from gateway.outbox.adding import NewOperation, add, add_many
from gateway.outbox.backlogs import Planner
from gateway.outbox.deciding import cancel_waiting, retry, retry_failed
from gateway.outbox.handling import Handler, handles
from gateway.outbox.progress import Progress, ahead, done_at, eta, is_being_checked, progress

__all__ = [
    "Handler",
    "NewOperation",
    "Planner",
    "Progress",
    "add",
    "add_many",
    "ahead",
    "cancel_waiting",
    "done_at",
    "eta",
    "handles",
    "is_being_checked",
    "progress",
    "retry",
    "retry_failed",
]
