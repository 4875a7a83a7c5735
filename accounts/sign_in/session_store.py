"""Sessions in the database, asked only for keys that it may have given."""

import re
from datetime import datetime

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.utils import timezone

from accounts.db.kept_queries import kept

_KEY = re.compile(r"[a-z0-9]{8,40}", re.ASCII | re.IGNORECASE)


class SessionStore(db.SessionStore):
    def _validate_session_key(self, key: str | None) -> bool:
        """A cookie may say anything, also signs that PostgreSQL takes in no text."""
        return bool(key and _KEY.fullmatch(key))

    def _get_session_from_db(self) -> Session | None:
        """As Django's own, which writes the same query anew for every request."""
        found = _still_open(self.session_key, timezone.now())
        if not found:
            self._session_key = None
            return None
        return found[0]


@kept
def _still_open(key: str, now: datetime) -> QuerySet[Session]:
    return Session.objects.filter(session_key=key, expire_date__gt=now)
