"""Mend a row of a checked import in place: its cells are read again, and compared again."""

import json
from collections import Counter
from collections.abc import Mapping
from typing import Any

from django.db import connection, transaction
from django.db.models import F, Q

from accounts.models import User
from accounts.trail import audit
from contacts.importing.checking import parameters
from contacts.importing.columns.consent_columns import unseen_columns
from contacts.importing.comparing import FIXED_ROW, comparison_sql
from contacts.importing.files.file_reader import FileRow
from contacts.importing.row_encoder import STAGING_COLUMNS, RowEncoder
from contacts.importing.sql_dialects import dialect
from contacts.importing.staging_table import drop_erased, spell_alike
from contacts.importing.value_decisions import decisions_of
from contacts.models import Import, ImportRow, ImportState

Kinds = list[tuple[str, bool]]  # of some rows, and whether cells of theirs were left out
_JSON = ("properties", "problems", "raw", "barred_too")


def fix_row(row: ImportRow, cells: Mapping[int, str], *, by: User) -> bool:
    """Put other texts into cells of the row, by column; False when the import has moved on meanwhile.

    Other rows with its old or new number may change their kind, since the first of a number counts. The
    trail keeps which cells were mended, not what was typed: nothing would find the person there again.
    """
    with transaction.atomic():
        checked = Import.objects.filter(pk=row.job_id, state=ImportState.CHECKED)
        if not checked.update(cursor=F("cursor")):  # and nobody else moves it on before the commit
            return False
        job = checked.select_related("group__customer").get()
        _mend(job, row, _written(job, row, cells))
        _keep_mends(job, row, cells)
        audit.record(
            actor=by,
            customer=job.group.customer,
            verb="import.row_mended",
            subject=job,
            after={"row": row.line, "cells": ", ".join(job.header[column] for column in cells)},
        )
    return True


def _written(job: Import, row: ImportRow, cells: Mapping[int, str]) -> list[str]:
    """All cells of the row, with those that were mended."""
    texts = row.cells(job.mapping)
    texts += [""] * (len(job.mapping) - len(texts))
    return [cells.get(column, text) for column, text in enumerate(texts)]


def _keep_mends(job: Import, row: ImportRow, cells: Mapping[int, str]) -> None:
    """For when the file is checked anew, with other columns."""
    mends = job.mends.setdefault(str(row.line), {})
    mends |= {str(column): text for column, text in cells.items()}
    Import.objects.filter(pk=job.pk).update(mends=job.mends)


def _mend(job: Import, row: ImportRow, texts: list[str]) -> None:
    encoder = RowEncoder(
        job.mapping,
        job.regions,
        decisions_of(job),
        unseen=unseen_columns(job.mapping, job.answered),
        blank_clears=job.blank_clears,
    )
    read = drop_erased(job.group.customer, [encoder.read(FileRow(row.line, texts))])
    [staged] = spell_alike(job, read)
    new: dict[str, Any] = dict(zip(STAGING_COLUMNS, staged, strict=True))
    new |= {column: json.loads(new[column]) for column in _JSON if new[column] is not None}
    numbers = [phone for phone in (row.phone, new["phone"]) if phone]
    concerned = ImportRow.objects.filter(Q(line=row.line) | Q(phone__in=numbers), job=job)
    before = list(concerned.values_list("kind", "warned"))
    ImportRow.objects.filter(job=job, line=row.line).update(**new)
    _compare_again(job, row.line, was=row.phone, phone=new["phone"])
    after = list(concerned.values_list("kind", "warned"))
    counts = Counter(job.counts) + _kinds(after)
    counts.subtract(_kinds(before))
    warnings = job.warnings + _warned(after) - _warned(before)
    Import.objects.filter(pk=job.pk).update(counts=dict(+counts), warnings=warnings)


def _kinds(rows: Kinds) -> Counter[str]:
    return Counter(kind for kind, _ in rows)


def _warned(rows: Kinds) -> int:
    return sum(warned for _, warned in rows)


def _compare_again(job: Import, line: int, *, was: str | None, phone: str | None) -> None:
    params = {**parameters(job), "line": line, "was": was, "phone": phone}
    with connection.cursor() as cursor:
        cursor.execute(dialect().prepare)
        cursor.execute(
            f"""UPDATE contacts_importrow SET kind = found.found_kind, before = found.found_before
            FROM ({comparison_sql(FIXED_ROW)}) AS found
            WHERE contacts_importrow.job_id = %(job)s AND contacts_importrow.line = found.line""",
            params,
        )
