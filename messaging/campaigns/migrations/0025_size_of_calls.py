from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("campaigns", "0024_one_clock"),
    ]

    operations = [
        migrations.AddField(
            model_name="campaign",
            name="call_size",
            field=models.PositiveIntegerField(
                help_text="Recipients of a call, at most, as refusals of it let one guess.", null=True
            ),
        ),
    ]
