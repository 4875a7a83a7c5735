"""WhatsApp templates, and SmartDialog's list of them."""

from messaging.whatsapp.models.registered_opt_in import RegisteredOptIn
from messaging.whatsapp.models.states import (
    EDITABLE,
    FILLED_BY_CAMPAIGNS,
    FILLED_BY_REPLIES,
    JUDGED,
    LOOKED_UP,
    MAY_BE_LISTED,
    MEDIA,
    Approval,
    HeaderKind,
    Need,
    TemplateState,
)
from messaging.whatsapp.models.template import (
    DESCRIBED,
    STANDING,
    STANDING_LABELS,
    WRITTEN,
    Template,
    TemplateQuerySet,
)
from messaging.whatsapp.models.template_list import TemplateList
from messaging.whatsapp.models.version import TemplateVersion
