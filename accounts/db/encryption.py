"""Secrets at rest: encrypted with keys of their own, which can rotate (MultiFernet).

A sealed secret is opened when it is read, not when its row is: a row whose key is gone can still be listed,
changed and saved, and only what needs the secret itself meets `DecryptionFailed`.
"""

from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import models
from django.db.models.query_utils import DeferredAttribute


class DecryptionFailed(Exception):
    """A stored secret that none of TOKEN_ENCRYPTION_KEYS opens."""


class Ciphertext(str):
    """As the database holds it."""

    def decrypted(self) -> str:
        try:
            return _fernet().decrypt(self.encode()).decode()
        except InvalidToken as error:
            raise DecryptionFailed("No key in TOKEN_ENCRYPTION_KEYS opens this secret.") from error


class _DecryptOnAccess(DeferredAttribute):
    def __get__(self, instance: Any, cls: Any = None) -> Any:
        value = super().__get__(instance, cls)
        return value.decrypted() if isinstance(value, Ciphertext) else value

    def __set__(self, instance: Any, value: Any) -> None:
        """With a setter, Python asks `__get__` before it looks into the instance."""
        instance.__dict__[self.field.attname] = value


class EncryptedTextField(models.TextField):
    """Text that the database only ever holds encrypted. An attribute reads as plain text."""

    descriptor_class = _DecryptOnAccess

    def get_prep_value(self, value: str | None) -> str | None:
        if not value or isinstance(value, Ciphertext):
            return value
        return _fernet().encrypt(value.encode()).decode()

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> str | None:
        return Ciphertext(value) if value else value

    def sealed(self, instance: models.Model) -> Ciphertext | None:
        """What the database holds of a row just read; None when that is empty."""
        value = instance.__dict__.get(self.attname)
        return value if isinstance(value, Ciphertext) else None


class LazySecretsModel(models.Model):
    """A row read again leaves its secrets until they are used: no key may open them."""

    class Meta:
        abstract = True

    def refresh_from_db(self, using: Any = None, fields: Any = None, from_queryset: Any = None) -> None:
        if fields is None:
            all_fields = self._meta.concrete_fields
            fields = [field.attname for field in all_fields if not isinstance(field, EncryptedTextField)]
            for name in {field.attname for field in all_fields} - set(fields):
                self.__dict__.pop(name, None)
        super().refresh_from_db(using, fields, from_queryset)


def reencrypted(sealed: Ciphertext) -> Ciphertext:
    """The same secret under the first key, its age kept. Raises DecryptionFailed."""
    try:
        return Ciphertext(_fernet().rotate(sealed.encode()).decode())
    except InvalidToken as error:
        raise DecryptionFailed("No key in TOKEN_ENCRYPTION_KEYS opens this secret.") from error


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
