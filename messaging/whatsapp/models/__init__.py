"""WhatsApp templates, and SmartDialog's list of them."""

from messaging.whatsapp.models.template import (
    EDITABLE,
    LOOKED_UP,
    MAY_BE_LISTED,
    Template,
    TemplateQuerySet,
    TemplateState,
)
from messaging.whatsapp.models.template_list import TemplateList

__all__ = [
    "EDITABLE",
    "LOOKED_UP",
    "MAY_BE_LISTED",
    "Template",
    "TemplateList",
    "TemplateQuerySet",
    "TemplateState",
]
