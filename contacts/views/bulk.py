"""One thing done to many contacts: asked about, agreed to, watched, undone."""

from datetime import timedelta

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from accounts.access import writers_form, writers_post
from accounts.db.paging import keyset
from accounts.web.htmx import page_or_dialog, page_or_fragment, wants_fragment
from accounts.web.http import Request
from accounts.web.params import INT_DIGITS, int_param, text_param
from contacts.bulk import action_lifecycle, action_texts
from contacts.bulk.action_lifecycle import BulkPrice
from contacts.bulk.fingerprints import MAX_FINGERPRINT_LENGTH
from contacts.bulk.forms import BulkForm
from contacts.importing import import_texts
from contacts.importing.import_progress import JobProgress
from contacts.listing import TableQuery
from contacts.listing.action_selection import selection_of, undecided_arrivals
from contacts.listing.selection import Selection
from contacts.models import BulkAction, BulkVerb
from contacts.views.groups import reached_group
from gateway import clock, outbox
from gateway.models import Connection
from gateway.sign_in.connections import NotConnected

NOBODY = "Nobody was selected, or they are gone by now."
ACTIONS_A_PAGE = 50


@writers_post
def actions(request: Request, group: int) -> HttpResponse:
    """Ask first, with what it costs; then, agreed to, begin. Who was shown is who is meant."""
    chosen = reached_group(request, group)
    selection = Selection.from_post(chosen, request.POST)
    verb = next((each for each in BulkVerb if each == request.POST.get("verb")), None)
    price = _price(request, verb, selection) if verb else None
    if verb is None or price is None or not price.people:
        messages.info(request, NOBODY)
        return redirect("contacts:group", chosen.pk)
    agreed = "agreed" in request.POST
    form = BulkForm(request.POST if agreed else None, verb=verb, group=chosen, price=price)
    if not (agreed and form.is_valid() and price.changing):
        return _ask(request, selection, verb, price, form)
    try:
        action = action_lifecycle.begin(
            verb, selection, agreed=price, options=form.options(), by=request.user
        )
    except NotConnected as error:
        messages.error(request, error.text)
        return redirect("contacts:group", chosen.pk)
    return redirect("contacts:bulk_action", action.pk)


@require_GET
def action(request: Request, pk: int) -> HttpResponse:
    return action_page(request, _reached(request, pk))


def action_page(request: Request, found: BulkAction) -> HttpResponse:
    context = {
        "action": found,
        "group": found.group,
        "title": action_texts.title(found),
        "whom": selection_of(found).person or found.whom,
        "left_out": action_texts.left_out(found),
        **_time_to_undo(found),
        **_progress(found),
    }
    return page_or_fragment(request, "contacts/bulk.html", "contacts/_bulk.html", context)


@writers_post
def holding(request: Request, pk: int) -> HttpResponse:
    """Somebody looks at it, so that it does not begin yet; or, with `now`, it does."""
    found = _reached(request, pk)
    (action_lifecycle.start_now if "now" in request.POST else action_lifecycle.hold)(found)
    if wants_fragment(request):
        return action_page(request, _reached(request, pk))
    return redirect("contacts:bulk_action", found.pk)


@writers_post
def undoing(request: Request, pk: int) -> HttpResponse:
    found = _reached(request, pk)
    if not action_lifecycle.undo(found, by=request.user):
        messages.info(request, "It had begun already. You can still cancel it.")
    return redirect("contacts:bulk_action", found.pk)


@writers_post
def pausing(request: Request, pk: int) -> HttpResponse:
    """Pause it, or let it go on: the opposite of what it is."""
    found = _reached(request, pk)
    (action_lifecycle.resume if found.paused else action_lifecycle.pause)(found, by=request.user)
    return redirect("contacts:bulk_action", found.pk)


@writers_form
def cancellation(request: Request, pk: int) -> HttpResponse:
    """Ask with what it leaves where, as a page or a dialog; then cancel the rest."""
    found = _reached(request, pk)
    if request.method == "POST" or not found.can_cancel:
        if not (request.method == "POST" and action_lifecycle.cancel(found, by=request.user)):
            messages.info(request, "It cannot be cancelled any more.")
        return redirect("contacts:bulk_action", found.pk)
    context = {
        "action": found,
        "group": found.group,
        "leaves": action_texts.cancelling(found, outbox.progress_of(found.batch)),
    }
    title = f"Cancel the rest in {found.group}"
    return page_or_dialog(request, "contacts/_bulk_cancellation.html", context, title=title)


