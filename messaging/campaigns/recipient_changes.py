"""Recipients changed by sets: the only place that writes what became of them, and so keeps the counts."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.db import connection, transaction
from django.db.models import QuerySet

from messaging.campaigns.models import Recipient

_TABLE = Recipient._meta.db_table
_READ = ("campaign_id", "phone", "batch", "state", "reason", "remote_id", "settled_at")
_WRITE = {
    "postgresql": f"UPDATE {_TABLE} SET state = new.state, reason = new.reason, remote_id = new.remote_id, "
    "settled_at = new.settled_at FROM unnest(%s::text[], %s::text[], %s::text[], %s::timestamptz[], %s::bigint[]) "
    f"AS new (state, reason, remote_id, settled_at, id) WHERE {_TABLE}.id = new.id",
    "sqlite": f"UPDATE {_TABLE} SET state = %s, reason = %s, remote_id = %s, settled_at = %s WHERE id = %s",
}


@contextmanager
def changing(recipients: QuerySet[Recipient]) -> Iterator[list[Recipient]]:
    """Hold them until the commit; what is changed of state, reason or id inside is written at the end."""
    with transaction.atomic():
        held = list(recipients.only(*_READ).select_for_update(of=("self",)).order_by("pk"))
        before = {each.pk: _outcome(each) for each in held}
        yield held
        _write([each for each in held if _outcome(each) != before[each.pk]])


def _outcome(recipient: Recipient) -> tuple[str, str, str]:
    return recipient.state, recipient.reason, recipient.remote_id


def _write(changed: Sequence[Recipient]) -> None:
    """By the quickest way that the database has."""
    if not changed:
        return
    adapt = connection.ops.adapt_datetimefield_value
    rows = [(*_outcome(each), adapt(each.settled_at), each.pk) for each in changed]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_WRITE["postgresql"], [list(column) for column in zip(*rows, strict=True)])
        else:
            cursor.executemany(_WRITE["sqlite"], rows)
