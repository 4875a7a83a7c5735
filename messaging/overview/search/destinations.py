"""Where one can go and what one can begin, by role."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse

from accounts.models import User


@dataclass(frozen=True)
class Destination:
    """`words`: what else people call it. `role`: who may use it: `` (anybody), `writer` or `admin`."""

    name: str
    view: str
    icon: str
    words: str = ""
    role: str = ""

    @property
    def url(self) -> str:
        return reverse(self.view)

    def is_for(self, user: User) -> bool:
        return {"": True, "writer": user.can_write, "admin": user.is_admin}[self.role]


ACTIONS = [
    Destination("New campaign", "campaigns:new", "megaphone", "send message sms create write", "writer"),
    Destination("Import contacts", "contacts:groups", "upload", "add people csv excel file upload", "writer"),
    Destination("Write to one person", "inbox:first_message", "send", "new message sms", "writer"),
    Destination("New template", "whatsapp:new", "layout-template", "whatsapp create write", "writer"),
    Destination("New segment", "contacts:segment_new", "list-filter", "filter create audience", "writer"),
    Destination("Add an opt-out", "opt_outs:new", "bell-off", "stop unsubscribe block number", "writer"),
    Destination("Import opt-outs", "opt_outs:import", "upload", "stop unsubscribe list file", "writer"),
]
PAGES = [
    Destination("Overview", "overview", "house", "home start"),
    Destination("Contacts", "contacts:groups", "users", "groups people lists"),
    Destination("Segments", "contacts:segments", "list-filter", "filters audience"),
    Destination("Templates", "whatsapp:list", "layout-template", "whatsapp"),
    Destination("Campaigns", "campaigns:list", "megaphone", "messages sent results"),
    Destination("Month", "campaigns:month", "calendar", "calendar scheduled campaigns"),
    Destination("Compare campaigns", "campaigns:comparison", "chart-column", "report results statistics"),
    Destination("Inbox", "inbox:threads", "inbox", "replies conversations messages"),
    Destination("Response times", "inbox:response_times", "timer", "inbox report how long wait answer done"),
    Destination("Notifications", "inbox:notifications", "bell", "sound desktop mail email preferences"),
    Destination("Opt-out requests", "inbox:opt_out_requests", "bell-off", "stop decide"),
    Destination("Opt-outs", "opt_outs:list", "bell-off", "stop unsubscribed suppression"),
    Destination("Teams", "inbox:teams", "users", "settings inbox assign kitchen reception queue"),
    Destination("Your preferences", "accounts:preferences", "clock", "time zone name settings profile"),
    Destination(
        "Sign-in and security", "accounts:security", "shield-check", "password sessions second factor"
    ),
    Destination("People", "settings:people", "users", "settings users roles colleagues", "admin"),
    Destination("Connections", "gateway:services", "settings", "settings services hooks", "admin"),
    Destination("SmartDialog", "gateway:quirks", "settings", "settings reports", "admin"),
    Destination("Settings of campaigns", "campaign_rules:rules", "settings", "limits senders", "admin"),
    Destination("Sending hours", "sending_hours:list", "settings", "settings quiet night", "admin"),
    Destination("Calls", "gateway:usage", "settings", "settings api usage", "admin"),
    Destination("Failed calls", "gateway:operations", "settings", "settings api errors retry", "admin"),
    Destination("Audit trail", "settings:audit", "settings", "settings history log who did", "admin"),
    Destination("Opt-out words", "opt_out_words:words", "settings", "settings stop", "admin"),
    Destination("Rules", "inbox:rules", "workflow", "settings inbox automatic answer label assign", "admin"),
    Destination("Office hours", "inbox:office_hours", "clock", "settings inbox rules opening times", "admin"),
    Destination("Replies", "inbox:reply_settings", "settings", "settings snippets inbox", "admin"),
    Destination("Erasure", "erasure:people", "settings", "settings gdpr privacy data delete", "admin"),
    Destination("System", "gateway:system", "settings", "settings version health", "admin"),
]


def open_to(user: User, destinations: list[Destination]) -> Iterator[Destination]:
    return (each for each in destinations if each.is_for(user))
