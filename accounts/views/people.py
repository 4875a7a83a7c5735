"""Admins: who uses the dashboard, who asks to, and what each may do."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET

from accounts.access import admins_form, admins_only, admins_post
from accounts.forms import RoleForm
from accounts.models import Role, User
from accounts.people import user_admin
from accounts.people.user_admin import LastAdmin
from accounts.web.http import Request


@require_GET
@admins_only
def people(request: Request) -> HttpResponse:
    everyone = (
        User.objects.reached_by(request.user).prefetch_related("customers").order_by("name", "username")
    )
    return render(
        request,
        "settings/people.html",
        {
            "waiting": everyone.filter(approved_at=None, is_active=True),
            "people": everyone.exclude(approved_at=None),
            "refused": everyone.filter(approved_at=None, is_active=False),
            "roles": Role.choices,
        },
    )


@admins_post
def approval(request: Request, pk: int) -> HttpResponse:
    person, form = reached_person(request, pk), RoleForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Choose a role first.")
    elif user_admin.approve(person, role=form.cleaned_data["role"], by=request.user):
        messages.success(request, f"{person} can now use the dashboard.")
    else:
        messages.info(request, f"Another admin has just decided about {person}.")
    return redirect("settings:people")


@admins_form
def refusal(request: Request, pk: int) -> HttpResponse:
    """Keep a newcomer out, once it was asked."""
    person = reached_person(request, pk)
    if request.method != "POST":
        return render(request, "settings/refusal.html", {"person_asked": person})
    if user_admin.refuse(person, by=request.user):
        messages.success(request, f"{person} was refused. You can let them ask again below.")
    else:
        messages.info(request, f"Another admin has just decided about {person}.")
    return redirect("settings:people")


@admins_post
def role(request: Request, pk: int) -> HttpResponse:
    person, form = reached_person(request, pk), RoleForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Choose a role first.")
        return redirect("settings:people")
    try:
        held = user_admin.change_role(person, role=form.cleaned_data["role"], by=request.user)
    except LastAdmin as error:
        messages.error(request, error.text)
        return redirect("settings:people")
    messages.success(request, f"{person} is now {Role(form.cleaned_data['role']).label.lower()}.")
    return redirect("settings:person", pk) if held else redirect("settings:people")


def reached_person(request: Request, pk: int) -> User:
    """Somebody of the admin's customers, or of none yet; whoever runs the installation reaches all."""
    return get_object_or_404(User.objects.reached_by(request.user), pk=pk)
