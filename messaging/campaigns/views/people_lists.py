"""The list of a campaign: numbers pasted or uploaded, how they were read, and what is unclear of them."""

from collections.abc import Collection

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render

from accounts.access import takes_files, writers_form, writers_post
from accounts.trail import audit
from accounts.web.htmx import page_or_fragment
from accounts.web.http import Request
from accounts.web.params import INT_DIGITS, int_param, text_param
from accounts.wording.quantities import counted, plural
from contacts.consent.numbers import regions_of
from contacts.exporting.downloads import download
from contacts.importing.files import refusals, upload_handlers
from contacts.importing.files.refusals import FileRefused
from contacts.importing.forms import ColumnsOfFileForm, ReadingForm, UploadForm
from contacts.models.import_rows import RowKind
from contacts.text.consent_words import NO, YES
from contacts.text.regions import region_names, spoken
from messaging.campaigns.lifecycle import CampaignChanged
from messaging.campaigns.models import EDITABLE, Campaign, CampaignState, PeopleList
from messaging.campaigns.people_lists import deciding, uploading
from messaging.campaigns.people_lists.forms import PeopleUploadForm
from messaging.campaigns.people_lists.rejects import rejected_rows
from messaging.campaigns.views.reached import reached_campaign

PAGE, FRAGMENT = "campaigns/people_list.html", "campaigns/_people_list.html"
SHOWN = 50  # rows of each kind that are not taken
MAX_CHOICE = 100  # characters
ALIKE: dict[str, Collection[str]] = {"region": region_names(), "blank_consent": (YES, NO)}


@takes_files
@writers_form
def page(request: Request, pk: int) -> HttpResponse:
    """`?another`: the form for one in place of the list that it has."""
    campaign = reached_campaign(request, pk)
    if not campaign.is_editable:
        return redirect("campaigns:campaign", pk)
    if request.method == "POST":
        return _upload(request, campaign)
    people_list = campaign.people_list
    if people_list is None or "another" in request.GET:
        return _ask(request, campaign, PeopleUploadForm())
    return _show(request, campaign, people_list)


@writers_post
def reading(request: Request, pk: int) -> HttpResponse:
    """Look at the file another way."""
    campaign, people_list = _with_list(request, pk)
    form = ReadingForm(request.POST, job=people_list)
    if people_list.is_waiting and form.is_valid():
        try:
            uploading.reread(people_list, **form.choices())
        except FileRefused as refusal:
            messages.error(request, f"It stays as it was. {refusal.words}")
    elif people_list.is_waiting:
        messages.error(request, "It stays as it was. Choose again how the file is to be read.")
    return redirect("campaigns:people_list", campaign.pk)


@writers_post
def columns(request: Request, pk: int) -> HttpResponse:
    """They are as somebody says: its rows are read."""
    campaign, people_list = _with_list(request, pk)
    if people_list.is_waiting:
        form = _columns_form(people_list, request)
        if not form.is_valid():
            return _show(request, campaign, people_list, form)
        uploading.start_reading(people_list, mapping=form.mapping(), regions=form.regions())
    return redirect("campaigns:people_list", campaign.pk)


@writers_post
def decide(request: Request, pk: int) -> HttpResponse:
    """Which number an unclear row says, or of which country all of them are."""
    campaign, people_list = _with_list(request, pk)
    again = _drafts_again(people_list)
    try:
        number = _decide(request, people_list)
    except CampaignChanged as error:
        messages.error(request, error.text)
        return redirect("campaigns:people_list", campaign.pk)
    if number:
        messages.success(request, f"{counted(number, 'row is', 'rows are')} clear now.{again}")
    else:
        messages.info(request, "No row became clear by that.")
    return redirect("campaigns:people_list", campaign.pk)


def _drafts_again(people_list: PeopleList) -> str:
    """Of all campaigns that have the list, those that were agreed: others than agreed would get them."""
    agreed = people_list.campaigns.filter(state__in=EDITABLE).exclude(state=CampaignState.DRAFT)
    names = [f"“{each}”" for each in agreed.order_by("pk")]
    if not names:
        return ""
    return f" {', '.join(names)} {plural(len(names), 'is a draft', 'are drafts')} again: send anew."


