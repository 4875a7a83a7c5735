"""Messages from before 2000 bear the .NET word for no time: when they came is what is known."""

from datetime import UTC, datetime

from django.db import migrations
from django.db.models import F

EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)


def believe_arrival(apps, schema_editor):
    apps.get_model("inbox", "Message").objects.filter(at__lt=EARLIEST).update(at=F("received_at"))
    threads = apps.get_model("inbox", "Thread").objects.filter(last_message_at__lt=EARLIEST)
    for thread in threads:
        latest = apps.get_model("inbox", "Message").objects.filter(thread=thread).order_by("-at").first()
        if latest:
            thread.last_message_at = latest.at
            thread.save(update_fields=["last_message_at"])


class Migration(migrations.Migration):
    dependencies = [("inbox", "0002_opt_outs_by_message")]

    operations = [migrations.RunPython(believe_arrival, migrations.RunPython.noop)]
