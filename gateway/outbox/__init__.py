"""The transactional outbox, for the floors above: queue calls in your transaction, handle their outcomes.

Its rows and states are its own. A call is named by what it is about (`Which`), seen as a QueuedCall, and
changed by the verbs that are listed here. A backlog is a BacklogRef, which rows name by its id; its verbs are
those of `backlogs`.
"""

from gateway.outbox.backlogs import BacklogRef, Planner, plans
from gateway.outbox.batch_progress import (
    Progress,
    calls_ahead,
    calls_for_later,
    done_at,
    eta,
    failed_calls,
    has_moved_since,
    is_outcome_unknown,
    progress_of,
    seconds_for,
    seconds_left,
    waits_until,
)
from gateway.outbox.calls import (
    CALLS,
    QueuedCall,
    Which,
    call_of,
    call_reference,
    called_sql,
    calls_of,
    calls_saying,
    is_taken_since,
    is_underway,
    keys_underway,
    may_leave,
    named,
    number_failed,
    numbers_needing_a_person,
    payload_values,
    refused_calls,
    refused_in_a_row,
    request_ids_of_cancelled,
    row_is_underway,
    subjects_of,
    subjects_saying,
    underway,
    values_of_failed,
    values_said,
    waits_to_leave,
    was_in_doubt,
)
from gateway.outbox.enqueue import NewOperation, add, add_many
from gateway.outbox.handlers import CannotRetry, Handler, handles
from gateway.outbox.holding import cancel_held, hold, release
from gateway.outbox.operator_actions import (
    cancel_waiting,
    carry_by,
    give_up_in_doubt,
    retry,
    retry_refused,
)
from gateway.outbox.rebuilding import NewBytes, Rebuilt, rebuild, take_back
from gateway.outbox.resolving import (
    close,
    confirm,
    fail,
    follow_up,
    forget,
    forget_answers,
    redact,
    supersede,
    supersede_failed,
)
from gateway.rate_limit.shared_limit import lock_plans, sharing
from gateway.reasons import Reason
