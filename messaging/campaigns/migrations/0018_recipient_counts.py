import django.db.models.deletion
from django.db import migrations, models


def drop_triggers(apps, schema_editor):
    """Which are made after each migration, and write into the table."""
    on = " ON campaigns_recipient" if schema_editor.connection.vendor == "postgresql" else ""
    for what in ("added", "changed", "removed"):
        schema_editor.execute(f"DROP TRIGGER IF EXISTS campaigns_count_{what}{on}")


class Migration(migrations.Migration):
    dependencies = [
        ("campaigns", "0017_stages_and_texts"),
    ]

    operations = [
        migrations.CreateModel(
            name="RecipientCount",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("planned", "Waiting"),
                            ("accepted", "Accepted"),
                            ("delivered", "Delivered"),
                            ("failed", "Failed"),
                            ("skipped", "Skipped"),
                            ("uncertain", "Uncertain"),
                        ],
                        max_length=10,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=300)),
                ("number", models.BigIntegerField()),
                (
                    "is_sum",
                    models.BooleanField(
                        db_default=False, default=False, help_text="Of rows that a sweep added up."
                    ),
                ),
                (
                    "campaign",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="campaigns.campaign",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("is_sum", False)),
                        fields=["campaign"],
                        name="recipient_counts_to_add_up",
                    )
                ],
            },
        ),
        migrations.RunPython(migrations.RunPython.noop, drop_triggers),
    ]
