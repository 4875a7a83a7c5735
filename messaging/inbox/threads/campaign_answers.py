"""Who answers campaigns: what the results of campaigns ask of the inbox."""

from django.db.models import F, QuerySet

from accounts.models import Customer
from messaging.campaigns.outcome import responses
from messaging.inbox.models import Message
from messaging.inbox.opt_outs.intents import Intent


@responses.writers("inbox")
def who_wrote(customer: Customer, since: responses.Moment, until: responses.Moment) -> QuerySet:
    """Their numbers. Who only opts out answers nothing."""
    received = Message.objects.of_customer(customer).received().exclude(intent=Intent.STOP)
    lately = received.filter(thread__last_message_at__gte=since, at__gte=since, at__lt=until)
    return lately.values(phone=F("thread__address"))
