"""Rows of the list, and what a search found, as markup, which is made here and in no template, to be quick.

A row is the same for everybody: what differs from person to person is known by the page (thread-rows.js).
"""

from collections.abc import Iterable
from html import escape

from django.urls import reverse
from django.utils.safestring import SafeString

from accounts.templatetags.ui import icon, when
from accounts.wording.phone_numbers import format_phone
from messaging.inbox.models import Thread
from messaging.inbox.search.note_hits import NoteHit
from messaging.inbox.search.results import MessageHit
from messaging.inbox.threads.thread_list import ThreadRow

HIDDEN = '<span class="visually-hidden">{}</span>'
UNREAD = '<span class="thread__dot" {}>' + HIDDEN.format("Unread") + "</span>"
NAMED = '<span class="thread__named" {}>{}' + HIDDEN.format("Mentions you") + "</span>"


def render_rows(rows: Iterable[ThreadRow], *, query: str = "", current: int = 0) -> SafeString:
    """`query`: of the list; `current`: the thread that is open."""
    threads, query = reverse("inbox:threads"), escape(query)
    return SafeString("".join(_row(row, f"{threads}{row.thread.pk}/{query}", current) for row in rows))


def render_hits(hits: Iterable[MessageHit | NoteHit], *, query: str) -> SafeString:
    threads, query = reverse("inbox:threads"), escape(query)
    return SafeString("".join(_hit(each, threads, query) for each in hits))


def _row(row: ThreadRow, place: str, current: int) -> str:
    thread, title, is_unread = row.thread, escape(row.title), row.is_unread
    since = thread.unanswered_since.isoformat() if thread.unanswered_since else ""
    return f"""
<div class="thread{" thread--unread" if is_unread else ""}" id="thread-{thread.pk}" data-list-item
  data-thread="{thread.pk}" data-marks="{escape(row.marks)}" data-at="{thread.last_message_at.isoformat()}"
  data-since="{since}" data-newest="{thread.newest_received}" data-read="{row.read}">
  <label class="thread__pick">
    <input type="checkbox" name="thread" value="{thread.pk}:{thread.newest_received}" data-select-row>
    <span class="visually-hidden">Select {title}</span>
  </label>
  <a class="thread__link" href="{place}" hx-get="{place}" hx-target="#open" hx-swap="outerHTML"
    hx-push-url="true" {'aria-current="true"' if thread.pk == current else ""}>
    <span class="thread__name">{title}</span>
    <span class="thread__when">{when(thread.last_message_at)}</span>
    <span class="thread__text">{_last_words(thread)}</span>
    <span class="thread__end">{_state(thread)} {_own(row)}</span>
    <span class="thread__marks">{_marks(row)}</span>
  </a>
</div>"""


def _last_words(thread: Thread) -> str:
    said_by = "You: " if thread.last_direction == "out" else ""
    return f"{said_by}{escape(thread.last_text or 'No words')}"


def _state(thread: Thread) -> str:
    if thread.is_open:
        return ""
    name, words = ("archive", "Done") if thread.is_closed else ("alarm-clock", "Snoozed")
    return f"{icon(name)} {HIDDEN.format(words)}"


def _own(row: ThreadRow) -> str:
    """Both are there, one or both hidden: the page shows and hides them."""
    named = NAMED.format("" if row.is_named else "hidden", icon("at-sign"))
    return f"{named} {UNREAD.format('' if row.is_unread else 'hidden')}"


def _marks(row: ThreadRow) -> str:
    thread, marks = row.thread, []
    if thread.is_waiting:
        marks.append(
            f'<span class="thread__waits">{icon("clock")}Waiting · {when(thread.unanswered_since)}</span>'
        )
    if row.has_failed_answer:
        marks.append(f'<span class="thread__failed">{icon("circle-alert")}Not delivered</span>')
    if whose := thread.whose:
        name = icon("users" if thread.team else "user")
        marks.append(f'<span class="thread__whose">{name}{escape(str(whose))}</span>')
    labels = "".join(f'<span class="tag">{escape(label.name)}</span>' for label in row.labels)
    return " ".join([*marks, labels])


def _hit(hit: MessageHit | NoteHit, threads: str, query: str) -> str:
    said_by = f"{escape(hit.author)}:" if hit.author else ""
    words = " ".join(
        f"<mark>{escape(word)}</mark>" if is_marked else escape(word) for word, is_marked in hit.snippet
    )
    return f"""
<div class="thread" data-list-item>
  <a class="thread__link" href="{threads}{hit.thread}/{query}{escape(hit.place)}">
    <span class="thread__name">{escape(format_phone(hit.name or hit.address))}</span>
    <span class="thread__when">{when(hit.at)}</span>
    <span class="thread__found">{said_by} {words}</span>
  </a>
</div>"""
