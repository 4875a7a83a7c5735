from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("campaigns", "0024_one_clock"),
    ]

    operations = [
        migrations.AddField(
            model_name="campaign",
            name="call_size",
            field=models.PositiveIntegerField(help_text="Guessed from refusals: most of a call.", null=True),
        ),
    ]
