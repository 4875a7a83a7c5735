"""Sessions in the database, asked only for keys that it may have given."""

import re

from django.contrib.sessions.backends import db

_KEY = re.compile(r"[a-z0-9]{8,40}", re.ASCII | re.IGNORECASE)


class SessionStore(db.SessionStore):
    def _validate_session_key(self, key: str | None) -> bool:
        """A cookie may say anything, also signs that PostgreSQL takes in no text."""
        return bool(key and _KEY.fullmatch(key))
