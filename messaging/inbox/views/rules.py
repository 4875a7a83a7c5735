"""A customer's rules: their order, one of them, a message tried on them, office hours; and undoing one."""

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from accounts.access import admins_form, admins_only, admins_post, writers_post
from accounts.trail import audit
from accounts.web.http import Request
from gateway import clock
from messaging.inbox.models import Rule, RuleRun
from messaging.inbox.rules import keeping, running
from messaging.inbox.rules.forms import TAKEN, OfficeHoursForm, RuleForm, TrialForm, office_hours_of
from messaging.inbox.rules.matching import Heard, fits, is_open

LIST, RULE, HOURS = "settings/rules.html", "settings/rule.html", "settings/office_hours.html"
HERE = "inbox:rules"


@require_http_methods(["GET", "HEAD"])
@admins_only
def rule_list(request: Request) -> HttpResponse:
    """`?text=` and `?hours=`: what would happen to such a message."""
    if request.customer is None:
        return render(request, LIST, {"nav": "settings"})
    rules, hours = keeping.of_customer(request.customer), office_hours_of(request.customer)
    trial = TrialForm(request.GET if "text" in request.GET else None)
    fitting, is_tried = list[Rule](), trial.is_bound and trial.is_valid()
    if is_tried:
        chosen = trial.cleaned_data["hours"]
        open_then = chosen == TrialForm.OPEN if chosen else is_open(request.customer, clock.now())
        said = Heard.of(trial.cleaned_data["text"], is_open=open_then, service=None)
        fitting = [rule for rule in rules if rule.is_on and fits(rule, said)]
    context = {
        "nav": "settings",
        "rules": rules,
        "unable": keeping.unable(rules, request.customer),
        "hours": None if hours._state.adding else hours,
        "trial": trial,
        "is_tried": is_tried,
        "fitting": fitting,
        "answering": next((rule for rule in fitting if rule.answer), None),
        "assigning": next((rule for rule in fitting if rule.assigns_to), None),
        "is_full": len(rules) >= keeping.MAX_RULES,
    }
    return render(request, LIST, context, status=422 if trial.errors else 200)


@admins_form
def new(request: Request) -> HttpResponse:
    if request.customer is None:
        return redirect(HERE)
    if Rule.objects.kept_by(request.customer).count() >= keeping.MAX_RULES:
        messages.error(request, f"There can be {keeping.MAX_RULES} rules. Remove one first.")
        return redirect(HERE)
    return _edit(request, Rule(customer=request.customer))


@admins_form
def rule(request: Request, pk: int) -> HttpResponse:
    return _edit(request, _get(request, pk))


@admins_post
def state(request: Request, pk: int) -> HttpResponse:
    """`on`: 1, or 0."""
    keeping.switch(_get(request, pk), on=request.POST.get("on") == "1", by=request.user)
    return redirect(HERE)


@admins_post
def place(request: Request, pk: int) -> HttpResponse:
    """`way`: up, or down."""
    keeping.move(_get(request, pk), up=request.POST.get("way") == "up", by=request.user)
    return redirect(HERE)


@admins_post
def removal(request: Request, pk: int) -> HttpResponse:
    gone = _get(request, pk)
    keeping.remove(gone, by=request.user)
    messages.success(request, f"{gone} is removed. What it did stays in the conversations.")
    return redirect(HERE)


@admins_form
def office_hours(request: Request) -> HttpResponse:
    if request.customer is None:
        return redirect(HERE)
    hours = office_hours_of(request.customer)
    before = {} if hours._state.adding else {name: getattr(hours, name) for name in OfficeHoursForm.kept}
    form = OfficeHoursForm(request.POST or None, hours=hours)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            form.save()
            was, became = audit.differences(before, {name: form.cleaned_data[name] for name in form.kept})
            audit.record(
                actor=request.user,
                customer=request.customer,
                verb="office_hours.changed",
                subject=hours,
                before=was,
                after=became,
            )
        messages.success(request, "Saved. Rules keep these hours from the next message on.")
        return redirect(HERE)
    context = {"nav": "settings", "form": form}
    return render(request, HOURS, context, status=422 if form.errors else 200)


@writers_post
def undoing(request: Request, pk: int) -> HttpResponse:
    """What a rule did with a thread, as far as it can be taken back."""
    run = get_object_or_404(RuleRun.objects.visible_to(request.user).select_related("thread"), pk=pk)
    if running.undo(run, by=request.user):
        messages.success(request, "Undone.")
    return redirect("inbox:thread", run.thread_id)


def _edit(request: Request, kept: Rule) -> HttpResponse:
    before = keeping.facts(kept) if kept.pk else {}
    form = RuleForm(request.POST or None, instance=kept, by=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            keeping.save(form.save(commit=False), before=before, by=request.user)
        except IntegrityError:
            form.add_error("name", TAKEN)
        else:
            messages.success(request, "Saved. It counts from the next message on.")
            return redirect(HERE)
    context = {"nav": "settings", "form": form, "rule": kept}
    return render(request, RULE, context, status=422 if form.errors else 200)


def _get(request: Request, pk: int) -> Rule:
    kept = Rule.objects.visible_to(request.user).filter(removed_at=None)
    return get_object_or_404(kept.select_related("customer"), pk=pk)
