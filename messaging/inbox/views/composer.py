"""The reply box below a conversation."""

from typing import Any

from accounts.http import Request
from accounts.params import int_param
from gateway.connections import NotConnected, for_user
from messaging.inbox import conversations, routes, snippets
from messaging.inbox.addresses import can_be_answered
from messaging.inbox.forms import ReplyForm
from messaging.inbox.models import Thread
from messaging.inbox.person import Correspondent
from messaging.inbox.routes import CannotReply
from messaging.inbox.sending_forms import sendable_templates
from messaging.inbox.snippets import Filled


def composer_context(
    request: Request, shown: dict[str, Any], form: ReplyForm | None, correspondent: Correspondent
) -> dict[str, Any]:
    """The reply box, or why there is none."""
    thread, draft = shown["thread"], shown["own"].draft
    if not request.user.can_write:
        return {"why_not": "Your role is viewer. Ask an admin to make you a marketer to answer people."}
    try:
        route = routes.reply_route(thread)
        connection = for_user(request.user)
    except (CannotReply, NotConnected) as error:
        is_connected = not isinstance(error, NotConnected)
        return {
            "why_not": error.text,
            "connect": not is_connected,
            "draft": draft,
            "can_send_template": is_connected and _has_templates(thread),
        }
    filled = snippets.offered(thread.customer, correspondent.contacts, to=request.user)
    newest = conversations.newest_key(thread, shown["conversation"])
    begun = {"content": _begun(request, draft, filled), "seen": newest}
    return {
        "form": form or ReplyForm(initial=begun),
        "snippets": filled,
        "route": route,
        "connection": connection,
        "can_send_template": _has_templates(thread),
    }


def _begun(request: Request, draft: str, filled: list[Filled]) -> str:
    """The draft, and after it the snippet that was chosen without a script."""
    chosen = int_param(request.GET.get("snippet"))
    words = [each.text for each in filled if each.snippet.pk == chosen]
    return " ".join(filter(None, [draft, *words]))


def _has_templates(thread: Thread) -> bool:
    return can_be_answered(thread.address) and sendable_templates(thread.customer).exists()
