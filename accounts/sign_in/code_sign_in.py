"""Between a right password and a right code: who it is, kept in the session for a few minutes."""

from dataclasses import dataclass

from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest

from accounts.db import clock
from accounts.models import User
from accounts.sign_in import limits, second_factor, sessions
from accounts.sign_in.limits import Limit
from accounts.sign_in.password_sign_in import QUARTER, record_failure

SESSION_KEY = "waits_for_code"
SECONDS = 10 * 60
# Of the account, wherever from: who gets here has the password already.
CODES = Limit("codes of an account", 10, QUARTER)

is_needed = second_factor.is_on
must_set_up = second_factor.is_required


@dataclass(frozen=True)
class Waiting:
    user: User
    next: str


def begin(session: SessionBase, user: User, next_url: str) -> None:
    session[SESSION_KEY] = {
        "user": user.pk,
        "hash": user.get_session_auth_hash(),
        "next": next_url,
        "at": clock.now().timestamp(),
    }
    if "_auth_user_id" not in session:
        sessions.end_soon(session)


def waiting(session: SessionBase) -> Waiting | None:
    """Who gave a password lately that is still theirs."""
    kept = session.get(SESSION_KEY)
    if not kept or clock.now().timestamp() - kept["at"] > SECONDS:
        return None
    user = User.objects.filter(pk=kept["user"], is_active=True).first()
    if user is None or user.get_session_auth_hash() != kept["hash"]:
        return None
    return Waiting(user, kept["next"])


def check(request: HttpRequest, user: User, code: str) -> bool:
    """Use up a code. Raises TooManyTries, and then none is looked at."""
    count = CODES.of(user.pk)
    limits.take([count])
    if not second_factor.is_right(user, code):
        record_failure(request, user, was_last=limits.is_full(count), what="code")
        return False
    limits.forget(count)
    request.session.pop(SESSION_KEY, None)
    return True
