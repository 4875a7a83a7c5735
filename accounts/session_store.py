"""Sessions in the database, asked only for keys that it may have given."""

from django.contrib.sessions.backends import db


class SessionStore(db.SessionStore):
    def _validate_session_key(self, key: str | None) -> bool:
        """A cookie may say anything, also signs that PostgreSQL takes in no text."""
        return bool(key) and key.isascii() and key.isalnum() and super()._validate_session_key(key)
