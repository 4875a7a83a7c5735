"""The reply box below a conversation."""

from hashlib import md5
from typing import Any

from django.urls import reverse

from accounts.web.http import Request
from accounts.web.params import int_param
from contacts.consent import record
from contacts.models import Suppression
from gateway.sign_in.connections import NotConnected, for_user
from messaging.inbox.forms import ReplyForm
from messaging.inbox.incoming.addresses import can_be_answered
from messaging.inbox.models import Message, Thread
from messaging.inbox.replies import routes, snippets
from messaging.inbox.replies.routes import WHATSAPP, CannotReply, Route
from messaging.inbox.replies.sending_forms import some_template
from messaging.inbox.replies.snippets import Filled
from messaging.inbox.threads import conversations
from messaging.inbox.threads.conversations import Conversation
from messaging.inbox.threads.person import Correspondent


def composer_context(
    request: Request, shown: dict[str, Any], form: ReplyForm | None, correspondent: Correspondent
) -> dict[str, Any]:
    """The reply box, or why there is none. `stamp`: another where what stands around the box is another."""
    composer = _composer(request, shown, form, correspondent)
    return composer | {"stamp": _stamp(composer, record.stopping(shown["conversation"].consent))}


def _composer(
    request: Request, shown: dict[str, Any], form: ReplyForm | None, correspondent: Correspondent
) -> dict[str, Any]:
    thread, draft = shown["thread"], shown["own"].draft
    if not request.user.can_write:
        return {"why_not": "Your role is viewer. Ask an admin to make you a marketer to answer people."}
    try:
        last = conversations.last_shown(thread, shown["conversation"])
        route = routes.reply_route(thread, services=shown["desk"].services, last=last)
        connection = for_user(request.user)
    except (CannotReply, NotConnected) as error:
        is_connected = not isinstance(error, NotConnected)
        return {
            "why_not": error.text,
            "connect": not is_connected,
            "draft": str(form["content"].value() or "") if form else draft,
            "can_send_template": is_connected and _has_templates(thread),
        }
    filled = snippets.offered(thread.customer, correspondent.contacts, to=request.user)
    newest = conversations.newest_key(thread, shown["conversation"])
    begun: dict[str, Any] = {"content": _begun(request, draft, filled), "seen": newest}
    if key := shown["own"].draft_key:
        begun["key"] = key
    return {
        "form": _fitted(form or ReplyForm(initial=begun), thread, route),
        "elsewhere": _elsewhere(thread, shown["conversation"]),
        "snippets": filled,
        "route": route,
        "connection": connection,
        "can_send_template": _has_templates(thread),
    }


def _stamp(composer: dict[str, Any], opt_out: Suppression | None) -> str:
    route, connection, elsewhere = (composer.get(name) for name in ("route", "connection", "elsewhere"))
    said = [composer.get("why_not"), composer.get("can_send_template"), opt_out and opt_out.pk]
    said += [connection and connection.state, elsewhere and elsewhere.pk]
    if route:
        said += [route.service.pk, route.sender, route.free_until, route.discussion, route.why_no_file]
    return md5(repr(said).encode(), usedforsecurity=False).hexdigest()


def _fitted(form: ReplyForm, thread: Thread, route: Route) -> ReplyForm:
    """Its box says where what is typed in it is kept, and counts SMS only where it goes out as SMS."""
    attributes = form.fields["content"].widget.attrs
    attributes["data-draft"] = reverse("inbox:draft", args=[thread.pk])
    attributes["data-saved"] = f"reply-saved-{thread.pk}"
    if route.protocol == WHATSAPP:
        attributes["data-counter"] = attributes.pop("data-parts")
    return form


def _elsewhere(thread: Thread, shown: Conversation) -> Message | None:
    """Their last word, where it is not in this thread."""
    last = conversations.last_received(shown.threads)
    return last if last and last.thread_id != thread.pk else None


def _begun(request: Request, draft: str, filled: list[Filled]) -> str:
    """The draft, and after it the snippet that was chosen without a script."""
    chosen = int_param(request.GET.get("snippet"))
    words = [each.text for each in filled if each.snippet.pk == chosen]
    return " ".join(filter(None, [draft, *words]))


def _has_templates(thread: Thread) -> bool:
    return can_be_answered(thread.address) and bool(some_template(thread.customer))
