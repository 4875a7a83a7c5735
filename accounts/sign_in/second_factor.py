"""The second factor of a password sign-in: codes of an authenticator app (TOTP), and recovery codes.

TOTP is RFC 6238 as every app has it: SHA-1, 6 digits, 30 seconds. It is written here, in three lines, since
a library would say only that a code is right, and not of which 30 seconds, which keeps one from being used
twice.
"""

import base64
import hmac
import secrets
import struct
import time
from urllib.parse import quote, urlencode

import segno
from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction
from django.utils.crypto import salted_hmac

from accounts.db.encryption import Ciphertext, EncryptedTextField
from accounts.models import RecoveryCode, SecondFactor, User
from accounts.trail import audit

SESSION_KEY = "second_factor_offered"
STEP = 30  # seconds
DIGITS = 6
DRIFT = 1  # steps that a phone's clock may be off
ISSUER = "SmartDialog Admin"
RECOVERY_CODES = 10
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # without what looks alike
_HALF = 5  # characters of a recovery code before and after its hyphen


def is_on(user: User) -> bool:
    return SecondFactor.objects.filter(user=user).exists()


def is_required(user: User) -> bool:
    """Whether they have to set one up before anything else, when they sign in with a password."""
    return settings.SECOND_FACTOR_FOR_ADMINS and user.is_admin and not is_on(user)


def offer(session: SessionBase, user: User) -> dict[str, str]:
    """A secret to scan, the same until it is confirmed: sealed in the session until then."""
    sealed = session.setdefault(SESSION_KEY, _sealed(base64.b32encode(secrets.token_bytes(20)).decode()))
    secret = Ciphertext(sealed).decrypted()
    return {"secret": secret, "picture": picture_of(user, secret)}


def confirm(session: SessionBase, user: User, code: str) -> list[str] | None:
    """Switch it on with a first right code. The recovery codes, shown this once; None for a wrong code."""
    secret = Ciphertext(session[SESSION_KEY]).decrypted()
    step = _step_of(secret, code)
    if step is None:
        return None
    with transaction.atomic():
        fields = {"secret": secret, "last_step": step}
        if not SecondFactor.objects.get_or_create(user=user, defaults=fields)[1]:
            return None
        audit.record(actor=user, customer=None, verb="person.second_factor_on", subject=user)
        codes = _new_recovery_codes(user)
    session.pop(SESSION_KEY)
    return codes


def is_right(user: User, code: str) -> bool:
    """Use up a code of the app or a recovery code; neither is right twice."""
    if _use_code(user, code):
        return True
    with transaction.atomic():
        if not RecoveryCode.objects.filter(user=user, digest=_digest(user, code)).delete()[0]:
            return False
        left = {"left": RecoveryCode.objects.filter(user=user).count()}
        audit.record(actor=user, customer=None, verb="person.recovery_code_used", subject=user, after=left)
    return True


@transaction.atomic
def renew_recovery_codes(user: User) -> list[str]:
    audit.record(actor=user, customer=None, verb="person.recovery_codes_renewed", subject=user)
    return _new_recovery_codes(user)


@transaction.atomic
def switch_off(user: User, *, by: User | None) -> bool:
    """By the person, or by an admin when their phone is lost; False where none was on."""
    RecoveryCode.objects.filter(user=user).delete()
    was_on = SecondFactor.objects.filter(user=user).delete()[0]
    if was_on:
        audit.record(actor=by, customer=None, verb="person.second_factor_off", subject=user)
    return bool(was_on)


def picture_of(user: User, secret: str) -> str:
    """The QR code as a data: address; dark on light whatever the page is, since phones read no other."""
    label = quote(f"{ISSUER}:{user.get_username()}")
    address = f"otpauth://totp/{label}?{urlencode({'secret': secret, 'issuer': ISSUER})}"
    return segno.make(address, error="m").svg_data_uri(scale=5, border=4, light="white")


def code_at(secret: str, step: int) -> str:
    digest = hmac.new(base64.b32decode(secret), struct.pack(">Q", step), "sha1").digest()
    [number] = struct.unpack_from(">I", digest, digest[-1] & 15)
    return f"{(number & 0x7FFFFFFF) % 10**DIGITS:0{DIGITS}}"


def _use_code(user: User, code: str) -> bool:
    """By compare-and-swap on the step, so that of two at once one is taken."""
    factor = SecondFactor.objects.filter(user=user).first()
    step = _step_of(factor.secret, code) if factor and _is_code(code) else None
    if factor is None or step is None:
        return False
    return bool(SecondFactor.objects.filter(pk=factor.pk, last_step__lt=step).update(last_step=step))


def _is_code(code: str) -> bool:
    typed = "".join(code.split())
    return typed.isascii() and typed.isdigit() and len(typed) == DIGITS


def _step_of(secret: str, code: str) -> int | None:
    if not _is_code(code):
        return None
    typed, now = "".join(code.split()), int(time.time()) // STEP
    near = (now + off for off in range(-DRIFT, DRIFT + 1))
    return next((step for step in near if hmac.compare_digest(code_at(secret, step), typed)), None)


def _sealed(secret: str) -> str:
    return str(EncryptedTextField().get_prep_value(secret))


def _new_recovery_codes(user: User) -> list[str]:
    codes = ["-".join(_random_half() for _ in range(2)) for _ in range(RECOVERY_CODES)]
    RecoveryCode.objects.filter(user=user).delete()
    RecoveryCode.objects.bulk_create(RecoveryCode(user=user, digest=_digest(user, each)) for each in codes)
    return codes


def _random_half() -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(_HALF))


def _digest(user: User, code: str) -> str:
    """As long as a guess is hopeless (49 bits), a plain keyed hash keeps it as well as a slow one."""
    typed = "".join(code.casefold().split()).replace("-", "")[:100]
    return salted_hmac("accounts.recovery", f"{user.pk}:{typed}", algorithm="sha256").hexdigest()
