"""A person's session: begun at each sign-in, over after a working day or after hours without use."""

import time
from dataclasses import dataclass
from datetime import UTC, datetime

from django.conf import settings
from django.contrib.auth import SESSION_KEY, get_user, login
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.models import Session
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts import access
from accounts.models import User
from accounts.sign_in import devices, unsent_forms
from accounts.sign_in.client_address import client_address
from accounts.sign_in.session_store import SessionStore
from accounts.trail import audit

MAX_AGE = 12 * 60 * 60  # seconds from sign-in; without use it ends after SESSION_COOKIE_AGE
TOUCH_INTERVAL = 5 * 60  # seconds between two notes of use, since each is a write
BEGAN, USED, PLACE = "began", "used", "place"
NEEDS_FACTOR = access.NEEDS_FACTOR
STRANGER_AGE = 10 * 60  # seconds that a session of nobody is kept
EPOCH = datetime.fromtimestamp(0, UTC)
BACKEND = "accounts.sign_in.backend.PeopleBackend"

# Who was signed in here last: opens nothing, and outlives the session, so that what they typed finds them.
USER_COOKIE_AGE = 30 * 24 * 60 * 60
_SALT = "accounts.person"


def begin(request: HttpRequest, user: User, *, how: str = "SmartDialog") -> None:
    """Sign the person in, under a new session id even when they were signed in already."""
    login(request, user, backend=BACKEND)
    request.session.cycle_key()
    request.session.set_expiry(None)  # it may have been a stranger's, which ends soon
    request.session.pop(NEEDS_FACTOR, None)  # whoever needs it is asked at this sign-in
    request.session[BEGAN] = request.session[USED] = _now()
    request.session[PLACE] = {
        "how": how,
        "address": client_address(request),
        "device": devices.describe(request.headers.get("User-Agent", "")),
    }
    unsent_forms.discard_others(request.session, user.pk)
    told = {"with": how, "address": client_address(request)}
    audit.record(actor=user, customer=None, verb="person.signed_in", subject=user, after=told)


def end_soon(session: SessionBase) -> None:
    """What a stranger's request needs for a while: pruned soon, unless it holds what a person typed."""
    if not unsent_forms.is_saved(session):
        session.set_expiry(STRANGER_AGE)


@dataclass(frozen=True)
class SignedIn:
    """A session as its owner sees it; `id` names it, and opens nothing."""

    id: str
    is_current: bool
    device: str
    address: str
    how: str
    began: datetime | None
    used: datetime | None


def sessions_of(user: User, *, current: str | None) -> list[SignedIn]:
    """The latest used first."""
    found = [_described(each, current) for each in _stored(user)]
    return sorted(found, key=lambda each: (each.is_current, each.used or EPOCH), reverse=True)


def end(user: User, *, only: str = "", but: str | None = None) -> int:
    """End a person's sessions: one by its id, or all but one by its key; how many."""
    ending = [
        each.pk for each in _stored(user) if each.pk != but and (not only or public_id(each.pk) == only)
    ]
    return Session.objects.filter(pk__in=ending).delete()[0]


def public_id(key: str) -> str:
    return salted_hmac("accounts.sign_in.sessions", key).hexdigest()[:24]


def _stored(user: User) -> list[Session]:
    live = Session.objects.filter(expire_date__gt=timezone.now())
    return [each for each in live.iterator() if each.get_decoded().get(SESSION_KEY) == str(user.pk)]


def _described(session: Session, current: str | None) -> SignedIn:
    data = session.get_decoded()
    place = data.get(PLACE, {})
    return SignedIn(
        id=public_id(session.pk),
        is_current=session.pk == current,
        device=place.get("device", "") or devices.UNKNOWN,
        address=place.get("address", ""),
        how=place.get("how", ""),
        began=_time(data.get(BEGAN)),
        used=_time(data.get(USED)),
    )


def _time(seconds: int | None) -> datetime | None:
    return datetime.fromtimestamp(seconds, UTC) if seconds else None


def user_of(session_key: str) -> User | None:
    """Who is signed in by that key; for what is decided before there is a request."""
    request = HttpRequest()
    request.session = SessionStore(session_key)
    if is_expired(request.session) or NEEDS_FACTOR in request.session:
        return None
    user = get_user(request)
    return user if isinstance(user, User) else None


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
