"""A message as a conversation shows it."""

from django import template
from django.template import Context
from django.utils.html import escape
from django.utils.safestring import SafeString

from messaging.inbox.models import Message, MessageState
from messaging.inbox.threads import message_markup

register = template.Library()


@register.simple_tag(takes_context=True)
def message(context: Context, said: Message) -> SafeString:
    """What was said and what became of it. thread, person, query."""
    bubble = f'<div class="message__bubble">{escape(said.content)}</div>' if said.content else ""
    has_files, is_asked = said.attachments or said.template_id, said.intent or said.opt_out_request_id
    is_settled = said.state != MessageState.WAITING and not said.needs_a_person
    files = _rendered(context, "inbox/_message_files.html", said) if has_files else ""
    meta = message_markup.render_meta(said, context["thread"])
    decisions = "" if is_settled else _rendered(context, "inbox/_message_decisions.html", said)
    asked = _rendered(context, "inbox/_message_asked.html", said) if is_asked else ""
    return SafeString(
        f'<article class="{message_markup.look_of(said)}" id="message-{said.pk}">{bubble}{files}'
        f'<div class="message__meta">{meta}</div>{decisions}</article>{asked}'
    )


def _rendered(context: Context, name: str, said: Message) -> str:
    assert context.template, "It is rendered within one."
    with context.push(message=said):
        return context.template.engine.get_template(name).render(context)
