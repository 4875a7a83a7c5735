"""What rules hear, and what they have done."""

from datetime import timedelta

from django.db.models import F
from django.utils import timezone

from messaging.inbox.models import AutomaticAnswer, Message, RuleRun
from messaging.inbox.tests.conftest import receive

GOT_IT = "We got your message and answer tomorrow."


def hear(hook, content="Hei", **fields):
    """A message that came just now."""
    return receive(hook, **{"content": content, "timestamp": timezone.now().isoformat()} | fields)


def pass_time(seconds):
    """What rules did is so much longer ago."""
    ago = timedelta(seconds=seconds)
    AutomaticAnswer.objects.update(at=F("at") - ago)
    RuleRun.objects.update(at=F("at") - ago)


def automatic():
    return list(Message.objects.filter(automatic=True).order_by("pk"))


def undone():
    return [why for run in RuleRun.objects.order_by("pk") for why in run.left_undone]
