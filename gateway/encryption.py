"""Secrets at rest: encrypted with keys of their own, which can rotate."""

from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import models


class Unreadable(Exception):
    """A stored secret that none of TOKEN_ENCRYPTION_KEYS opens."""


class EncryptedTextField(models.TextField):
    """Text that the database only ever holds encrypted. Read back as plain text."""

    def get_prep_value(self, value: str | None) -> str | None:
        return _fernet().encrypt(value.encode()).decode() if value else value

    def from_db_value(self, value: str | None, expression, connection) -> str | None:
        if not value:
            return value
        try:
            return _fernet().decrypt(value.encode()).decode()
        except InvalidToken as error:
            raise Unreadable("No key in TOKEN_ENCRYPTION_KEYS opens this secret.") from error


def _fernet() -> MultiFernet:
    return _fernet_of(tuple(settings.TOKEN_ENCRYPTION_KEYS))


@lru_cache
def _fernet_of(keys: tuple[str, ...]) -> MultiFernet:
    try:
        return MultiFernet([Fernet(key.strip()) for key in keys])
    except ValueError as error:
        raise ImproperlyConfigured(
            "TOKEN_ENCRYPTION_KEYS must be Fernet keys, comma-separated, newest first. Make one with: "
            "python -c 'from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())'"
        ) from error
