from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("gateway", "0018_one_clock")]

    operations = [
        migrations.AddIndex(
            model_name="hookevent",
            index=models.Index(
                condition=models.Q(("state__in", ["quarantined", "failed"])),
                fields=["subscription"],
                name="hook_events_dead",
            ),
        ),
    ]
