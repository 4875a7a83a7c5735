"""Every row of a list is judged as an import's are, a chunk at a time, and kept; then its file goes."""

import json
import logging
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from accounts.db.array_param import Listed
from accounts.db.bulk_copy import copy_rows
from contacts.consent.numbers import ERASED
from contacts.fields import NAMES
from contacts.importing.columns.consent_columns import unseen_columns
from contacts.importing.files import stored_files
from contacts.importing.files.reading import CHOICES, Reading
from contacts.importing.files.refusals import FileRefused, given_up, header_only
from contacts.importing.reader_process import ReadJob, staged_chunks
from contacts.importing.row_encoder import STAGING_COLUMNS, StagedRow
from contacts.importing.staging_table import drop_erased, empty_hidden
from contacts.importing.value_decisions import decisions_of
from contacts.models import Contact
from contacts.models.import_rows import RowKind
from contacts.text.phones import spellings
from gateway.live_updates import live
from gateway.workers import leases
from gateway.workers.leases import Lease, LeaseLost
from gateway.workers.wake_up import wake_on_commit
from messaging.campaigns.models import ListedPerson, PeopleList
from messaging.campaigns.models.people_list import KNOWN, NOT_TAKEN, PeopleListState
from messaging.campaigns.people_lists.uploading import READ_TASK

log = logging.getLogger(__name__)

CHUNK = 5_000  # rows
COLUMNS = ("people_list_id", "line", "kind", *NAMES, "phone_type", "properties", "problems", "raw")
SAYS_NO = "The list says that they get no messages."
HIDDEN = "The sheet hides this row."


def read_stalled() -> None:
    """What no worker reads. Runs every few seconds."""
    for key in PeopleList.objects.stalled().values_list("pk", flat=True):
        wake_on_commit(READ_TASK, key)


def read(key: int) -> None:
    """Go on from the cursor to the end of the file; leaves at once when another worker is at it."""
    reading = PeopleList.objects.filter(pk=key, state=PeopleListState.READING)
    lease = leases.take(reading)
    if lease is None:
        return
    people_list = PeopleList.objects.select_related("customer").get(pk=key)
    try:
        if lease.is_hopeless:
            raise given_up()
        with lease.counting(FileRefused, stored_files.StoreAway):
            _read_under(lease, people_list)
    except FileRefused as refusal:
        _refuse(lease, people_list, refusal)
    except LeaseLost:
        return
    except stored_files.StoreAway as error:
        log.warning("the file of people list %s cannot be read now: %s", key, error)
    finally:
        lease.release()


def _read_under(lease: Lease, people_list: PeopleList) -> None:
    with (
        stored_files.local_copy(
            people_list.stored_name, digest=people_list.digest, on_wait=lease.renew
        ) as path,
        staged_chunks(_what_is_left(people_list, path), CHUNK, on_wait=lease.renew) as chunks,
    ):
        for chunk in chunks:
            with transaction.atomic():
                lease.checkpoint(chunk[-1][0])
                counts = keep(people_list, chunk)
                counts.update(people_list.counts)
                people_list.counts = dict(+counts)
                lease.write(counts=people_list.counts)
                announce(people_list)
            del chunk  # before the next one comes: its rows are all that this process holds
    if not people_list.counts:
        raise header_only()
    with transaction.atomic():
        lease.move(PeopleListState.READING, to=PeopleListState.READ)
        _drop_file(people_list)


def _what_is_left(people_list: PeopleList, path: Path) -> ReadJob:
    return ReadJob(
        path=path,
        size=people_list.size,
        reading=Reading(**{name: getattr(people_list, name) for name in CHOICES}),
        mapping=people_list.mapping,
        regions=people_list.regions,
        decisions=decisions_of(people_list),
        blank_clears=False,
        mends={},
        after=people_list.cursor,
        unseen=unseen_columns(people_list.mapping, people_list.answered),
    )


