"""What campaigns of before say in the columns of today; of lists and repeats, which are new, there are none."""

from datetime import UTC, datetime

from django.db import migrations
from django.db.models import F
from django.utils import timezone

STEPS = "0003_words_for_who_is_left_out 0005_calls_that_are_divided"
WORDS = {"Asked for no messages": "Opted out", "Inactive": "Not active in the group"}
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)  # what is before it is the .NET word for no time


def reword(apps, schema_editor):
    """A receipt of before says it as one of today does; a campaign at a time."""
    recipients = apps.get_model("campaigns", "Recipient").objects
    for campaign in apps.get_model("campaigns", "Campaign").objects.values_list("pk", flat=True):
        for was, becomes in WORDS.items():
            recipients.filter(campaign=campaign, state="skipped", reason=was).update(reason=becomes)


def forget_times(apps, schema_editor):
    apps.get_model("campaigns", "Recipient").objects.filter(settled_at__lt=EARLIEST).update(settled_at=None)


def go_on(apps, schema_editor):
    """Those under way at the upgrade have not stood still, and wait for their turn since they began."""
    under_way = apps.get_model("campaigns", "Campaign").objects.filter(state__in=["planning", "sending"])
    under_way.update(moved_at=timezone.now(), turn_at=F("begun_at"))


def keep_what_they_say(apps, schema_editor):
    """Of those that somebody has sent or scheduled: as far as is known, it is what they said then."""
    campaigns = apps.get_model("campaigns", "Campaign").objects
    sent = campaigns.filter(channel="whatsapp").exclude(state="draft").exclude(template=None)
    for campaign in sent.select_related("template").only("pk", "template").iterator(chunk_size=500):
        kept = [{"body": campaign.template.body, "approval": campaign.template.approval}]
        campaigns.filter(pk=campaign.pk).update(agreed_templates=kept)


class Migration(migrations.Migration):
    replaces = [("campaigns", name) for name in STEPS.split()]

    dependencies = [
        ("campaigns", "0002_audiences_rules_and_results"),
        ("whatsapp", "0003_what_was_approved_or_rejected"),
    ]

    operations = [
        migrations.RunPython(reword, migrations.RunPython.noop),
        migrations.RunPython(forget_times, migrations.RunPython.noop),
        migrations.RunPython(go_on, migrations.RunPython.noop),
        migrations.RunPython(keep_what_they_say, migrations.RunPython.noop),
    ]
