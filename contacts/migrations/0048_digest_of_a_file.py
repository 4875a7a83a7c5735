from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("contacts", "0025_who_was_stopped_and_no_searches"),
    ]

    operations = [
        migrations.AddField(
            model_name="import",
            name="digest",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="SHA-256 of what was kept; empty where a former version kept it.",
                max_length=64,
            ),
        ),
    ]
