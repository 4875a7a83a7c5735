"""Why a campaign is held: its words say it to a person, and these say which kind it is."""

from dataclasses import dataclass

from django.db import models

MAX_HELD_REASON = 300


class HoldReason(models.TextChoices):
    """Each is told in docs/states.md, and recorded in the audit trail."""

    OVERDUE = "overdue", "Its time went by before it could begin"
    AUTHOR_GONE = "author_gone", "Who scheduled it, or let it come again, may not send any more"
    AUTHOR_ELSEWHERE = "author_elsewhere", "Who scheduled it no longer reaches the customer"
    NOT_CONNECTED = "not_connected", "Who let it come again is not connected to SmartDialog"
    APPROVER_GONE = "approver_gone", "Who approved it may not send any more"
    REFUSED = "refused", "A second person did not approve it"
    AUDIENCE_UNKNOWN = "audience_unknown", "A segment that it goes to is gone, or cannot be read"
    SEGMENT_CHANGED = "segment_changed", "A segment has changed since a person agreed to whom it goes"
    OUTGROWN = "outgrown", "It would reach more people, or come to more parts or calls, than was agreed to"
    TEMPLATE_CHANGED = "template_changed", "A template is gone, rejected, or says something else"
    SENDER_WITHDRAWN = "sender_withdrawn", "Its sender is not approved any more"
    SERVICE_GONE = "service_gone", "SmartDialog no longer lists the service that sends it"
    REPEAT_CHANGED = "repeat_changed", "What it repeats was changed, and nobody has agreed to it since"


@dataclass(frozen=True)
class Hold:
    reason: HoldReason
    said: str

    @property
    def words(self) -> str:
        return self.said[:MAX_HELD_REASON]

    @property
    def told(self) -> dict[str, str]:
        """For the audit trail."""
        return {"why": self.words, "reason": self.reason}