def _decide(request: Request, people_list: PeopleList) -> int:
    """How many rows became clear. Raises CampaignChanged."""
    if decided := _decided(request):
        return deciding.decide_all(people_list, by=request.user, **decided)
    line = int_param(request.POST.get("line"), digits=INT_DIGITS)
    choice = text_param(request.POST.get("choice"), most=MAX_CHOICE)
    return int(deciding.decide_one(people_list, line, choice, by=request.user))


def _decided(request: Request) -> dict[str, str]:
    """What holds for all unclear rows alike."""
    said = {name: request.POST.get(name, "") for name in ALIKE}
    return {name: value for name, value in said.items() if value in ALIKE[name]}


@writers_post
def export(request: Request, pk: int) -> HttpResponseBase:
    """Its rows that get nothing."""
    campaign, people_list = _with_list(request, pk)
    audit.record(
        actor=request.user,
        customer=people_list.customer,
        verb="people_list.rejects_exported",
        subject=people_list,
        after={"rows": people_list.left_out},
    )
    return download(rejected_rows(people_list), name=f"Skipped rows of {campaign}")


@writers_post
def remove(request: Request, pk: int) -> HttpResponse:
    campaign, _ = _with_list(request, pk)
    try:
        uploading.choose(campaign, None, by=request.user)
    except CampaignChanged as error:
        messages.error(request, error.text)
    else:
        messages.success(request, "The list is removed.")
    return redirect("campaigns:edit", campaign.pk)


def _with_list(request: Request, pk: int) -> tuple[Campaign, PeopleList]:
    campaign = reached_campaign(request, pk)
    of_campaign = PeopleList.objects.filter(campaigns=campaign).select_related("customer")
    if not campaign.is_editable:
        raise Http404
    return campaign, get_object_or_404(of_campaign)


def _upload(request: Request, campaign: Campaign) -> HttpResponse:
    form = PeopleUploadForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            uploading.upload(form.upload(), campaign, by=request.user)
        except FileRefused as refusal:
            form.add_error(form.source(), refusal.words)
        except CampaignChanged as error:
            form.add_error(None, error.text)
        else:
            return redirect("campaigns:people_list", campaign.pk)
    _say_what_did_not_come(request, form)
    return _ask(request, campaign, form)


def _say_what_did_not_come(request: Request, form: UploadForm) -> None:
    if upload_handlers.has_no_room(request):
        form.errors.clear()
        form.add_error("file", refusals.no_room().words)
    if upload_handlers.is_too_large(request):
        form.errors.clear()
        form.add_error("file", form.fields["file"].widget.attrs["data-max-bytes-message"])


def _ask(request: Request, campaign: Campaign, form: PeopleUploadForm) -> HttpResponse:
    countries = spoken(regions_of(campaign.customer))
    context = {"campaign": campaign, "upload": form, "countries": countries}
    return render(request, PAGE, context)


def _show(
    request: Request, campaign: Campaign, people_list: PeopleList, form: ColumnsOfFileForm | None = None
) -> HttpResponse:
    context: dict[str, object] = {"campaign": campaign, "list": people_list}
    if people_list.is_waiting:
        context |= {"form": form or _columns_form(people_list), "reading": ReadingForm(job=people_list)}
    elif people_list.is_read:
        context |= _outcome(people_list)
    return page_or_fragment(request, PAGE, FRAGMENT, context)


def _outcome(people_list: PeopleList) -> dict[str, object]:
    rows = people_list.rows
    refused = rows.filter(kind__in=[RowKind.INVALID, RowKind.OPTED_OUT, RowKind.HIDDEN])
    return {
        "unclear": rows.filter(kind=RowKind.UNCLEAR)[:SHOWN],
        "refused": refused[:SHOWN],
        "refused_count": people_list.left_out - people_list.unclear,
        "regions": deciding.ways(people_list) if people_list.unclear else [],
        "lacks_consent": bool(people_list.unclear) and deciding.lacks_consent(people_list),
    }


def _columns_form(people_list: PeopleList, request: Request | None = None) -> ColumnsOfFileForm:
    return ColumnsOfFileForm(request.POST if request else None, job=people_list)
