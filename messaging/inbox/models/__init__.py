"""Conversations with people, and their messages."""

from messaging.inbox.models.message import Direction, Message, MessageState
from messaging.inbox.models.thread import Thread, ThreadState

__all__ = ["Direction", "Message", "MessageState", "Thread", "ThreadState"]
