from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("campaigns", "0027_turns"),
    ]

    operations = [
        migrations.AddField(
            model_name="resendrequest",
            name="begins_at",
            field=models.DateTimeField(help_text="Decided: it begins then, unless it is undone.", null=True),
        ),
    ]
