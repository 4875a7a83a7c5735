from django.db import migrations, models

import accounts.db.clock


class Migration(migrations.Migration):
    dependencies = [
        ("whatsapp", "0007_registered_opt_ins"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(  # defaults are Python’s: no table changes
            state_operations=[
                migrations.AlterField(
                    model_name="template",
                    name="created_at",
                    field=models.DateTimeField(default=accounts.db.clock.now),
                ),
                migrations.AlterField(
                    model_name="template",
                    name="updated_at",
                    field=models.DateTimeField(default=accounts.db.clock.now),
                ),
                migrations.AlterField(
                    model_name="templateversion",
                    name="saved_at",
                    field=models.DateTimeField(default=accounts.db.clock.now),
                ),
            ],
        ),
    ]
