"""What narrows a search besides its words: the person, a team, a label, a service, the channel, days."""

from dataclasses import dataclass
from typing import Any

from django.db import connection

from accounts.models import Customer
from messaging.inbox.models import Direction, Thread
from messaging.inbox.threads.thread_list import ThreadQuery, begin_of

MAX_THREADS = (
    500  # of a person, or people of a name: each of their messages is looked at; beyond, the index is asked
)

# Of a message m. Each is one look-up by a key for the few messages that have the words; a join may be planned
# as more than that.
SERVICE = "(SELECT t.service_id FROM inbox_thread t WHERE t.id = m.thread_id) = %s"
TEAM = "(SELECT t.team_id FROM inbox_thread t WHERE t.id = m.thread_id) = %s"
LABEL = "(SELECT 1 FROM inbox_thread_labels l WHERE l.thread_id = m.thread_id AND l.label_id = %s) = 1"
CHANNEL = "upper(m.protocol) = %s"
WRITER = "m.direction = %s"
SINCE, UNTIL = "m.at >= %s", "m.at < %s"


@dataclass(frozen=True)
class SearchScope:
    """`where`: conditions of SQL on a message m. `threads`: only in these; None: in any."""

    where: str = ""
    params: tuple[Any, ...] = ()
    threads: tuple[int, ...] | None = None


EVERYWHERE = SearchScope()


def scope_of(within: ThreadQuery, customer: Customer) -> SearchScope:
    asked = [
        (SERVICE, within.service),
        (TEAM, within.team),
        (LABEL, within.label),
        (CHANNEL, within.channel),
        (WRITER, within.person and Direction.IN.value),
        (SINCE, within.from_day and _moment(begin_of(within.from_day))),
        (UNTIL, within.to_day and _moment(begin_of(within.to_day))),
    ]
    given = [(condition, value) for condition, value in asked if value]
    where = "".join(f" AND {condition}" for condition, _ in given)
    params = tuple(value for _, value in given)
    if not within.person:
        return SearchScope(where, params)
    theirs = (
        within.narrowed(Thread.objects.of_customer(customer), customer)
        .order_by()
        .values_list("pk", flat=True)
    )
    few = tuple(theirs[: MAX_THREADS + 1])
    if len(few) <= MAX_THREADS:
        return SearchScope(where, params, few)
    sql, values = theirs.query.sql_with_params()
    return SearchScope(f"{where} AND m.thread_id IN ({sql})", (*params, *values))


def _moment(at: Any) -> Any:
    return connection.ops.adapt_datetimefield_value(at)
