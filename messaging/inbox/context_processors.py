"""What every page shows or does of the inbox: the badge in the rail, and how its person hears of messages."""

from collections.abc import Callable
from functools import cache, partial
from typing import Any

from django.http import HttpRequest

from accounts.db.kept_queries import KeptQuery, by_hand
from accounts.models import Customer, User
from accounts.web.read_ahead import rows_for
from messaging.inbox.threads.thread_list import MAX_COUNTED

INBOX = "inbox"
NOTHING = {"unanswered": 0, "newest_message": 0, "newest_mention": 0, "notifications": None}

# In SQL, as every page asks it: Django takes longer to write it than the database to answer.
_SQL = f"""
    SELECT (
            SELECT COUNT(*) FROM (
                SELECT 1 FROM inbox_thread
                WHERE customer_id = %s AND state = 'open' AND unanswered_since IS NOT NULL
                LIMIT {MAX_COUNTED}
            ) AS waiting
        ),
        chosen.sound, chosen.desktop, (SELECT MAX(id) FROM inbox_message), (SELECT MAX(id) FROM inbox_mention)
    FROM (SELECT 1) AS one LEFT JOIN inbox_notificationsettings AS chosen ON chosen.user_id = %s
"""  # noqa: S608  our own words


def frame_query(customer: Customer, user: User) -> KeptQuery[Any]:
    return by_hand(_SQL, customer.pk, user.pk)


def inbox(request: HttpRequest) -> dict[str, Any]:
    """How many threads wait for an answer; the newest message and mention that there are; what they chose to
    hear, None where they never chose. One query, where a template shows any of these.
    """
    shown = cache(partial(_shown, request))
    return {name: partial(_one, shown, name) for name in NOTHING}


def _one(shown: Callable[[], dict[str, Any]], name: str) -> Any:
    return shown()[name]


def _shown(request: HttpRequest) -> dict[str, Any]:
    customer, user = getattr(request, "customer", None), getattr(request, "user", None)
    if not (customer and user):
        return NOTHING
    [(waiting, sound, desktop, message, mention)] = rows_for(request, INBOX, frame_query(customer, user))
    chosen = None if sound is None else {"sound": sound, "desktop": desktop}
    newest = {"newest_message": message or 0, "newest_mention": mention or 0}
    return {"unanswered": waiting, **newest, "notifications": chosen}
