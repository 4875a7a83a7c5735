"""Writing a campaign: one page, one form, three things to do with it."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect

from accounts.access import writers_form
from accounts.models import Customer
from accounts.web.http import Request
from accounts.web.params import date_param, int_param
from contacts.text.phones import InvalidPhone, to_e164
from gateway import outbox
from gateway.models import Service
from gateway.sign_in import connections
from gateway.sign_in.connections import NotConnected
from messaging.campaigns import lifecycle
from messaging.campaigns.composing import counting, send_tests
from messaging.campaigns.composing.forms import CampaignForm, initial_of, written_on
from messaging.campaigns.composing.send_tests import CannotTest
from messaging.campaigns.composing.unfinished import LITERAL
from messaging.campaigns.composing.when_form import LATER, NOW
from messaging.campaigns.dispatch import agreed_segments
from messaging.campaigns.lifecycle import CampaignChanged
from messaging.campaigns.models import EDITABLE, Campaign, CampaignRules, CampaignState, Channel
from messaging.campaigns.views import typed_count
from messaging.campaigns.views.compose_page import ComposePage, rewritten, saved_by_itself
from messaging.whatsapp.models import Template

LOOK_AGAIN = "What it comes to has changed since you looked. Look at it once more, then press the button."
NOBODY = "No one in this audience can receive it. Look at who is skipped, and why."
WITHOUT_THEM = "Look at why, and tick “Send it without them” if that is right."
SEGMENT_CHANGED = "A segment has just changed. Look at what it comes to, then press the button again."
NO_EXAMPLE = "Choose somebody in the preview who would get it."


@writers_form
def new(request: Request) -> HttpResponse:
    customer = request.customer
    if customer is None:
        return redirect("overview")
    if request.method == "POST":
        saved = saved_by_itself(request)
        form = CampaignForm(rewritten(request.POST), customer=saved.customer if saved else customer)
        return _dispatch(ComposePage.posted(request, form, saved))
    start, initial = _start(request, customer)
    return ComposePage.begun(request, CampaignForm(initial=initial, customer=customer), start).show()


@writers_form
def edit(request: Request, pk: int) -> HttpResponse:
    reached = Campaign.objects.visible_to(request.user).select_related(
        "customer", "group", "people_list", "service", "template"
    )
    campaign = get_object_or_404(reached, pk=pk)
    if request.method == "POST":
        form = CampaignForm(rewritten(request.POST), customer=campaign.customer)
        return _dispatch(ComposePage.posted(request, form, campaign))
    if campaign.state not in EDITABLE:
        return redirect("campaigns:campaign", pk)
    form = CampaignForm(initial=initial_of(campaign), customer=campaign.customer)
    return ComposePage.begun(request, form, campaign).show()


def _dispatch(page: ComposePage) -> HttpResponse:
    """Do what the pressed button says; any other only shows what the campaign comes to."""
    act = _ACTIONS.get(page.request.POST.get("action", ""))
    if act is None:
        return page.show()
    if act not in (_save, _add_numbers):
        page.form.ask_for_missing()
    if page.form.errors:
        return page.show(status=422)
    try:
        return act(page)
    except CampaignChanged as error:
        page.look_anew()
        return page.show(problem=error.text, status=409)


def _save(page: ComposePage) -> HttpResponse:
    saved = page.keep()
    messages.success(page.request, "The draft is saved. Nothing has been sent.")
    return redirect("campaigns:edit", saved.pk)


def _add_numbers(page: ComposePage) -> HttpResponse:
    """They are added to what is saved; what is on the page is kept first."""
    return redirect("campaigns:people_list", page.keep().pk)


def _send(page: ComposePage) -> HttpResponse:
    summary = page.summary
    if not summary.people:
        return page.show(problem=NOBODY, status=422)
    if summary.is_literal:
        return page.show(problem=LITERAL, status=422)
    if summary.sampled:
        return _count(page)
    if page.request.POST.get("expected") != summary.expected:
        return page.show(problem=LOOK_AGAIN, status=422)
    if summary.leaves_many and page.request.POST.get("without") != str(summary.left_out_count):
        return page.show(problem=f"{summary.left_out_words}. {WITHOUT_THEM}", status=422)
    asks = typed_count.is_asked(page.form.customer, summary.people)
    if asks and not typed_count.is_typed(page.request, summary.people):
        return page.ask_to_type()
    try:
        saved = _scheduled(page)
    except NotConnected as error:
        saved = page.keep()
        messages.error(page.request, f"{error.text} The campaign is kept as a draft.")
        return redirect("campaigns:edit", saved.pk)
    return redirect("campaigns:campaign", saved.pk)


@transaction.atomic
def _count(page: ComposePage) -> HttpResponse:
    """A large audience is counted to the last person first; the button stands beside that count."""
    saved = page.keep(once=True)
    if saved.state != CampaignState.DRAFT:
        return redirect("campaigns:campaign", saved.pk)
    counting.begin(saved)
    return redirect("campaigns:count", saved.pk)


@transaction.atomic
def _scheduled(page: ComposePage) -> Campaign:
    by = page.request.user
    outbox.lock_plans(connections.for_user(by), by=by)  # before the campaign
    saved, summary = page.keep(once=True), page.summary
    if saved.state == CampaignState.DRAFT:
        if agreed_segments.hold(saved) != sorted(summary.reach.texts if summary.reach else ()):
            raise CampaignChanged(SEGMENT_CHANGED)
        lifecycle.schedule(
            saved,
            revision=saved.revision,
            people=summary.people,
            calls=summary.calls,
            parts=summary.agreed_parts,
            left_out=summary.left_out_count,
            keeps_time=summary.keeps_time,
            by=by,
        )
    return saved


def _test(page: ComposePage) -> HttpResponse:
    """To one number, as the person shown in the preview would get it. A schedule stays as it was."""
    number, request = int_param(page.request.POST.get("test_text"), digits=1), page.request
    texts = page.summary.texts
    person = texts[number if number < len(texts) else 0].person
    if person is None or person.reason:
        return page.show(problem=NO_EXAMPLE, status=422)
    tested, kept = page.to_test()
    tested = tested.saying(number if number < len(texts) else 0)
    try:
        phone = to_e164(request.POST.get("test_phone", ""), tested.group.regions if tested.group else [])
        send_tests.send(tested, phone=phone, values=person.values, by=request.user, previewed=person.phone)
    except InvalidPhone as error:
        messages.error(request, f"The test was not sent. {error.reason} {kept}")
    except (CannotTest, NotConnected) as error:
        messages.error(request, f"{error.text} {kept}")
    else:
        messages.success(request, f"A test is on its way to {phone}. {kept}")
    return page.show() if page.is_planned else redirect("campaigns:edit", tested.pk)


_ACTIONS = {"save": _save, "numbers": _add_numbers, "send": _send, "test": _test}


def _start(request: Request, customer: Customer) -> tuple[Campaign, dict[str, Any]]:
    """What a new page begins with: a copy of a campaign, or what the customer's last one used."""
    own = Campaign.objects.of_customer(customer)
    own = own.select_related("group", "people_list", "service", "template")
    copied = own.filter(pk=int_param(request.GET.get("copy"))).first()
    last = own.filter(created_by=request.user).first() or own.first()
    start = lifecycle.copy_of(copied) if copied else _fresh(request, customer, last)
    start.customer = customer
    zone = (copied.zone if copied else "") or request.user.time_zone
    initial = written_on(start) | {"when": NOW, "zone": zone}
    if day := date_param(request.GET.get("day")):
        initial |= {"when": LATER, "date": day}
    return start, initial


def _fresh(request: Request, customer: Customer, last: Campaign | None) -> Campaign:
    services = Service.objects.filter(customer=customer).offered()
    templates = Template.objects.filter(customer=customer).sendable()
    template = templates.filter(pk=int_param(request.GET.get("template"))).first()
    return Campaign(
        channel=Channel.WHATSAPP if template else Channel.SMS,
        group=services.groups().filter(pk=int_param(request.GET.get("group"))).first(),
        template=template,
        service=last.service
        if last and last.service and not last.service.gone_at
        else services.one_way().first(),
        sender=last.sender if last else "",
        customer_data=CampaignRules.of(customer).customer_data,
    )
