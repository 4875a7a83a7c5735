"""Admins: people and the audit trail."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from accounts import audit, user_admin
from accounts.access import admins_only
from accounts.forms import RoleForm
from accounts.http import Request
from accounts.models import AuditEvent, Role, User
from accounts.paging import keyset
from accounts.params import int_param
from accounts.user_admin import LastAdmin

PAGE = 100


@require_GET
@admins_only
def people(request: Request) -> HttpResponse:
    everyone = User.objects.prefetch_related("customers").order_by("name", "username")
    return render(
        request,
        "settings/people.html",
        {
            "waiting": everyone.filter(approved_at=None, is_active=True),
            "people": everyone.exclude(approved_at=None),
            "roles": Role.choices,
        },
    )


@require_POST
@admins_only
def approval(request: Request, pk: int) -> HttpResponse:
    person, form = _person(pk), RoleForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Choose a role first.")
    elif user_admin.approve(person, role=form.cleaned_data["role"], by=request.user):
        messages.success(request, f"{person} can now use the dashboard.")
    else:
        messages.info(request, f"Another admin has just approved {person}.")
    return redirect("settings:people")


@require_POST
@admins_only
def role(request: Request, pk: int) -> HttpResponse:
    person, form = _person(pk), RoleForm(request.POST)
    try:
        if form.is_valid():
            user_admin.change_role(person, role=form.cleaned_data["role"], by=request.user)
            messages.success(request, f"{person} is now {Role(form.cleaned_data['role']).label.lower()}.")
    except LastAdmin as error:
        messages.error(request, error.text)
    return redirect("settings:people")


@require_POST
@admins_only
def activity(request: Request, pk: int) -> HttpResponse:
    """Deactivate a person, or let them in again."""
    person, active = _person(pk), request.POST.get("active") == "true"
    try:
        user_admin.set_active(person, active=active, by=request.user)
    except LastAdmin as error:
        messages.error(request, error.text)
    else:
        messages.success(
            request, f"{person} can use the dashboard again." if active else f"{person} is signed out."
        )
    return redirect("settings:people")


@require_POST
@admins_only
def sign_outs(request: Request, pk: int) -> HttpResponse:
    """End a person's sessions on every computer; they may sign in again."""
    person = _person(pk)
    ended = user_admin.sign_out_everywhere(person, by=request.user)
    messages.success(
        request, f"{person} was signed in nowhere." if not ended else f"{person} is signed out everywhere."
    )
    return redirect("settings:people")


@require_GET
@admins_only
def audit_trail(request: Request) -> HttpResponse:
    events = AuditEvent.objects.visible_to(request.user).select_related("customer")
    if actor := int_param(request.GET.get("actor")):
        events = events.filter(actor_id=actor)
    page = keyset(events, before=request.GET.get("before"), size=PAGE)
    context = {
        "events": [(event, audit.describe_changes(event)) for event in page.rows],
        "next": page.next,
        "people": User.objects.order_by("name"),
        "actor": actor,
    }
    return render(request, "settings/audit.html", context)


def _person(pk: int) -> User:
    """Admins run the installation: they decide about all its people."""
    return get_object_or_404(User, pk=pk)
