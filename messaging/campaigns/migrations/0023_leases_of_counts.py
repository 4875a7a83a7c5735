from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("campaigns", "0022_left_out_as_agreed"),
    ]

    operations = [
        migrations.RemoveField(model_name="audiencecount", name="touched_at"),
        migrations.AddField(
            model_name="audiencecount",
            name="fence",
            field=models.PositiveIntegerField(default=0, help_text="Grows with each lease."),
        ),
        migrations.AddField(
            model_name="audiencecount",
            name="leased_until",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="audiencecount",
            name="stalls",
            field=models.PositiveIntegerField(
                default=0, help_text="How many workers in a row did not come to its end."
            ),
        ),
    ]