def keep(people_list: PeopleList, chunk: Sequence[StagedRow]) -> Counter[str]:
    """The rows, and how many more there are of each kind. At most six queries."""
    staged = empty_hidden(drop_erased(people_list.customer, chunk))
    rows = [dict(zip(STAGING_COLUMNS, row, strict=True)) for row in staged]
    _spell_alike(people_list, rows)
    seen = _known_already(people_list, [row["phone"] for row in rows if row["phone"]])
    seen |= dict.fromkeys(_barred_too(rows), RowKind.OPTED_OUT)
    for row in sorted(rows, key=lambda row: not row["barred"]):  # one No is enough, wherever it stands
        row["kind"] = _kind_of(row, seen)
        if row["kind"] in KNOWN and row["phone"]:
            seen[row["phone"]] = row["kind"]
    counts = Counter(str(row["kind"]) for row in rows)
    said_no = [row["phone"] for row in rows if row["kind"] == RowKind.OPTED_OUT and row["phone"]]
    said_no += _barred_too(rows)
    earlier = people_list.rows.taken().filter(phone__in=Listed(said_no)).update(kind=RowKind.DUPLICATE)
    counts.update({RowKind.NEW.value: -earlier, RowKind.DUPLICATE.value: earlier})
    with connection.cursor() as cursor:
        copy_rows(cursor, ListedPerson._meta.db_table, COLUMNS, _as_kept(people_list, rows))
    return counts


def _barred_too(rows: Sequence[dict[str, Any]]) -> list[str]:
    return [phone for row in rows for phone in json.loads(row["barred_too"] or "[]")]


def _kind_of(row: dict[str, Any], seen: Mapping[str, str]) -> RowKind:
    if row["hidden"] and not (row["barred"] and row["phone"]):
        return RowKind.HIDDEN
    if row["barred"]:
        says_so = seen.get(row["phone"]) == RowKind.OPTED_OUT
        return RowKind.DUPLICATE if says_so else RowKind.OPTED_OUT
    if row["unclear"]:
        return RowKind.UNCLEAR
    if not row["phone"]:
        return RowKind.INVALID
    return RowKind.DUPLICATE if row["phone"] in seen else RowKind.NEW


def _spell_alike(people_list: PeopleList, rows: Sequence[dict[str, Any]]) -> None:
    """A number that a contact, or a row before it, has in another spelling is the same person's."""
    ways = {row["phone"]: spellings(row["phone"]) for row in rows if row["phone"]}
    several = {phone: own for phone, own in ways.items() if len(own) > 1}
    asked = Listed([each for own in several.values() for each in own])
    here = Contact.objects.present().filter(group__customer=people_list.customer, phone__in=asked)
    earlier = people_list.rows.known().filter(phone__in=asked)
    known = {*here.values_list("phone", flat=True), *earlier.values_list("phone", flat=True)}
    for row in rows:
        own = several.get(row["phone"], ())
        row["phone"] = next((each for each in own if each in known), row["phone"])
        known.update([row["phone"]] if own else [])


def _known_already(people_list: PeopleList, phones: Collection[str]) -> dict[str, str]:
    """The kind of the row that has the number."""
    known = people_list.rows.filter(kind__in=KNOWN, phone__in=Listed(phones))
    return {phone: kind for phone, kind in known.values_list("phone", "kind") if phone}


def _as_kept(people_list: PeopleList, rows: Sequence[dict[str, Any]]) -> Iterator[tuple[Any, ...]]:
    """Cells are kept of those alone whom a person may have to look at; of an erased one nothing is."""
    for row in rows:
        reason = _reason_of(row)
        problems = json.dumps([_problem(reason)]) if reason else row["problems"]
        raw = row["raw"] if row["kind"] in NOT_TAKEN and row["raw"] else "[]"
        details = (row[name] for name in NAMES)
        yield (
            people_list.pk, row["line"], str(row["kind"]), *details, row["phone_type"],
            row["properties"], problems, raw,
        )  # fmt: skip


def _reason_of(row: dict[str, Any]) -> str:
    """Beside what its cells' problems say."""
    if row["kind"] == RowKind.HIDDEN:
        return HIDDEN
    if row["kind"] == RowKind.OPTED_OUT:
        return SAYS_NO if row["phone"] else ERASED
    return ""


def _problem(reason: str) -> dict[str, Any]:
    return {"column": 0, "target": "", "reason": reason, "fatal": True, "choices": []}


def _refuse(lease: Lease, people_list: PeopleList, refusal: FileRefused) -> None:
    """The whole file: rows that could be read before the fault are not taken."""
    with transaction.atomic():
        lease.move(
            PeopleListState.READING,
            to=PeopleListState.REFUSED,
            refusal_words=refusal.words,
            counts={},
            mends={},
        )
        people_list.rows.all().delete()
        _drop_file(people_list)


def _drop_file(people_list: PeopleList) -> None:
    announce(people_list)
    transaction.on_commit(partial(stored_files.delete, people_list.stored_name))


def announce(people_list: PeopleList) -> None:
    for key in people_list.campaigns.values_list("pk", flat=True):
        live.announce(people_list.customer, f"campaign:{key}")
