"""A customer's teams: everybody sees who is in them, admins say so."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from accounts.access import admins_form, admins_post
from accounts.web.http import Request
from messaging.inbox.forms import TeamForm
from messaging.inbox.models import Team
from messaging.inbox.team import teams, teamwork

LIST, TEAM = "settings/teams.html", "settings/team.html"
HERE = "inbox:teams"


@require_safe
def team_list(request: Request) -> HttpResponse:
    if request.customer is None:
        return render(request, LIST, {"nav": "settings"})
    own = teams.of_customer(request.customer)
    context = {
        "nav": "settings",
        "teams": own,
        "able": set(teamwork.team_of(request.customer)),
        "is_full": len(own) >= teams.MAX_TEAMS,
    }
    return render(request, LIST, context)


@admins_form
def new(request: Request) -> HttpResponse:
    if request.customer is None:
        return redirect(HERE)
    if Team.objects.of_customer(request.customer).count() >= teams.MAX_TEAMS:
        messages.error(request, f"There can be {teams.MAX_TEAMS} teams. Remove one first.")
        return redirect(HERE)
    return _edit(request, Team(customer=request.customer))


@admins_form
def team(request: Request, pk: int) -> HttpResponse:
    return _edit(request, _get(request, pk))


@admins_post
def removal(request: Request, pk: int) -> HttpResponse:
    gone = _get(request, pk)
    try:
        teams.remove(gone, by=request.user)
    except teams.UsedByRule as error:
        messages.error(request, error.text)
        return redirect("inbox:team", pk)
    messages.success(request, f"{gone} is removed. Its conversations are nobody’s now.")
    return redirect(HERE)


def _edit(request: Request, kept: Team) -> HttpResponse:
    form = TeamForm(request.POST or None, team=kept)
    if request.method == "POST" and form.is_valid():
        kept.name = form.cleaned_data["name"]
        teams.save(kept, form.cleaned_data["members"], by=request.user)
        messages.success(request, f"{kept} is saved.")
        return redirect(HERE)
    context = {"nav": "settings", "form": form, "team": kept}
    return render(request, TEAM, context, status=422 if form.errors else 200)


def _get(request: Request, pk: int) -> Team:
    return get_object_or_404(Team.objects.visible_to(request.user).select_related("customer"), pk=pk)
