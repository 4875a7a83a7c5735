"""What people know of a template and SmartDialog does not tell: its approval, its parts, which one it is."""

from django.http import HttpResponse
from django.shortcuts import redirect

from accounts.access import writers_form
from accounts.web.htmx import page_or_dialog, page_or_fragment
from accounts.web.http import Request
from accounts.web.params import INT_DIGITS, int_param
from messaging.whatsapp import forms
from messaging.whatsapp.catalogue import description, listing_merge
from messaging.whatsapp.forms import ApprovalForm, DescriptionForm, JoiningForm
from messaging.whatsapp.models import JUDGED, LOOKED_UP, Approval
from messaging.whatsapp.submission import approval
from messaging.whatsapp.views.actions import decide
from messaging.whatsapp.views.lists import get_template_or_404


@writers_form
def verdict(request: Request, pk: int) -> HttpResponse:
    """Ask what became of the review; a person's word can be corrected both ways."""
    template = get_template_or_404(request, pk)
    if template.state not in JUDGED:
        return redirect("whatsapp:template", pk)
    known = template.approval if template.approval != Approval.UNKNOWN else None
    form = ApprovalForm(request.POST if request.method == "POST" else None, initial={"approval": known})
    if form.is_valid():
        said, reason = Approval(form.cleaned_data["approval"]), form.cleaned_data["reason"]
        return decide(request, pk, lambda found: approval.say(found, said, reason=reason, by=request.user))
    context, title = {"template": template, "form": form}, f"Result of the review of {template}"
    return page_or_dialog(request, "whatsapp/_approval.html", context, title=title)


@writers_form
def describe(request: Request, pk: int) -> HttpResponse:
    """Header, footer, buttons, language and category of one that was made elsewhere."""
    template = get_template_or_404(request, pk)
    if not template.made_elsewhere:
        return redirect("whatsapp:template", pk)
    if request.method == "POST":
        form = DescriptionForm(request.POST, written=template)
        if form.is_valid() and request.POST.get("action") != "buttons":
            revision = int_param(request.POST.get("revision"), digits=INT_DIGITS)
            fields, by = form.described(), request.user
            return decide(
                request,
                pk,
                lambda found: description.describe(found, revision=revision, fields=fields, by=by),
            )
    else:
        form = DescriptionForm(initial=forms.description_of(template), written=template)
    context = {
        "template": template,
        "form": form,
        "revision": request.POST.get("revision") or template.revision,
    }
    return page_or_fragment(request, "whatsapp/description.html", "whatsapp/_buttons.html", context)


@writers_form
def join(request: Request, pk: int) -> HttpResponse:
    """Say that a listed one is this one, in other words."""
    template = get_template_or_404(request, pk)
    if template.state not in LOOKED_UP:
        return redirect("whatsapp:template", pk)
    data = request.POST if request.method == "POST" else None
    form = JoiningForm(data, candidates=listing_merge.candidates(template))
    if form.is_valid():
        listed = form.cleaned_data["listed"]
        return decide(request, pk, lambda found: listing_merge.join(found, listed, by=request.user))
    context, title = {"template": template, "form": form}, f"Find {template} in SmartDialog’s list"
    return page_or_dialog(request, "whatsapp/_joining.html", context, title=title)
