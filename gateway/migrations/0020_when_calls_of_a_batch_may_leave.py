from django.db import migrations, models

NAME = "outbox_progress_of_a_batch"


class Migration(migrations.Migration):
    dependencies = [("gateway", "0019_events_nobody_could_read")]

    operations = [
        migrations.RemoveIndex(model_name="operation", name=NAME),
        migrations.AddIndex(
            model_name="operation",
            index=models.Index(
                condition=models.Q(("batch", ""), _negated=True),
                fields=["batch", "state", "due_at"],
                name=NAME,
            ),
        ),
    ]
