from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("gateway", "0007_held_state")]

    operations = [
        migrations.AddField(
            "operation",
            "reason",
            models.CharField(max_length=40, blank=True, default="", help_text="A code of gateway.reasons."),
            preserve_default=False,
        ),
        migrations.AddField(
            "operation",
            "reason_params",
            models.JSONField(default=dict, help_text="What varies in its words."),
        ),
    ]
