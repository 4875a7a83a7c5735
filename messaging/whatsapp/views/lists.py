"""Templates as a list, and one that is not being written."""

from typing import Any

from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.db.paging import keyset
from accounts.models import Customer
from accounts.web.htmx import page_or_fragment, redirect_htmx, wants_fragment
from accounts.web.http import Request
from gateway import outbox
from messaging.whatsapp.authoring import translations
from messaging.whatsapp.catalogue import listing_merge, usage
from messaging.whatsapp.catalogue.filtering import ARCHIVED, TemplateFilter
from messaging.whatsapp.models import (
    FILLED_BY_CAMPAIGNS,
    STANDING,
    STANDING_LABELS,
    Approval,
    Template,
    TemplateList,
    TemplateQuerySet,
    TemplateState,
)
from messaging.whatsapp.sending import send_requirements
from messaging.whatsapp.submission import history

TEMPLATES = 50  # on one page
CHIPS = {**STANDING_LABELS, ARCHIVED: "Archived"}
OFFERED = [TemplateState.LISTED, Approval.APPROVED]  # standings in which a campaign may use it


@require_safe
def listing(request: Request) -> HttpResponse:
    """Of the customer one works for, newest first; as many queries at any size."""
    asked = TemplateFilter.of(request.GET)
    own = Template.objects.visible_to(request.user).filter(customer=request.customer)
    found = asked.narrow(own)
    standings = found.filter(archived_at=None).order_by().annotate(stands=STANDING)
    counts = dict(standings.values_list("stands").annotate(number=Count("pk")))
    counts[ARCHIVED] = found.exclude(archived_at=None).count()
    shown = found.filter(archived_at__isnull=asked.state != ARCHIVED)
    if asked.state in STANDING_LABELS:
        shown = shown.annotate(stands=STANDING).filter(stands=asked.state)
    context = {
        "page": keyset(
            shown.annotate(uses=Count("campaigns")), before=request.GET.get("before"), size=TEMPLATES
        ),
        "asked": asked,
        "states": [
            (label, each, counts.get(each, 0), asked.state == each)
            for each, label in CHIPS.items()
            if counts.get(each) or asked.state == each
        ],
        "total": sum(counts.values()) - counts[ARCHIVED],
        "is_all": not asked.state,
        "has_any": own.exists(),
        "choices": _choices(own),
        "listed": template_list_of(request.customer),
    }
    return page_or_fragment(request, "whatsapp/list.html", "whatsapp/_list.html", context)


def _choices(own: TemplateQuerySet) -> dict[str, list[str]]:
    """What the filters offer: only what there is."""
    rows = own.order_by().values_list("language", "category", "identity").distinct()
    languages, categories, identities = zip(*rows, strict=True) if rows else ((), (), ())
    return {
        "languages": sorted(set(languages) - {""}),
        "categories": sorted({each.capitalize() for each in categories} - {""}),
        "identities": sorted(set(identities) - {""}),
    }


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
    unfilled = send_requirements.of_template(template).beyond(FILLED_BY_CAMPAIGNS)
    return {
        "unfilled": unfilled,
        "is_offered": template.standing in OFFERED and not unfilled,
        "is_joinable": template.is_in_review and listing_merge.candidates(template).exists(),
        "template": template,
        "family": translations.side_by_side(template),
        "listed": listed,
        "call": outbox.underway(subject=template),
        "steps": history.steps(template, listed),
        "uses": usage.of_template(template),
        "campaigns": usage.campaigns_with(template),
    }
