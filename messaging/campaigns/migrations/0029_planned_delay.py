from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("campaigns", "0003_campaigns_under_way"),
    ]

    operations = [
        migrations.AddField(
            model_name="campaign",
            name="planned_delay",
            field=models.PositiveIntegerField(
                db_default=0,
                default=0,
                help_text="Seconds after an own time, within which people were to get it.",
            ),
        ),
    ]
