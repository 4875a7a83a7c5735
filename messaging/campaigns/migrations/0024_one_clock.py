from django.db import migrations, models

import accounts.db.clock


class Migration(migrations.Migration):
    dependencies = [
        ("campaigns", "0023_leases_of_counts"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(  # defaults are Python’s: no table changes
            state_operations=[
                migrations.AlterField(
                    model_name="campaign",
                    name="created_at",
                    field=models.DateTimeField(default=accounts.db.clock.now),
                ),
                migrations.AlterField(
                    model_name="peoplelist",
                    name="created_at",
                    field=models.DateTimeField(default=accounts.db.clock.now),
                ),
                migrations.AlterField(
                    model_name="resendrequest",
                    name="asked_at",
                    field=models.DateTimeField(default=accounts.db.clock.now),
                ),
            ],
        ),
    ]
