"""A person's session: begun at each sign-in, over after a working day or after hours without use."""

import time

from django.conf import settings
from django.contrib.auth import get_user, login
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpRequest, HttpResponseBase

from accounts import unsent_forms
from accounts.models import User

MAX_AGE = 12 * 60 * 60  # seconds from sign-in; without use it ends after SESSION_COOKIE_AGE
TOUCH_INTERVAL = 5 * 60  # seconds between two notes of use, since each is a write
BEGAN, USED = "began", "used"
BACKEND = "django.contrib.auth.backends.ModelBackend"

# Who was signed in here last: opens nothing, and outlives the session, so that what they typed finds them.
USER_COOKIE_AGE = 30 * 24 * 60 * 60
_SALT = "accounts.person"


def begin(request: HttpRequest, user: User) -> None:
    """Sign the person in, under a new session id even when they were signed in already."""
    login(request, user, backend=BACKEND)
    request.session.cycle_key()
    request.session[BEGAN] = request.session[USED] = _now()
    unsent_forms.discard_others(request.session, user.pk)


def user_of(session_key: str) -> User | None:
    """Who is signed in by that key; for what is decided before there is a request."""
    request = HttpRequest()
    request.session = SessionStore(session_key)
    user = get_user(request)
    return user if isinstance(user, User) and not is_expired(request.session) else None


def is_expired(session: SessionBase) -> bool:
    return _now() - session.get(BEGAN, _now()) > MAX_AGE


def touch(session: SessionBase) -> None:
    """Somebody did something: the time without use begins anew."""
    if BEGAN in session and _now() - session[USED] > TOUCH_INTERVAL:
        session[USED] = _now()


def remember_user(request: HttpRequest, response: HttpResponseBase, user: User) -> None:
    if last_user_id(request) != user.pk:
        response.set_signed_cookie(
            settings.PERSON_COOKIE_NAME,
            str(user.pk),
            salt=_SALT,
            max_age=USER_COOKIE_AGE,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )


def forget_user(response: HttpResponseBase) -> None:
    response.delete_cookie(settings.PERSON_COOKIE_NAME, samesite="Lax")


def last_user_id(request: HttpRequest) -> int | None:
    """Who was signed in last in this browser, and has not signed out."""
    known = request.get_signed_cookie(
        settings.PERSON_COOKIE_NAME, default=None, salt=_SALT, max_age=USER_COOKIE_AGE
    )
    return int(known) if known else None


def _now() -> int:
    return int(time.time())
