"""What admins decide about people. Each is in the audit trail."""

from django.db import transaction

from accounts.db import clock
from accounts.errors import UserError
from accounts.models import Role, User
from accounts.people import offboarding
from accounts.sign_in import second_factor, sessions
from accounts.trail import audit


class LastAdmin(UserError):
    """Nobody would be left to run the dashboard."""

    text = "This is the last admin. Make somebody else an admin first."


@transaction.atomic
def approve(person: User, *, role: str, by: User) -> bool:
    """Let a newcomer in; False when another admin just did, or refused them."""
    waiting = User.objects.waiting().filter(pk=person.pk)
    if not waiting.update(approved_at=clock.now(), role=role):
        return False
    audit.record(actor=by, customer=None, verb="person.approved", subject=person, after={"role": role})
    return True


@transaction.atomic
def refuse(person: User, *, by: User) -> bool:
    """Keep a newcomer out; False when another admin just let them in, or refused them."""
    if not User.objects.waiting().filter(pk=person.pk).update(is_active=False):
        return False
    sessions.end(person)
    audit.record(actor=by, customer=None, verb="person.refused", subject=person)
    return True


@transaction.atomic
def change_role(person: User, *, role: str, by: User) -> dict[str, int]:
    """What they began is held when they may no longer do it; how many of each kind."""
    person = _locked(person)
    if person.role == role:
        return {}
    if person.is_admin:
        _ensure_another_admin(person)
    User.objects.filter(pk=person.pk).update(role=role)
    held = _hold(person, by, f"{by} made {person} a viewer") if role == Role.VIEWER else {}
    audit.record(
        actor=by,
        customer=None,
        verb="person.role_changed",
        subject=person,
        before={"role": person.role},
        after={"role": role, **_told(held)},
    )
    return held


@transaction.atomic
def set_active(person: User, *, active: bool, by: User, forget_grant: bool = False) -> dict[str, int]:
    """Deactivate a person: end their sessions and hold what they began. Or let them in again.

    `forget_grant`: drop what is kept of their SmartDialog sign-in, too.
    """
    person = _locked(person)
    if person.is_active == active:
        return {}
    if not active and person.is_admin:
        _ensure_another_admin(person)
    User.objects.filter(pk=person.pk).update(is_active=active)
    held = {}
    if not active:
        sessions.end(person)
        held = _hold(person, by, f"{by} deactivated {person}")
        if forget_grant:
            offboarding.forget(person, by=by)
    verb = "person.reactivated" if active else "person.deactivated"
    audit.record(actor=by, customer=None, verb=verb, subject=person, after=_told(held) or None)
    return held


@transaction.atomic
def sign_out_everywhere(person: User, *, by: User) -> int:
    """As when a computer is lost; returns how many sessions ended."""
    ended = sessions.end(person)
    audit.record(actor=by, customer=None, verb="person.signed_out", subject=person, after={"sessions": ended})
    return ended


def reset_second_factor(person: User, *, by: User) -> bool:
    """As when a phone is lost; they sign in with their password alone, until they set one up again."""
    with transaction.atomic():
        was_on = second_factor.switch_off(person, by=by)
        sessions.end(person)
    return was_on


def _locked(person: User) -> User:
    """As they are now, with all admins held: of two who deactivate each other, the second one is refused."""
    rows = User.objects.filter(pk=person.pk) | User.objects.admins()
    return {each.pk: each for each in rows.order_by("pk").select_for_update(no_key=True)}[person.pk]


def _ensure_another_admin(leaving: User) -> None:
    if not User.objects.admins().exclude(pk=leaving.pk).exists():
        raise LastAdmin


def _hold(person: User, by: User, why: str) -> dict[str, int]:
    return offboarding.hold(person, by=by, why=why)


def _told(held: dict[str, int]) -> dict[str, dict[str, int]]:
    return {"held": held} if held else {}
