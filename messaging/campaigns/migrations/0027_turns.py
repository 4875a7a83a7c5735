from django.db import migrations, models
from django.db.models.functions import Coalesce


def begin_their_turns(apps, schema_editor):
    under_way = apps.get_model("campaigns", "Campaign").objects.filter(state__in=["planning", "sending"])
    under_way.update(turn_at=Coalesce("rest_begun_at", "begun_at"))


class Migration(migrations.Migration):
    dependencies = [
        ("campaigns", "0026_planned_end"),
    ]

    operations = [
        migrations.AddField(
            model_name="campaign",
            name="turn_at",
            field=models.DateTimeField(
                help_text="Since when it waits for its turn: begun, let go to the rest, or sent again.",
                null=True,
            ),
        ),
        migrations.RunPython(begin_their_turns, migrations.RunPython.noop),
    ]
