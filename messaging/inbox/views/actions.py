"""What people do in the inbox: answer, mark as read, close, start receiving."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from accounts.access import writers_post
from accounts.web.htmx import redirect_htmx, wants_fragment
from accounts.web.http import Request
from accounts.web.params import int_param
from accounts.wording.phone_numbers import format_phone
from contacts.consent.forms import LiftForm, OptOutForm
from contacts.views import consent
from gateway.sign_in.connections import NotConnected
from messaging.inbox.forms import ReplyForm
from messaging.inbox.incoming import inbound_setup
from messaging.inbox.incoming.addresses import can_be_answered
from messaging.inbox.incoming.receiving import tell_of_person
from messaging.inbox.models import Thread, ThreadState
from messaging.inbox.replies import decisions, replying
from messaging.inbox.replies.replying import AnsweredMeanwhile, CannotReply, ReplyOptions
from messaging.inbox.team import notes, presence, teamwork
from messaging.inbox.team.desk import Desk
from messaging.inbox.threads import conversations
from messaging.inbox.threads.thread_list import ThreadQuery, next_thread
from messaging.inbox.views.list_pane import PageStart, thread_list_context
from messaging.inbox.views.team import on_to, thread_address, to_thread
from messaging.inbox.views.threads import (
    PAGE,
    conversation_context,
    get_message_or_404,
    get_thread_or_404,
    sidebar_context,
)

MAY_HAVE_LEFT = (
    "This answer may have left already, so it cannot be sent as yours. Cancel it, look whether it arrived, "
    "and send it again if not."
)


@writers_post
def replies(request: Request, pk: int) -> HttpResponse:
    """Answer the person. For htmx: the reply box anew, and the messages beside it, where the page shows the
    latest; else the page of them.
    """
    thread = get_thread_or_404(request, pk)
    form = ReplyForm(request.POST)
    sent = form.is_valid() and _reply(request, thread, form)
    if sent:
        presence.has_stopped(thread, by=request.user)
    if sent and not wants_fragment(request):
        return to_thread(request, thread)
    desk = Desk(thread.customer)
    start = None if wants_fragment(request) else PageStart.of(desk, request)
    context = conversation_context(request, thread, desk)
    if sent and context["is_older"]:
        return redirect_htmx(thread_address(request, thread))
    context |= sidebar_context(request, context, form=None if sent else form)
    if start is None:
        return render(request, "inbox/_reply_response.html", context)
    listed = thread_list_context(request, desk, start, current=pk)
    return render(request, PAGE, listed | context, status=422)


@require_POST
def read_marker(request: Request, pk: int) -> HttpResponse:
    """Each person's own."""
    thread = get_thread_or_404(request, pk)
    if newest := int_param(request.POST.get("newest")):
        conversations.mark_read(thread, newest=newest, by=request.user)
    notes.see(thread, by=request.user)
    return HttpResponse(status=204) if wants_fragment(request) else to_thread(request, thread)


@writers_post
def state(request: Request, pk: int) -> HttpResponse:
    """Mark a thread as done, and go on with the next of the list; or open it again, and stay."""
    thread = get_thread_or_404(request, pk)
    if request.POST.get("state") != ThreadState.CLOSED:
        conversations.reopen(thread, by=request.user)
        return to_thread(request, thread)
    following = next_thread(thread, ThreadQuery.from_query(request.GET), request.user)
    seen = {thread.pk: int_param(request.POST.get("newest"))}
    own = Thread.objects.filter(pk=thread.pk)
    if teamwork.finish(own, seen, customer=thread.customer, by=request.user) or thread.is_closed:
        messages.success(request, "Done. A new message reopens it.")
        return on_to(request, following)
    messages.warning(request, "They wrote meanwhile, so the conversation stays open. Read that first.")
    return to_thread(request, thread)


@writers_post
def tries(request: Request, pk: int) -> HttpResponse:
    """Send an answer again that failed, or that may have been sent."""
    message = get_message_or_404(request, pk)
    if message.needs_a_person:
        try:
            decisions.try_again(message, by=request.user)
        except (CannotReply, NotConnected) as error:
            messages.error(request, error.text)
    return to_thread(request, message.thread)


@writers_post
def takeover(request: Request, pk: int) -> HttpResponse:
    """Send with one's own sign-in what waits for another's."""
    message = get_message_or_404(request, pk)
    try:
        if not decisions.take_over(message, by=request.user) and decisions.still_waits(message):
            messages.error(request, MAY_HAVE_LEFT)
    except NotConnected as error:
        messages.error(request, error.text)
    return to_thread(request, message.thread)


@writers_post
def cancellation(request: Request, pk: int) -> HttpResponse:
    """Not to send an answer that waits."""
    message = get_message_or_404(request, pk)
    if not decisions.cancel(message, by=request.user):
        messages.error(request, "This answer has left already.")
    return to_thread(request, message.thread)


@writers_post
def dismissal(request: Request, pk: int) -> HttpResponse:
    """Leave an answer as it is, though it did not arrive."""
    message = get_message_or_404(request, pk)
    decisions.dismiss(message, by=request.user)
    return to_thread(request, message.thread)


@writers_post
def opting_out(request: Request, pk: int) -> HttpResponse:
    """From all that the customer sends, in every group; whether or not a group has the number."""
    thread, form = get_thread_or_404(request, pk), OptOutForm(request.POST, auto_id="id_opt_out_%s")
    if not (can_be_answered(thread.address) and form.is_valid()):
        return _with_consent_forms(request, thread, opt_out_form=form)
    consent.opt_out(request, thread.customer, thread.address, form, name=format_phone(thread.address))
    tell_of_person(thread.customer, thread.address)
    return to_thread(request, thread)


@writers_post
def letting_back(request: Request, pk: int) -> HttpResponse:
    """Messages again, for somebody who agreed to it: how and when is kept."""
    thread, form = get_thread_or_404(request, pk), LiftForm(request.POST, auto_id="id_lift_%s")
    if not form.is_valid():
        return _with_consent_forms(request, thread, lift_form=form)
    consent.let_back(request, thread.customer, thread.address, form, name=format_phone(thread.address))
    tell_of_person(thread.customer, thread.address)
    return to_thread(request, thread)


@writers_post
def subscriptions(request: Request) -> HttpResponse:
    """Start receiving the messages of the customer's two-way services."""
    try:
        started = inbound_setup.subscribe_all(request.customer, by=request.user) if request.customer else 0
    except NotConnected as error:
        messages.error(request, error.text)
    else:
        if started:
            messages.success(request, "Messages will arrive here as soon as SmartDialog confirms it.")
    return redirect("inbox:threads")


def _reply(request: Request, thread: Thread, form: ReplyForm) -> bool:
    """False when it cannot be sent; the form says why, and keeps the words."""
    said = form.cleaned_data
    options = ReplyOptions(attachment=said["attachment"], send_at=said["send_at"])
    try:
        replying.reply(
            thread, said["content"], key=said["key"], by=request.user, seen=said["seen"], options=options
        )
    except AnsweredMeanwhile as error:
        form.ask_again(error.text, seen=error.other.pk, field="content")
        return False
    except (CannotReply, NotConnected) as error:
        form.add_error("content", error.text)
        form.renew_key()
        return False
    return True


def _with_consent_forms(request: Request, thread: Thread, **forms: Any) -> HttpResponse:
    desk = Desk(thread.customer)
    start = PageStart.of(desk, request)
    context = conversation_context(request, thread, desk)
    context |= sidebar_context(request, context, **forms)
    context |= thread_list_context(request, desk, start, current=thread.pk)
    return render(request, PAGE, context, status=422)
