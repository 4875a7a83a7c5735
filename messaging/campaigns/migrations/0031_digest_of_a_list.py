from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("campaigns", "0030_newest_of_a_remote_id"),
    ]

    operations = [
        migrations.AddField(
            model_name="peoplelist",
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
