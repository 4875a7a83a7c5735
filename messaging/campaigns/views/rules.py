"""Settings of a customer's campaigns: its rules, and the senders that may be used."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from accounts.access import admins_form, admins_post
from accounts.trail import audit
from accounts.web.http import Request
from messaging.campaigns.models import ApprovedSender, CampaignRules
from messaging.campaigns.rules import approved_senders
from messaging.campaigns.rules.rules_form import RulesForm, SenderForm
from messaging.campaigns.wording.senders import NotASender

PAGE, HERE = "settings/campaigns.html", "campaign_rules:rules"


@admins_form
def rules(request: Request) -> HttpResponse:
    if request.customer is None:
        return render(request, PAGE)
    form = RulesForm(request.POST or None, rules=CampaignRules.of(request.customer))
    if request.method == "POST" and form.is_valid():
        _save(request, form)
        messages.success(request, "Saved. It counts for campaigns from now on.")
        return redirect(HERE)
    return _page(request, form=form)


@admins_post
def add_sender(request: Request) -> HttpResponse:
    form = SenderForm(request.POST)
    if request.customer is None:
        return redirect(HERE)
    if form.is_valid():
        try:
            approved = approved_senders.approve(request.customer, **form.cleaned_data, by=request.user)
        except NotASender as error:
            form.add_error("sender", error.text)
        else:
            messages.success(request, f"{approved} may be used. {approved.places}.")
            return redirect(HERE)
    return _page(request, sender_form=form)


@admins_post
def remove_sender(request: Request, pk: int) -> HttpResponse:
    reached = ApprovedSender.objects.visible_to(request.user).select_related("customer")
    approved = get_object_or_404(reached, pk=pk)
    approved_senders.withdraw(approved, by=request.user)
    messages.success(request, f"{approved} is off the list. Campaigns scheduled before keep it.")
    return redirect(HERE)


def _page(
    request: Request, *, form: RulesForm | None = None, sender_form: SenderForm | None = None
) -> HttpResponse:
    assert request.customer
    context = {
        "form": form or RulesForm(rules=CampaignRules.of(request.customer)),
        "sender_form": sender_form or SenderForm(),
        "senders": ApprovedSender.objects.of_customer(request.customer),
    }
    is_wrong = any(each and each.errors for each in (form, sender_form))
    return render(request, PAGE, context, status=422 if is_wrong else 200)


@transaction.atomic
def _save(request: Request, form: RulesForm) -> None:
    assert request.customer
    kept = CampaignRules.of(request.customer)
    before = {name: getattr(kept, name) for name in form.cleaned_data}
    CampaignRules.objects.update_or_create(customer=request.customer, defaults=form.cleaned_data)
    was, became = audit.differences(before, form.cleaned_data)
    audit.record(
        actor=request.user,
        customer=request.customer,
        verb="campaign_rules.changed",
        subject=kept,
        before=was,
        after=became,
    )
