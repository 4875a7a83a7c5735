from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("campaigns", "0021_templates_as_agreed"),
    ]

    operations = [
        migrations.AddField(
            model_name="campaign",
            name="agreed_left_out",
            field=models.PositiveIntegerField(
                help_text="How many were to get nothing, counted at the same time.", null=True
            ),
        ),
    ]
