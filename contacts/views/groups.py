"""The groups of the customer one works for."""

from django.contrib import messages
from django.db import transaction
from django.db.models import F
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET

from accounts.access import viewable_form
from accounts.trail import audit
from accounts.web.http import Request
from contacts.importing.forms import RegionsForm
from contacts.listing import counting
from contacts.models import Import
from contacts.text.regions import spoken
from gateway.models import Service
from gateway.smartdialog.directory import why_nothing_is_listed

FEW = 3  # imports to be finished, above the groups


@require_GET
def groups(request: Request) -> HttpResponse:
    found = Service.objects.visible_to(request.user).groups().filter(customer=request.customer)
    found = found.order_by(F("gone_at").asc(nulls_first=True), "name", "pk")
    exact = request.GET.get("counts") == "exact"
    counts = counting.of_groups(found, exact=exact)
    unfinished = list(Import.objects.filter(group__in=found).unfinished().select_related("group"))
    running = unfinished if request.GET.get("imports") == "all" else unfinished[:FEW]
    rows = [
        {"group": group, "counts": counts.get(group.pk, {}), "regions": spoken(group.regions)}
        for group in found
    ]
    is_quick = any(count.is_more for each in counts.values() for count in each.values()) and not exact
    context = {"rows": rows, "running": running, "unfinished": len(unfinished), "is_quick": is_quick}
    if not rows:
        context["why"] = why_nothing_is_listed(request.user, request.customer, what="a group")
    return render(request, "contacts/groups.html", context)


@viewable_form
def regions(request: Request, group: int) -> HttpResponse:
    chosen = reached_group(request, group)
    form = RegionsForm(request.POST or None, regions=chosen.regions)
    if request.method == "POST" and form.is_valid():
        _change_regions(chosen, form.regions(), request)
        messages.success(request, f"Numbers in {chosen} are now read as in {spoken(chosen.regions)}.")
        return redirect("contacts:group", chosen.pk)
    return render(request, "contacts/regions.html", {"group": chosen, "form": form})


def reached_group(request: Request, pk: int) -> Service:
    """A group of the user's customers, or 404."""
    groups = Service.objects.visible_to(request.user).groups().select_related("customer")
    return get_object_or_404(groups, pk=pk)


@transaction.atomic
def _change_regions(group: Service, regions: list[str], request: Request) -> None:
    before, group.regions = group.regions, regions
    if before != regions:
        group.save(update_fields=["regions"])
        audit.record(
            actor=request.user,
            customer=group.customer,
            verb="group.regions_changed",
            subject=group,
            before={"regions": before},
            after={"regions": regions},
        )
