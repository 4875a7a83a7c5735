"""manage.py rewrite_secrets: every stored secret under the first of TOKEN_ENCRYPTION_KEYS.

Run it after a new key was put in front; then the old one can be taken away. Safe beside running processes.
"""

import sys
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand
from django.db import models

from accounts.db.encryption import DecryptionFailed, EncryptedTextField, reencrypted

SecretColumn = tuple[type[models.Model], EncryptedTextField]


class Command(BaseCommand):
    help = "Encrypt every stored secret anew with the first key of TOKEN_ENCRYPTION_KEYS."

    def handle(self, *args: Any, **options: Any) -> None:
        """Exit 1 when a secret could not be opened: its key must stay, or be put back."""
        closed = 0
        for model, field in places():
            written, unreadable = rewrite(model, field)
            closed += unreadable
            what = f"{model._meta.verbose_name} {field.name}"
            self.stdout.write(f"{what}: {written} rewritten, {unreadable} that no key opens")
        if closed:
            sys.exit(1)


def places() -> Iterator[SecretColumn]:
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, EncryptedTextField):
                yield model, field


def rewrite(model: type[models.Model], field: EncryptedTextField) -> tuple[int, int]:
    """How many were written anew, and how many no key opens. One that changes meanwhile is new already."""
    written = unreadable = 0
    rows = model._default_manager.only("pk", field.name)
    for row in rows.iterator(chunk_size=500):
        sealed = field.sealed(row)
        if sealed is None:
            continue
        try:
            new = reencrypted(sealed)
        except DecryptionFailed:
            unreadable += 1
            continue
        same = model._default_manager.filter(pk=row.pk, **{field.name: sealed})
        written += same.update(**{field.name: new})
    return written, unreadable
