from django.db import migrations, models

import accounts.db.clock


class Migration(migrations.Migration):
    dependencies = [
        ("contacts", "0044_undone_imports"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(  # defaults are Python’s: no table changes
            state_operations=[
                migrations.AlterField(
                    model_name="bulkaction",
                    name="created_at",
                    field=models.DateTimeField(default=accounts.db.clock.now),
                ),
                migrations.AlterField(
                    model_name="contact",
                    name="created_at",
                    field=models.DateTimeField(default=accounts.db.clock.now, editable=False),
                ),
                migrations.AlterField(
                    model_name="contact",
                    name="updated_at",
                    field=models.DateTimeField(default=accounts.db.clock.now),
                ),
                migrations.AlterField(
                    model_name="erasure",
                    name="asked_at",
                    field=models.DateTimeField(default=accounts.db.clock.now),
                ),
                migrations.AlterField(
                    model_name="fileshape",
                    name="used_at",
                    field=models.DateTimeField(default=accounts.db.clock.now),
                ),
                migrations.AlterField(
                    model_name="import",
                    name="created_at",
                    field=models.DateTimeField(default=accounts.db.clock.now),
                ),
                migrations.AlterField(
                    model_name="lookup",
                    name="asked_at",
                    field=models.DateTimeField(default=accounts.db.clock.now),
                ),
                migrations.AlterField(
                    model_name="numberlist",
                    name="created_at",
                    field=models.DateTimeField(default=accounts.db.clock.now),
                ),
                migrations.AlterField(
                    model_name="optoutrequest",
                    name="asked_at",
                    field=models.DateTimeField(default=accounts.db.clock.now),
                ),
                migrations.AlterField(
                    model_name="segment",
                    name="created_at",
                    field=models.DateTimeField(default=accounts.db.clock.now),
                ),
                migrations.AlterField(
                    model_name="segment",
                    name="updated_at",
                    field=models.DateTimeField(default=accounts.db.clock.now),
                ),
                migrations.AlterField(
                    model_name="storedfile",
                    name="created_at",
                    field=models.DateTimeField(default=accounts.db.clock.now),
                ),
                migrations.AlterField(
                    model_name="suppression",
                    name="since",
                    field=models.DateTimeField(default=accounts.db.clock.now),
                ),
            ],
        ),
    ]
