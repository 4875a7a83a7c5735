"""A person's session: begun at each sign-in, over after a working day or after hours without use."""

import time

from django.conf import settings
from django.contrib.auth import login
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponseBase

from accounts import typed
from accounts.models import User

LONGEST = 12 * 60 * 60  # seconds from sign-in; without use it ends after SESSION_COOKIE_AGE
NOTED_EVERY = 5 * 60  # seconds between two notes of use, since each is a write
BEGAN, USED = "began", "used"
BACKEND = "django.contrib.auth.backends.ModelBackend"

# Who was signed in here last: opens nothing, and outlives the session, so that what they typed finds them.
PERSON_LASTS = 30 * 24 * 60 * 60
_SALT = "accounts.person"


def begin(request: HttpRequest, user: User) -> None:
    """Sign the person in, under a new session id even when they were signed in already."""
    login(request, user, backend=BACKEND)
    request.session.cycle_key()
    request.session[BEGAN] = request.session[USED] = _now()
    typed.forget_others(request.session, user.pk)


def is_over(session: SessionBase) -> bool:
    return _now() - session.get(BEGAN, _now()) > LONGEST


def use(session: SessionBase) -> None:
    """Somebody did something: the time without use begins anew."""
    if BEGAN in session and _now() - session[USED] > NOTED_EVERY:
        session[USED] = _now()


def remember_person(request: HttpRequest, response: HttpResponseBase, user: User) -> None:
    if person_of(request) != user.pk:
        response.set_signed_cookie(
            settings.PERSON_COOKIE_NAME,
            str(user.pk),
            salt=_SALT,
            max_age=PERSON_LASTS,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )


def forget_person(response: HttpResponseBase) -> None:
    response.delete_cookie(settings.PERSON_COOKIE_NAME, samesite="Lax")


def person_of(request: HttpRequest) -> int | None:
    """Who was signed in last in this browser, and has not signed out."""
    known = request.get_signed_cookie(
        settings.PERSON_COOKIE_NAME, default=None, salt=_SALT, max_age=PERSON_LASTS
    )
    return int(known) if known else None


def _now() -> int:
    return int(time.time())
