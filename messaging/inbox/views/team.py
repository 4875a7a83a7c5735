"""What a team does with a thread: whose it is, its labels, when it comes back, notes, who is writing."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.access import writers_post
from accounts.models import Customer, User
from accounts.web.htmx import wants_fragment
from accounts.web.http import Request
from accounts.web.params import int_param
from messaging.inbox.forms import NoteForm, SnoozeForm
from messaging.inbox.models import Label, Team, Thread
from messaging.inbox.models.thread import ThreadQuerySet
from messaging.inbox.team import notes, presence, teamwork
from messaging.inbox.team.notes import UnclearMention
from messaging.inbox.threads import conversations
from messaging.inbox.threads.places import InboxPlace
from messaging.inbox.threads.thread_list import ThreadQuery, next_thread
from messaging.inbox.views.threads import get_thread_or_404, thread_response


@writers_post
def assignment(request: Request, pk: int) -> HttpResponse:
    """`to`: the key of a colleague; `team`: of a team; neither: nobody."""
    thread = get_thread_or_404(request, pk)
    to = _whose_or_404(thread.customer, request.POST.get("to"), request.POST.get("team"))
    teamwork.assign(_own(thread), customer=thread.customer, to=to, by=request.user)
    return to_thread(request, thread)


@writers_post
def labels(request: Request, pk: int) -> HttpResponse:
    """Put a label on, a new one too; or take `off` one."""
    thread = get_thread_or_404(request, pk)
    if off := int_param(request.POST.get("off")):
        label = get_object_or_404(Label.objects.of_customer(thread.customer), pk=off)
        teamwork.remove_label(thread, label, by=request.user)
    elif not teamwork.add_label(
        _own(thread), request.POST.get("name", ""), customer=thread.customer, by=request.user
    ):
        messages.error(request, f"Give the label a name. There can be {teamwork.MAX_LABELS} different ones.")
    return to_thread(request, thread)


@writers_post
def snoozing(request: Request, pk: int) -> HttpResponse:
    """Away until then, and on with the next thread."""
    thread, form = get_thread_or_404(request, pk), SnoozeForm(request.POST)
    if not form.is_valid():
        messages.error(request, form.why_not)
        return to_thread(request, thread)
    following = next_thread(thread, ThreadQuery.from_query(request.GET), request.user)
    seen = int_param(request.POST.get("newest"))
    if teamwork.snooze(thread, until=form.until, seen=seen, by=request.user):
        return on_to(request, following)
    messages.warning(request, "They wrote meanwhile, so the conversation is not snoozed. Read that first.")
    return to_thread(request, thread)


@writers_post
def thread_notes(request: Request, pk: int) -> HttpResponse:
    """For colleagues only; whom it names as @name is told."""
    thread, form = get_thread_or_404(request, pk), NoteForm(request.POST)
    if form.is_valid():
        try:
            told = notes.write(thread, form.cleaned_data["text"], by=request.user)
        except UnclearMention as error:
            form.add_error("text", error.text)
        else:
            if told:
                messages.success(request, f"Saved. {', '.join(map(str, told))} will see it.")
            for missed in notes.missed_in(form.cleaned_data["text"], thread.customer):
                messages.warning(request, f"{missed} is not told: they cannot answer here.")
            return to_thread(request, thread)
    return thread_response(request, thread, status=200 if wants_fragment(request) else 422, note_form=form)


@require_POST
def unread_marker(request: Request, pk: int) -> HttpResponse:
    """Unread again for this person alone, who goes back to the list."""
    thread = get_thread_or_404(request, pk)
    if not thread.is_waiting:
        messages.warning(request, "Nobody waits for an answer here any more, so it stays read.")
        return to_thread(request, thread)
    conversations.mark_unread(thread, by=request.user)
    return on_to(request, None)


@writers_post
def writing(request: Request, pk: int) -> HttpResponse:
    presence.is_writing(get_thread_or_404(request, pk), by=request.user)
    return HttpResponse(status=204)


@writers_post
def bulk(request: Request) -> HttpResponse:
    """What is done to all that are ticked: assigned, labelled, or marked as done."""
    place = InboxPlace.from_query(request.GET)
    seen = dict(filter(None, map(_ticked, request.POST.getlist("thread")[:200])))
    threads = Thread.objects.visible_to(request.user).of_customer(request.customer).filter(pk__in=seen)
    if request.customer is not None:
        messages.success(request, _do_to_all(request, threads, seen))
    return redirect(reverse("inbox:threads") + place.query())


def _do_to_all(request: Request, threads: ThreadQuerySet, seen: dict[int, int]) -> str:
    """In words what came of it."""
    assert request.customer is not None
    whose: dict[str, Any] = {"customer": request.customer, "by": request.user}
    if "assign" in request.POST or "team" in request.POST:
        to = _whose_or_404(request.customer, request.POST.get("assign"), request.POST.get("team"))
        number = teamwork.assign(threads, to=to, **whose)
        return f"{number} assigned to {to}." if to else f"{number} assigned to nobody."
    if request.POST.get("label"):
        label = teamwork.add_label(threads, request.POST["label"], **whose)
        return f"Labelled “{label}”." if label else "Give the label a name."
    if request.POST.get("do") != "done":
        return "Choose what to do with them."
    number = teamwork.finish(threads, seen, **whose)
    left = threads.count() - number
    return f"{number} marked as done." + (f" {left} left: somebody wrote meanwhile." if left else "")


def _whose_or_404(customer: Customer, person: str | None, team: str | None) -> User | Team | None:
    """Of the keys of a colleague and of a team the one that is given; None: nobody."""
    if key := int_param(team):
        return get_object_or_404(Team.objects.of_customer(customer), pk=key)
    if key := int_param(person):
        return get_object_or_404(teamwork.team_of(customer), pk=key)
    return None


def _ticked(value: str) -> tuple[int, int] | None:
    """A thread, and the key of its last message as the page showed it."""
    pk, _, newest = value.partition(":")
    return (int_param(pk), int_param(newest)) if int_param(pk) else None


def _own(thread: Thread) -> ThreadQuerySet:
    return Thread.objects.filter(pk=thread.pk)


def thread_address(request: Request, thread: Thread) -> str:
    """With the place in the inbox from which somebody came."""
    return reverse("inbox:thread", args=[thread.pk]) + InboxPlace.from_query(request.GET).query()


def to_thread(request: Request, thread: Thread) -> HttpResponse:
    return redirect(thread_address(request, thread))


def on_to(request: Request, following: Thread | None) -> HttpResponse:
    """The next thread of the list that one works through, else the list."""
    if following is not None:
        return to_thread(request, following)
    return redirect(reverse("inbox:threads") + InboxPlace.from_query(request.GET).query())
