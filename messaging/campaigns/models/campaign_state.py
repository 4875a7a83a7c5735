"""What can become of a campaign: see docs/states.md."""

from django.db import models


class CampaignState(models.TextChoices):
    DRAFT = "draft", "Draft"
    AWAITING = "awaiting", "Waits for approval"  # of a second person; it is on no schedule until then
    SCHEDULED = "scheduled", "Scheduled"  # waits here until begins_at; can be edited and cancelled
    PLANNING = "planning", "Preparing"  # people are listed, or calls are to be written; some may be out
    SENDING = "sending", "Sending"  # every call is in the outbox; some are still to be made
    SENT = "sent", "Sent"  # every call has come to an end, well or not
    HELD = "held", "Held"  # something is not as it was planned: held_reason says what; see HoldReason
    CANCELLED = "cancelled", "Cancelled"
