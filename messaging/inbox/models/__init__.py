"""Conversations with people, their messages, and how a team shares them."""

from messaging.inbox.models.draft import Draft, FirstDraft, TemplateDraft
from messaging.inbox.models.message import Direction, Message, MessageState
from messaging.inbox.models.notification import MailedNotice, NotificationSettings
from messaging.inbox.models.opt_out_settings import OptOutSettings
from messaging.inbox.models.reply_settings import ReplySettings
from messaging.inbox.models.response_time import Measure, ResponseTime
from messaging.inbox.models.rule import AutomaticAnswer, OfficeHours, Rule, RuleRun, When
from messaging.inbox.models.team import Mention, Note, Presence, SavedInboxView
from messaging.inbox.models.thread import Label, Team, Thread, ThreadRead, ThreadState
