from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("whatsapp", "0004_archiving"),
    ]

    operations = [
        migrations.AlterField(
            model_name="template",
            name="state",
            field=models.CharField(
                choices=[
                    ("draft", "Draft"),
                    ("submitting", "On its way"),
                    ("submitted", "In review"),
                    ("listed", "Listed"),
                    ("failed", "Refused"),
                    ("unknown", "Uncertain"),
                    ("unlisted", "Unavailable"),
                ],
                default="draft",
                max_length=10,
            ),
        ),
    ]
