"""Conversations with people, and their messages."""

from messaging.inbox.models.draft import Draft
from messaging.inbox.models.message import Direction, Message, MessageState
from messaging.inbox.models.opt_out_settings import OptOutSettings
from messaging.inbox.models.reply_settings import ReplySettings
from messaging.inbox.models.thread import Thread, ThreadState

__all__ = [
    "Direction",
    "Draft",
    "Message",
    "MessageState",
    "OptOutSettings",
    "ReplySettings",
    "Thread",
    "ThreadState",
]
