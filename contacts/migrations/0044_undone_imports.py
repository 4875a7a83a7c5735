from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("contacts", "0043_lists_of_opt_outs"),
    ]

    operations = [
        migrations.AlterField(
            model_name="import",
            name="state",
            field=models.CharField(
                choices=[
                    ("uploaded", "Choose columns"),
                    ("checking", "Checking"),
                    ("checked", "Waiting for you"),
                    ("saving", "Saving"),
                    ("syncing", "Sending to SmartDialog"),
                    ("done", "Done"),
                    ("refused", "Refused"),
                    ("cancelled", "Cancelled"),
                    ("undoing", "Taking back"),
                    ("undone", "Undone"),
                ],
                default="uploaded",
                max_length=10,
            ),
        ),
    ]
