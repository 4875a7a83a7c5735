"""Secrets at rest, as the floors above and the migrations know them: see accounts.encryption."""

from accounts.encryption import (
    Ciphertext,
    DecryptionFailed,
    EncryptedTextField,
    LazySecretsModel,
    reencrypted,
)

__all__ = ["Ciphertext", "DecryptionFailed", "EncryptedTextField", "LazySecretsModel", "reencrypted"]
