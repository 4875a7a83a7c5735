"""Templates as a list, and one that is not being written."""

from typing import Any

from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.htmx import page_or_fragment, redirect_htmx, wants_fragment
from accounts.http import Request
from accounts.models import Customer
from accounts.paging import keyset
from gateway import outbox
from messaging.whatsapp import history, joining, needs
from messaging.whatsapp.models import (
    FILLED_BY_CAMPAIGNS,
    STANDING,
    STANDING_LABELS,
    Approval,
    Template,
    TemplateList,
    TemplateState,
)

TEMPLATES, CAMPAIGNS = 50, 20  # on one page
OFFERED = [TemplateState.LISTED, Approval.APPROVED]  # standings in which a campaign may use it


@require_safe
def listing(request: Request) -> HttpResponse:
    """Of the customer one works for, newest first; four queries at any size."""
    own = Template.objects.visible_to(request.user).filter(customer=request.customer)
    own = own.annotate(stands=STANDING)
    counts = dict(own.order_by().values_list("stands").annotate(number=Count("pk")))
    state = request.GET.get("state", "")
    shown = own.filter(stands=state) if state in STANDING_LABELS else own
    page = keyset(shown.annotate(uses=Count("campaigns")), before=request.GET.get("before"), size=TEMPLATES)
    context = {
        "page": page,
        "is_whole": shown is own,
        "states": [
            (label, f"?state={each}", counts[each], each == state)
            for each, label in STANDING_LABELS.items()
            if each in counts
        ],
        "total": sum(counts.values()),
        "listed": template_list_of(request.customer),
    }
    return page_or_fragment(request, "whatsapp/list.html", "whatsapp/_list.html", context)


@require_safe
def template(request: Request, pk: int) -> HttpResponse:
    """Where it stands; one that can be edited is opened for that."""
    found = get_template_or_404(request, pk)
    if found.is_editable and request.user.can_write:
        url = reverse("whatsapp:edit", args=[pk])
        return redirect_htmx(url) if wants_fragment(request) else redirect(url)
    return page_or_fragment(
        request, "whatsapp/template.html", "whatsapp/_template.html", _detail_context(found)
    )


def get_template_or_404(request: Request, pk: int) -> Template:
    rows = Template.objects.visible_to(request.user).select_related("customer", "submitted_by", "approval_by")
    return get_object_or_404(rows, pk=pk)


def template_list_of(customer: Customer | None) -> TemplateList | None:
    """None until SmartDialog was first asked."""
    return TemplateList.objects.filter(customer=customer).select_related("look_up__connection").first()


def _detail_context(template: Template) -> dict[str, Any]:
    listed = template_list_of(template.customer)
    unfilled = needs.of_template(template).beyond(FILLED_BY_CAMPAIGNS)
    return {
        "unfilled": unfilled,
        "is_offered": template.standing in OFFERED and not unfilled,
        "is_joinable": template.is_in_review and joining.candidates(template).exists(),
        "template": template,
        "listed": listed,
        "call": outbox.underway(subject=template),
        "steps": history.steps(template, listed),
        "campaigns": template.campaigns.order_by("-pk")[:CAMPAIGNS],
    }
