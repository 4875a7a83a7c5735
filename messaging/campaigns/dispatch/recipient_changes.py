"""Many recipients at once: added, placed in calls, or changed, each by a statement."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import NamedTuple

from django.db import connection, transaction
from django.db.models import QuerySet

from accounts.copying import copy_rows
from messaging.campaigns.models import FIRST, Recipient, RecipientState
from messaging.campaigns.wording.personalization import Values

_PLACE = {
    "postgresql": "UPDATE campaigns_recipient AS old SET batch = new.batch "
    "FROM unnest(%s::int[], %s::bigint[]) AS new (batch, id) WHERE old.id = new.id",
    "sqlite": "UPDATE campaigns_recipient SET batch = %s WHERE id = %s",
}
_READ = ("campaign_id", "phone", "batch", "state", "reason", "remote_id", "settled_at", "wording")
_WRITE = {
    "postgresql": "UPDATE campaigns_recipient AS old SET state = new.state, reason = new.reason, "
    "remote_id = new.remote_id, batch = new.batch, settled_at = new.settled_at "
    "FROM unnest(%s::text[], %s::text[], %s::text[], %s::int[], %s::timestamptz[], %s::bigint[]) "
    "AS new (state, reason, remote_id, batch, settled_at, id) WHERE old.id = new.id",
    "sqlite": "UPDATE campaigns_recipient SET state = %s, reason = %s, remote_id = %s, batch = %s, "
    "settled_at = %s WHERE id = %s",
}


class NewRecipient(NamedTuple):
    """By the columns of the table; the others are empty as long as no call carries it."""

    campaign_id: int
    contact_id: int
    phone: str
    values: Values
    key: str
    state: RecipientState
    reason: str
    settled_at: datetime | None
    stage: int = FIRST
    wording: int | None = 0


def add(recipients: Iterable[NewRecipient]) -> None:
    adapt = connection.ops.adapt_datetimefield_value
    rows = (
        (*each[:3], json.dumps(each.values), *each[4:7], adapt(each.settled_at), *each[8:], "")
        for each in recipients
    )
    columns = [connection.ops.quote_name(name) for name in (*NewRecipient._fields, "remote_id")]
    with connection.cursor() as cursor:
        copy_rows(cursor, Recipient._meta.db_table, columns, rows)


def place(numbers: Mapping[int, int]) -> None:
    """Say for recipients by their keys which call carries them."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_PLACE["postgresql"], [list(numbers.values()), list(numbers)])
        else:
            cursor.executemany(_PLACE["sqlite"], [(number, key) for key, number in numbers.items()])


@contextmanager
def changing(recipients: QuerySet[Recipient]) -> Iterator[list[Recipient]]:
    """Hold them until the commit; what is changed of outcome or call inside is written at the end."""
    with transaction.atomic():
        held = list(recipients.only(*_READ).select_for_update(of=("self",)).order_by("pk"))
        before = {each.pk: _outcome(each) for each in held}
        yield held
        _write([each for each in held if _outcome(each) != before[each.pk]])


def _outcome(recipient: Recipient) -> tuple[str, str, str, int | None]:
    return recipient.state, recipient.reason, recipient.remote_id, recipient.batch


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
