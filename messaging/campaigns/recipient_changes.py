"""Recipients changed by sets: the only place that writes what became of them, and so keeps the counts."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.db import connection, transaction
from django.db.models import QuerySet

from messaging.campaigns.models import Recipient

_TABLE = Recipient._meta.db_table
# Both databases call the columns of VALUES so.
_WRITE = (
    f"UPDATE {_TABLE} SET state = new.column2, reason = new.column3, remote_id = new.column4, "  # noqa: S608
    "settled_at = new.column5 FROM (VALUES {rows}) AS new "
    f"WHERE {_TABLE}.id = new.column1"
)
AT_ONCE = 1000  # rows in one statement


@contextmanager
def changing(recipients: QuerySet[Recipient]) -> Iterator[list[Recipient]]:
    """Hold them until the commit; what is changed of state, reason or id inside is written at the end."""
    with transaction.atomic():
        held = list(recipients.defer("values").select_for_update(of=("self",)).order_by("pk"))
        before = {each.pk: _outcome(each) for each in held}
        yield held
        _write([each for each in held if _outcome(each) != before[each.pk]])


def _outcome(recipient: Recipient) -> tuple[str, str, str]:
    return recipient.state, recipient.reason, recipient.remote_id


def _write(changed: Sequence[Recipient]) -> None:
    adapt = connection.ops.adapt_datetimefield_value
    for start in range(0, len(changed), AT_ONCE):
        some = changed[start : start + AT_ONCE]
        rows = [(each.pk, *_outcome(each), adapt(each.settled_at)) for each in some]
        places = ", ".join(["(%s, %s, %s, %s, %s)"] * len(rows))
        with connection.cursor() as cursor:
            cursor.execute(_WRITE.format(rows=places), [value for row in rows for value in row])
