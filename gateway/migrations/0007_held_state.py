"""A call that is held back says so; until now it was due in the year 3000."""

from datetime import UTC, datetime

from django.db import migrations, models
from django.db.models.functions import Now

FAR = datetime(3000, 1, 1, tzinfo=UTC)
STATES = [
    ("waiting", "Waiting"),
    ("held", "Held back"),
    ("inflight", "Being sent"),
    ("done", "Done"),
    ("failed", "Failed"),
    ("unknown", "May have been sent"),
    ("cancelled", "Cancelled"),
]


def name_held(apps, schema_editor):
    held = apps.get_model("gateway", "Operation").objects.filter(state="waiting", due_at=FAR)
    held.update(state="held", due_at=Now())


def date_held(apps, schema_editor):
    apps.get_model("gateway", "Operation").objects.filter(state="held").update(state="waiting", due_at=FAR)


class Migration(migrations.Migration):
    dependencies = [("gateway", "0006_field_names")]

    operations = [
        migrations.AlterField(
            "operation", "state", models.CharField(choices=STATES, default="waiting", max_length=10)
        ),
        migrations.RunPython(name_held, date_held),
    ]
