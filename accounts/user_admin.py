"""What admins decide about people. Each is in the audit trail."""

from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.models import Role, User


class LastAdmin(Exception):
    """Nobody would be left to run the dashboard."""

    text = "This is the last admin. Make somebody else an admin first."


@transaction.atomic
def approve(person: User, *, role: str, by: User) -> bool:
    """Let a newcomer in; False when another admin just did."""
    waiting = User.objects.filter(pk=person.pk, approved_at=None)
    if not waiting.update(approved_at=timezone.now(), role=role):
        return False
    audit.record(actor=by, customer=None, verb="person.approved", subject=person, after={"role": role})
    return True


@transaction.atomic
def change_role(person: User, *, role: str, by: User) -> None:
    if person.role == role:
        return
    if person.is_admin:
        _ensure_another_admin(person)
    User.objects.filter(pk=person.pk).update(role=role)
    audit.record(
        actor=by,
        customer=None,
        verb="person.role_changed",
        subject=person,
        before={"role": person.role},
        after={"role": role},
    )


@transaction.atomic
def set_active(person: User, *, active: bool, by: User) -> None:
    """Deactivate a person and end their sessions, or let them in again."""
    if person.is_active == active:
        return
    if not active and person.is_admin:
        _ensure_another_admin(person)
    User.objects.filter(pk=person.pk).update(is_active=active)
    if not active:
        end_sessions(person)
    verb = "person.reactivated" if active else "person.deactivated"
    audit.record(actor=by, customer=None, verb=verb, subject=person)


@transaction.atomic
def sign_out_everywhere(person: User, *, by: User) -> int:
    """As when a computer is lost; returns how many sessions ended."""
    ended = end_sessions(person)
    audit.record(actor=by, customer=None, verb="person.signed_out", subject=person, after={"sessions": ended})
    return ended


def end_sessions(person: User) -> int:
    theirs = [
        session.pk
        for session in Session.objects.filter(expire_date__gt=timezone.now()).iterator()
        if session.get_decoded().get("_auth_user_id") == str(person.pk)
    ]
    return Session.objects.filter(pk__in=theirs).delete()[0]


def _ensure_another_admin(leaving: User) -> None:
    others = (
        User.objects.filter(role=Role.ADMIN, is_active=True).exclude(approved_at=None).exclude(pk=leaving.pk)
    )
    if not others.exists():
        raise LastAdmin
