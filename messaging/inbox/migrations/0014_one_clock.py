from django.db import migrations, models

import accounts.db.clock


class Migration(migrations.Migration):
    dependencies = [
        ("inbox", "0013_latest_of_those_who_wait"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(  # defaults are Python’s: no table changes
            state_operations=[
                migrations.AlterField(
                    model_name="draft",
                    name="updated_at",
                    field=models.DateTimeField(default=accounts.db.clock.now),
                ),
                migrations.AlterField(
                    model_name="mailednotice",
                    name="at",
                    field=models.DateTimeField(default=accounts.db.clock.now),
                ),
                migrations.AlterField(
                    model_name="message",
                    name="received_at",
                    field=models.DateTimeField(
                        default=accounts.db.clock.now, help_text="When it came to us, or was written."
                    ),
                ),
            ],
        ),
    ]
