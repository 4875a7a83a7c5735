"""What every message of a conversation shows, as markup, which is made here and in no template, to be quick:
of a long conversation, hundreds stand on a page. What only some have, templates show.
"""

from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape
from django.utils.safestring import SafeString

from accounts.templatetags.ui import exact, icon
from messaging.inbox.models import Message, MessageState, Thread

SETTLED: dict[str, tuple[str, str]] = {  # its sign, and words
    MessageState.SENT: ("check", "Sent"),
    MessageState.DELIVERED: ("check-check", "Delivered"),
    MessageState.CANCELLED: ("x", "Cancelled, not sent"),
    MessageState.FAILED: ("circle-alert", "Not delivered"),
    MessageState.UNCERTAIN: ("circle-alert", "May have been sent"),
}


def look_of(message: Message) -> str:
    """Its classes."""
    looks = ["message"]
    if message.is_ours:
        looks.append("message--out")
        looks += [f"message--{message.state}"] if message.needs_a_person else []
    return " ".join(looks)


def render_meta(message: Message, opened: Thread) -> str:
    """By whom, which way, when, and what became of it; to which service, where not in the thread `opened`."""
    said = [_author(message)] if message.is_ours else []
    if message.channel not in {"", "SMS"}:
        said.append(escape(message.channel))
    if message.thread_id != opened.pk:
        place, service = reverse("inbox:thread", args=[message.thread_id]), message.thread.service
        said.append(f'<a href="{place}"><bdi>{escape(service.name)}</bdi></a>')
    local, state = timezone.localtime(message.at), ""
    at, title = local.isoformat(), escape(exact(message.at))
    said.append(f'<time datetime="{at}" title="{title}">{local:%H:%M}</time>')
    if message.is_ours:
        shown = render_state(message)
        state = f'<span class="message__state" data-state="{escape(message.state)}">{shown}</span>'
    return f"{' · '.join(said)} {state}"


def render_state(message: Message) -> SafeString:
    """What became of one of our messages, also sent by itself when it changed."""
    needs_a_person = message.needs_a_person
    sign, words = ("", "") if needs_a_person else _state(message)
    shown = f"{icon(sign)} {escape(words)}" if sign else ""
    error = f" · {escape(message.error_text)}" if message.error_text and not needs_a_person else ""
    return SafeString(shown + error)


def _state(message: Message) -> tuple[str, str]:
    if message.state != MessageState.WAITING:
        return SETTLED.get(message.state, ("", ""))
    if message.is_scheduled:
        return "clock", f"Goes out {exact(message.send_at)}"
    return "clock", message.waits_for or "On its way"


def _author(message: Message) -> str:
    if message.automatic:
        rule = getattr(message, "rule_run", None)
        return f"Answered by the rule <bdi>{escape(rule)}</bdi>" if rule else "Sent by itself"
    by = escape(message.created_by or "A person who has left")
    return f"{by} · sent by {escape(message.sent_by)}" if message.sent_by else by
