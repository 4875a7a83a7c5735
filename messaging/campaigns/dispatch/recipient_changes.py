"""Many recipients at once: added, placed in calls, or changed, each by a statement."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from json.encoder import encode_basestring_ascii
from typing import NamedTuple

from django.db import connection, transaction
from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast

from accounts.db.array_param import array_literal
from accounts.db.bulk_copy import copy_rows
from messaging.campaigns.models import FIRST, Recipient, RecipientState
from messaging.campaigns.models.recipient import Settling
from messaging.campaigns.wording.personalization import GapValues

_PLACE = {
    "postgresql": "UPDATE campaigns_recipient AS old SET batch = new.batch "
    "FROM unnest(%s::int[], %s::bigint[]) AS new (batch, id) WHERE old.id = new.id",
    "sqlite": "UPDATE campaigns_recipient SET batch = %s WHERE id = %s",
}
_HELD = ("pk", "campaign_id", "batch", "state", "reason", "remote_id", "wording")
_WRITE = {
    "postgresql": "UPDATE campaigns_recipient AS old SET state = new.state, reason = new.reason, "
    "remote_id = new.remote_id, batch = new.batch, settled_at = coalesce(new.settled_at, old.settled_at) "
    "FROM unnest(%s::text[], %s::text[], %s::text[], %s::int[], %s::timestamptz[], %s::bigint[]) "
    "AS new (state, reason, remote_id, batch, settled_at, id) WHERE old.id = new.id",
    "sqlite": "UPDATE campaigns_recipient SET state = %s, reason = %s, remote_id = %s, batch = %s, "
    "settled_at = coalesce(%s, settled_at) WHERE id = %s",
}


class NewRecipient(NamedTuple):
    """By the columns of the table; the others are empty as long as no call carries it."""

    campaign_id: int
    contact_id: int | None
    phone: str
    values: GapValues
    key: str
    state: RecipientState
    reason: str
    settled_at: datetime | None
    stage: int = FIRST
    wording: int | None = 0
    batch: int | None = None


class WaitingRecipient(NamedTuple):
    """What a call needs of a recipient: a model of each would cost more than all else."""

    pk: int
    phone: str
    values: Sequence[str]
    key: str
    wording: int | None
    batch: int | None
    why: str


Placed = Recipient | WaitingRecipient


@dataclass(slots=True)
class HeldRecipient(Settling):
    """As it is until the commit, by the columns of the table; of these the outcome may be changed.

    `settled_at` is that of the change.
    """

    pk: int
    campaign_id: int
    batch: int | None
    state: str
    reason: str
    remote_id: str
    wording: int | None
    settled_at: datetime | None = None


def waiting(recipients: QuerySet[Recipient]) -> list[WaitingRecipient]:
    """As last_look has judged them. Many have the same values: each is read once."""
    columns = [Cast(each, TextField()) if each == "values" else each for each in WaitingRecipient._fields]
    rows = recipients.values_list(*columns)
    return [WaitingRecipient(pk, phone, _texts(values), *others) for pk, phone, values, *others in rows]


def add(recipients: Iterable[NewRecipient]) -> None:
    adapt = connection.ops.adapt_datetimefield_value
    rows = (
        (*each[:3], _json_texts(each.values), *each[4:7], adapt(each.settled_at), *each[8:], "")
        for each in recipients
    )
    columns = [connection.ops.quote_name(name) for name in (*NewRecipient._fields, "remote_id")]
    with connection.cursor() as cursor:
        copy_rows(cursor, Recipient._meta.db_table, columns, rows)


@lru_cache(maxsize=10_000)
def _texts(values: str) -> GapValues:
    return tuple(json.loads(values))


@lru_cache(maxsize=10_000)
def _json_texts(texts: GapValues) -> str:
    """As json.dumps has them, which makes an encoder for each list."""
    return f"[{', '.join(map(encode_basestring_ascii, texts))}]"


def place(numbers: Mapping[int, int]) -> None:
    """Say for recipients by their keys which call carries them."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_PLACE["postgresql"], [array_literal(numbers.values()), array_literal(numbers)])
        else:
            cursor.executemany(_PLACE["sqlite"], [(number, key) for key, number in numbers.items()])


@contextmanager
def changing(recipients: QuerySet[Recipient]) -> Iterator[list[HeldRecipient]]:
    """Hold them until the commit; what is changed of outcome or call inside is written at the end."""
    with transaction.atomic():
        rows = recipients.select_for_update(of=("self",)).order_by("pk").values_list(*_HELD)
        held = [HeldRecipient(*row) for row in rows]
        before = [_outcome(each) for each in held]
        yield held
        _write([each for each, was in zip(held, before, strict=True) if _outcome(each) != was])


def _outcome(recipient: HeldRecipient) -> tuple[str, str, str, int | None]:
    return recipient.state, recipient.reason, recipient.remote_id, recipient.batch


def _write(changed: Sequence[HeldRecipient]) -> None:
    """By the quickest way that the database has."""
    if not changed:
        return
    adapt = connection.ops.adapt_datetimefield_value
    rows = [(*_outcome(each), adapt(each.settled_at), each.pk) for each in changed]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                _WRITE["postgresql"], [array_literal(column) for column in zip(*rows, strict=True)]
            )
        else:
            cursor.executemany(_WRITE["sqlite"], rows)
