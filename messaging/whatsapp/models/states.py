"""Where a template stands at SmartDialog, what is known of WhatsApp's verdict, and what it asks of a send."""

from enum import StrEnum

from django.db import models


class TemplateState(models.TextChoices):
    """What SmartDialog's answers and its list say. Neither says what WhatsApp decided: see Approval."""

    DRAFT = "draft", "Draft"
    SUBMITTING = "submitting", "On its way"  # the call waits for its turn, or is being made
    SUBMITTED = "submitted", "In review"  # SmartDialog took it; it is not listed yet
    LISTED = "listed", "Listed"  # seen in SmartDialog's list
    FAILED = "failed", "Refused"  # SmartDialog did not take it: error_text says why
    UNKNOWN = "unknown", "Uncertain"  # it may have been taken; it is looked up before it is tried again
    UNLISTED = "unlisted", "Unavailable"  # it was listed, and is no more


class Approval(models.TextChoices):
    """What is known of WhatsApp's verdict: a person says so, or it is inferred from what was sent."""

    UNKNOWN = "unknown", "Approval not known"
    APPROVED = "approved", "Approved"
    REJECTED = "rejected", "Rejected"


class HeaderKind(models.TextChoices):
    """What stands above the text."""

    NONE = "", "No header"
    TEXT = "text", "A line of text"
    IMAGE = "image", "A picture"
    VIDEO = "video", "A video"
    DOCUMENT = "document", "A document"
    LOCATION = "location", "A place on the map"


class Need(StrEnum):
    """What a template asks of whoever sends it, besides a number."""

    BODY = "body"  # a value for each numbered variable of the text
    HEADER = "header"  # a value for the header's variable
    MEDIA = "media"  # a file for the header
    LINK = "link"  # the end of a link, for each button that has a variable
    NAMED = "named"  # values by name, which SmartDialog cannot carry
    PLACE = "place"  # a place for the header, which SmartDialog cannot carry


FILLED_BY_REPLIES = frozenset({Need.BODY, Need.MEDIA})
FILLED_BY_CAMPAIGNS = frozenset({Need.BODY, Need.HEADER, Need.MEDIA, Need.LINK})
EDITABLE = [TemplateState.DRAFT, TemplateState.FAILED]
LOOKED_UP = [TemplateState.SUBMITTED, TemplateState.UNKNOWN]
MAY_BE_LISTED = [*LOOKED_UP, TemplateState.SUBMITTING]  # a listing may overtake an answer
JUDGED = [TemplateState.SUBMITTED, TemplateState.UNKNOWN, TemplateState.LISTED, TemplateState.UNLISTED]
MEDIA = [HeaderKind.IMAGE, HeaderKind.VIDEO, HeaderKind.DOCUMENT]
