"""What is not kept of actions on many contacts: by what they were found, at once; what was before, later."""

from datetime import datetime

from contacts.models import BulkAction, BulkPart
from contacts.models.bulk import OVER
from gateway.workers.retention import keeps


@keeps("searches")
def forget_searches(before: datetime) -> None:
    """A search may be anybody's name. An action that comes to its end as usual forgets it itself."""
    BulkAction.objects.filter(state__in=OVER, finished_at__lt=before).exclude(filter="").update(filter="")


@keeps("changes")
def forget_changes(before: datetime) -> None:
    BulkPart.objects.filter(action__state__in=OVER, action__finished_at__lt=before).delete()
