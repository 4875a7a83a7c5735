"""How work reaches SmartDialog: add operations in your transaction, handle their outcomes."""

from gateway.outbox.backlogs import Planner
from gateway.outbox.batch_progress import Progress, calls_ahead, done_at, eta, is_outcome_unknown, progress
from gateway.outbox.enqueue import NewOperation, add, add_many
from gateway.outbox.handlers import Handler, handles
from gateway.outbox.operator_actions import cancel_waiting, retry, retry_failed

__all__ = [
    "Handler",
    "NewOperation",
    "Planner",
    "Progress",
    "add",
    "add_many",
    "calls_ahead",
    "cancel_waiting",
    "done_at",
    "eta",
    "handles",
    "is_outcome_unknown",
    "progress",
    "retry",
    "retry_failed",
]
