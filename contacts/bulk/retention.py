"""What an ended action was looked for by is not kept: a search may be anybody's name."""

from datetime import datetime

from contacts.models import BulkAction
from contacts.models.bulk import OVER
from gateway.retention import keeps


@keeps("searches")
def forget_searches(before: datetime) -> None:
    BulkAction.objects.filter(state__in=OVER, finished_at__lt=before).exclude(filter="").update(filter="")
