"""Pages for writing to one person: a WhatsApp template, a first message."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render

from accounts.access import writers_form
from accounts.web.htmx import page_or_fragment
from accounts.web.http import Request
from accounts.web.params import int_param, text_param
from gateway.sign_in.connections import NotConnected
from messaging.inbox.models import FirstDraft, Message, Thread
from messaging.inbox.replies import drafts, first_messages, replying, snippets
from messaging.inbox.replies.replying import AnsweredMeanwhile, ReplyOptions
from messaging.inbox.replies.routes import CannotReply
from messaging.inbox.replies.sending_forms import FirstMessageForm, TemplateChoice, TemplateValues
from messaging.inbox.threads import conversations
from messaging.inbox.threads.person import Correspondent
from messaging.inbox.views.threads import get_thread_or_404
from messaging.whatsapp.models import Template

TEMPLATE_PAGE, PREVIEW = "inbox/template_reply.html", "inbox/_template_preview.html"
FIRST_PAGE = "inbox/first_message.html"
BEGUN_SHOWN = 20


@writers_form
def template_reply(request: Request, pk: int) -> HttpResponse:
    """Choose a template, fill it, see it and send it; for htmx what the phone will show."""
    thread = get_thread_or_404(request, pk)
    asked = request.POST if request.method == "POST" else request.GET
    begun = None if "template" in asked else drafts.template_draft(thread, request.user)
    choice = TemplateChoice(
        {"template": begun.template_id} if begun else asked or None, customer=thread.customer
    )
    seen = int_param(asked.get("seen")) or conversations.newest_key(thread)
    context: dict[str, Any] = {"thread": thread, "choice": choice, "seen": seen}
    if choice.is_valid():
        template = choice.cleaned_data["template"]
        if request.method == "POST":
            context["form"] = TemplateValues(request.POST, template=template)
            if context["form"].is_valid() and _send(request, thread, context["form"]):
                return redirect("inbox:thread", thread.pk)
        else:
            draft = drafts.template_draft(thread, request.user, template)
            known = _values_of_person(thread, template) | (draft.said if draft else {})
            initial = {**known, **request.GET.dict(), "seen": seen}
            context |= {"form": TemplateValues(initial=initial, template=template), "draft": draft}
    return page_or_fragment(
        request, TEMPLATE_PAGE, PREVIEW, context, status=422 if request.method == "POST" else 200
    )


@writers_form
def first_message(request: Request) -> HttpResponse:
    """To a number that is typed, or `?phone=`; or to go on with what was begun, `?draft=`.

    With whom there is a conversation, what is typed goes into its reply box: what was said there, and from
    where an answer goes, is seen before it is sent.
    """
    if request.customer is None:
        return redirect("inbox:threads")
    phone = text_param(request.GET.get("phone"), most=40)
    if phone and (known := first_messages.thread_with(request.customer, phone)):
        return redirect("inbox:thread", known.pk)
    begun = drafts.first_drafts(request.customer, request.user)
    draft = _begun(begun, request, phone)
    initial = {**draft.said, "phone": draft.phone, "key": draft.key} if draft else {"phone": phone}
    form = FirstMessageForm(request.POST or None, initial=initial, customer=request.customer)
    if form.is_valid() and (thread := _taken_along(request, form) or _write(request, form)):
        drafts.forget_first(form.cleaned_data["key"], request.user)
        return redirect("inbox:thread", thread.pk)
    others = begun.exclude(pk=draft.pk) if draft else begun
    context = {"form": form, "draft": draft, "begun": others[:BEGUN_SHOWN]}
    return render(request, FIRST_PAGE, context, status=422 if form.errors else 200)


def _begun(begun: QuerySet[FirstDraft], request: Request, phone: str) -> FirstDraft | None:
    """What they go on with: the one that is named, or the latest to that number."""
    assert request.customer
    if number := int_param(request.GET.get("draft")):
        return begun.filter(pk=number).first()
    return begun.filter(phone=first_messages.as_kept(request.customer, phone)).first() if phone else None


def _values_of_person(thread: Thread, template: Template) -> dict[str, str]:
    """What is known of them for the gaps, to be seen before it is sent."""
    contacts = Correspondent.of(thread).contacts
    names = {number: template.name_of(number) for number in template.variables}
    return {f"value_{number}": snippets.value_for(name, contacts) for number, name in names.items() if name}


def _send(request: Request, thread: Thread, form: TemplateValues) -> bool:
    """False when it cannot be sent; the form says why."""
    written = {key: form.cleaned_data[key] for key in ("key", "seen")}
    options = ReplyOptions(
        template=form.template, values=form.values, attachment=form.cleaned_data.get("attachment", "")
    )
    try:
        replying.reply(thread, form.text, by=request.user, options=options, **written)
    except AnsweredMeanwhile as error:
        form.ask_again(error.text, seen=error.other.pk)
        return False
    except (CannotReply, NotConnected) as error:
        form.add_error(None, error.text)
        return False
    drafts.forget_template(thread, form.template, request.user)
    return True


def _taken_along(request: Request, form: FirstMessageForm) -> Thread | None:
    """The conversation that there is with them, with the words as a draft; None: there is none, or it began
    with this very form.
    """
    assert request.customer
    data = form.cleaned_data
    known = first_messages.thread_with(request.customer, data["phone"])
    if known is None or Message.objects.filter(uuid=data["key"]).exists():
        return None
    drafts.add(known, data["content"], key=data["key"], of=request.user)
    messages.info(
        request, "You have a conversation with this person. Your words are in its reply box, not sent yet."
    )
    return known


def _write(request: Request, form: FirstMessageForm) -> Thread | None:
    assert request.customer
    data = form.cleaned_data
    try:
        message = first_messages.write(
            request.customer,
            data["phone"],
            data["content"],
            sender=data["sender"],
            service=data["service"],
            key=data["key"],
            by=request.user,
        )
    except (CannotReply, NotConnected) as error:
        form.add_error(None, error.text)
        return None
    return message.thread
