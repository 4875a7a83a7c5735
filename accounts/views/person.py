"""Admins: one person, what they began, and how they are signed in."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET

from accounts.access import admins_form, admins_only, admins_post
from accounts.models import Role, User
from accounts.people import offboarding, user_admin
from accounts.people.offboarding import CannotTakeOver
from accounts.people.user_admin import LastAdmin
from accounts.sign_in import second_factor, sessions
from accounts.views.people import reached_person
from accounts.web.http import Request
from accounts.web.params import int_param
from accounts.wording.quantities import counted


@require_GET
@admins_only
def person(request: Request, pk: int) -> HttpResponse:
    whose = reached_person(request, pk)
    context = {
        "whose": whose,
        "roles": Role.choices,
        "sessions": sessions.sessions_of(whose, current=None),
        "factor_is_on": second_factor.is_on(whose),
        "held": offboarding.held_of(whose),
        "is_held": offboarding.waits_for_another(whose),
        "takers": _takers(request, whose),
    }
    return render(request, "settings/person.html", context)


@admins_form
def activity(request: Request, pk: int) -> HttpResponse:
    """Deactivate a person, once it was asked, or let them in again."""
    whose, active = reached_person(request, pk), request.POST.get("active") == "true"
    if request.method != "POST":
        return render(
            request, "settings/deactivation.html", {"whose": whose, "held": offboarding.held_of(whose)}
        )
    try:
        user_admin.set_active(
            whose, active=active, by=request.user, forget_grant=bool(request.POST.get("forget_grant"))
        )
    except LastAdmin as error:
        messages.error(request, error.text)
        return redirect("settings:person", pk)
    _tell(request, whose, active=active)
    return redirect("settings:person", pk)


@admins_post
def sign_outs(request: Request, pk: int) -> HttpResponse:
    """End a person's sessions on every computer; they may sign in again."""
    whose = reached_person(request, pk)
    ended = user_admin.sign_out_everywhere(whose, by=request.user)
    messages.success(
        request, f"{whose} was signed in nowhere." if not ended else f"{whose} is signed out everywhere."
    )
    return redirect("settings:person", pk)


@admins_post
def second_factor_reset(request: Request, pk: int) -> HttpResponse:
    whose = reached_person(request, pk)
    if user_admin.reset_second_factor(whose, by=request.user):
        messages.success(
            request, f"{whose} signs in with their password alone, until they set up an app again."
        )
    else:
        messages.info(request, f"{whose} has no two-step sign-in.")
    return redirect("settings:person", pk)


@admins_post
def work(request: Request, pk: int) -> HttpResponse:
    """Hand over what was held to somebody else, or cancel it."""
    whose = reached_person(request, pk)
    if request.POST.get("cancel"):
        ended = offboarding.cancel(whose, by=request.user)
        messages.success(request, f"{counted(ended, 'thing was', 'things were')} cancelled.")
        return redirect("settings:person", pk)
    to = get_object_or_404(_takers(request, whose), pk=int_param(request.POST.get("to")))
    try:
        given = offboarding.hand_over(whose, to=to, by=request.user)
    except CannotTakeOver as error:
        messages.error(request, error.text)
    else:
        messages.success(request, f"{to} took over {counted(given, 'thing')}.")
    return redirect("settings:person", pk)


def _takers(request: Request, whose: User) -> QuerySet[User]:
    """Who may change things and reaches a customer of theirs."""
    writers = User.objects.reached_by(request.user).filter(
        role__in=[Role.MARKETER, Role.ADMIN], is_active=True, customers__in=list(whose.customers.all())
    )
    return writers.exclude(approved_at=None).exclude(pk=whose.pk).order_by("name").distinct()


def _tell(request: Request, whose: User, *, active: bool) -> None:
    if active:
        messages.success(request, f"{whose} can use the dashboard again. What was held still waits.")
    else:
        messages.success(request, f"{whose} is deactivated, signed out, and what they began is held.")
