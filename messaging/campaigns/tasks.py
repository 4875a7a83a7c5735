"""Wake-ups and the tick. The database says what is to be done; a task only looks."""

from celery import shared_task

from messaging.campaigns.composing import counting
from messaging.campaigns.dispatch import recurring, sending
from messaging.campaigns.outcome import recipient_counts
from messaging.campaigns.people_lists import reading


@shared_task
def advance_campaigns() -> None:
    recurring.make_due()
    sending.advance_campaigns()


@shared_task
def mend_counts() -> None:
    recipient_counts.mend_recent()


@shared_task
def send_campaign(campaign_id: int) -> None:
    sending.send_now(campaign_id)


@shared_task
def count_audience(campaign_id: int) -> None:
    counting.count(campaign_id)


@shared_task
def recover_campaigns() -> None:
    """What nobody waits for by the second."""
    recipient_counts.add_up()
    counting.count_due()
    reading.read_stalled()


@shared_task
def read_people_list(key: int) -> None:
    reading.read(key)
