from django.db import migrations, models

import accounts.db.clock


class Migration(migrations.Migration):
    dependencies = [
        ("gateway", "0017_opt_in_register"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(  # defaults are Python’s: no table changes
            state_operations=[
                migrations.AlterField(
                    model_name="backlog",
                    name="created_at",
                    field=models.DateTimeField(default=accounts.db.clock.now),
                ),
                migrations.AlterField(
                    model_name="hooksubscription",
                    name="created_at",
                    field=models.DateTimeField(default=accounts.db.clock.now),
                ),
                migrations.AlterField(
                    model_name="installationfact",
                    name="at",
                    field=models.DateTimeField(default=accounts.db.clock.now),
                ),
                migrations.AlterField(
                    model_name="liveupdate",
                    name="at",
                    field=models.DateTimeField(db_index=True, default=accounts.db.clock.now),
                ),
                migrations.AlterField(
                    model_name="operation",
                    name="created_at",
                    field=models.DateTimeField(default=accounts.db.clock.now),
                ),
                migrations.AlterField(
                    model_name="quirks",
                    name="changed_at",
                    field=models.DateTimeField(default=accounts.db.clock.now),
                ),
            ],
        ),
    ]
