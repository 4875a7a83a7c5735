from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("campaigns", "0025_size_of_calls"),
    ]

    operations = [
        migrations.AddField(
            model_name="campaign",
            name="ends_at",
            field=models.DateTimeField(help_text="When its last call was to be made, as planned.", null=True),
        ),
    ]
