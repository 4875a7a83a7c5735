from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("contacts", "0022_who_was_agreed_to"),
    ]

    operations = [
        migrations.AlterField(
            model_name="bulkaction",
            name="verb",
            field=models.CharField(
                choices=[
                    ("delete", "Delete"),
                    ("deactivate", "Stop messages"),
                    ("activate", "Allow messages"),
                    ("set_property", "Set a property"),
                    ("move", "Move"),
                    ("copy", "Copy"),
                    ("verify", "Verify"),
                    ("send", "Send to SmartDialog"),
                ],
                max_length=20,
            ),
        ),
    ]
