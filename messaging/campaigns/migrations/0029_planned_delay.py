from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("campaigns", "0028_sent_again_in_a_moment"),
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