@require_GET
def past_actions(request: Request, group: int) -> HttpResponse:
    chosen = reached_group(request, group)
    page = keyset(
        chosen.bulk_actions.select_related("created_by"),
        before=request.GET.get("before"),
        size=ACTIONS_A_PAGE,
    )
    failed = outbox.failed_calls([action.batch for action in page.rows])
    rows = [
        (action, action_texts.title(action), action_texts.result(action, failed.get(action.batch, 0)))
        for action in page.rows
    ]
    return render(request, "contacts/past_actions.html", {"group": chosen, "page": page, "rows": rows})


def _price(request: Request, verb: BulkVerb, selection: Selection) -> BulkPrice:
    if agreed := int_param(request.POST.get("agreed"), digits=INT_DIGITS):
        fingerprint = text_param(request.POST.get("fingerprint"), most=MAX_FINGERPRINT_LENGTH)
        there = int_param(request.POST.get("there"), digits=INT_DIGITS)
        return action_lifecycle.agreed_price(verb, selection, agreed, fingerprint, there)
    return action_lifecycle.price(verb, selection)


def _ask(
    request: Request, selection: Selection, verb: BulkVerb, price: BulkPrice, form: BulkForm
) -> HttpResponse:
    person, is_deletion = selection.person, verb == BulkVerb.DELETE
    question = action_texts.question(verb, price.people)
    context = {
        "group": selection.group,
        "selection": selection,
        "whom": person or selection.in_words(),
        "verb": verb,
        "price": price,
        "form": form,
        "question": question,
        "consequence": action_texts.consequence(verb, whole_group=selection.is_whole_group, one=bool(person)),
        "there": action_texts.there(price.there),
        "can_empty": is_deletion and not person and selection.covers_group,
        "left_out": action_texts.to_be_left_out(
            verb, people=price.people, changing=price.changing, opted_out=price.opted_out
        ),
        "button": action_texts.button(verb, price.people),
        "is_deletion": is_deletion,
        "deletes_one": is_deletion and person,
        "connection": Connection.objects.of(request.user),
        "back": reverse("contacts:group", args=[selection.group.pk]) + f"?{selection.filter}",
    }
    return page_or_dialog(request, "contacts/_bulk_confirm.html", context, title=question)


def _time_to_undo(found: BulkAction) -> dict[str, object]:
    """While somebody holds it by looking, the longest that they can."""
    now, grace = clock.now(), settings.BULK_GRACE
    is_held = found.begins_at - found.created_at > timedelta(seconds=grace + 1)
    until = found.starts_by if is_held else found.begins_at
    seconds = max(0, round((until - now).total_seconds()))
    return {"seconds_to_start": seconds, "is_held": is_held, "grace": grace}


def _progress(found: BulkAction) -> dict[str, object]:
    calls = outbox.progress_of(found.batch)
    connection = found.connection
    underway = calls.waiting and connection and connection.is_active and not found.paused
    progress = JobProgress(
        saved=found.looked_at,
        to_save=found.agreed,
        sent=calls.settled - calls.cancelled,
        to_send=calls.total if found.is_saved else max(calls.total, found.calls),
        failed=calls.failed + calls.unknown,
        waiting=calls.waiting,
        done_at=outbox.eta(connection, calls=0, lane=found.lane) if underway and connection else None,
    )
    return {
        "progress": progress,
        "untold": action_texts.left_untold(found, calls),
        **_met(found),
        "unsent_url": reverse("contacts:group", args=[found.group_id]) + TableQuery(state="failed").url(),
        "progress_note": import_texts.calls_left(progress),
        "unknown": calls.unknown,
        "failed_words": import_texts.failed(progress.failed),
    }


def _met(found: BulkAction) -> dict[str, str]:
    if "target" not in found.options:
        return {}
    there = reverse("contacts:group", args=[found.options["target"]]) + TableQuery(state="undecided").url()
    return {"met_words": action_texts.met(found, undecided_arrivals(found).count()), "met_url": there}


def _reached(request: Request, pk: int) -> BulkAction:
    found = BulkAction.objects.visible_to(request.user).select_related(
        "group__customer", "created_by", "connection"
    )
    return get_object_or_404(found, pk=pk)
