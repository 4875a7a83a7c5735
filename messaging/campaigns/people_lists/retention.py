"""Lists that no campaign needs any more, and files of lists that nobody goes on with, are not kept."""

from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from accounts.db.state_moves import move
from contacts.importing.files import stored_files
from gateway import clock
from gateway.workers.retention import CHUNK, keeps
from messaging.campaigns.models import Campaign, CampaignState, PeopleList, Recurrence
from messaging.campaigns.models.people_list import PeopleListState

OVER = [CampaignState.SENT, CampaignState.CANCELLED]


NOBODY_CHOSE = "Nobody said what its columns are, so its file is gone. Add the numbers again."


@keeps("people_lists")
def drop_lists(before: datetime) -> None:
    """A campaign that is over, or comes again no more, needs its list for as long as it may be sent again."""
    _give_up_waiting(clock.now() - timedelta(days=settings.RETENTION_DAYS["uploads"]))
    campaigns = Campaign.objects.filter(people_list=OuterRef("pk"))
    needing = ~Q(state__in=OVER) | Q(finished_at__gte=before)
    old = PeopleList.objects.filter(
        ~Exists(campaigns.filter(needing)),
        ~Exists(Recurrence.objects.filter(campaign__people_list=OuterRef("pk"))),
        created_at__lt=before,
    )
    for people_list in old:
        drop(people_list)


def _give_up_waiting(before: datetime) -> None:
    """Files that wait for a person are kept no longer than those of imports, which `uploads` drops."""
    waiting = PeopleList.objects.filter(state=PeopleListState.UPLOADED, created_at__lt=before)
    for people_list in waiting:
        with transaction.atomic():
            gone = {"refusal_words": NOBODY_CHOSE, "samples": [], "questions": []}
            mine = waiting.filter(pk=people_list.pk)
            if move(mine, PeopleListState.UPLOADED, to=PeopleListState.REFUSED, **gone):
                transaction.on_commit(partial(stored_files.delete, people_list.stored_name))


def drop(people_list: PeopleList) -> None:
    """With its file, where it has one still."""
    while lines := list(people_list.rows.order_by("line").values_list("line", flat=True)[:CHUNK]):
        people_list.rows.filter(line__lte=lines[-1]).delete()
    if people_list.state in (PeopleListState.UPLOADED, PeopleListState.READING):
        transaction.on_commit(partial(stored_files.delete, people_list.stored_name))
    people_list.delete()
