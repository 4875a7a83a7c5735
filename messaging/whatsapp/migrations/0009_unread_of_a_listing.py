from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("whatsapp", "0008_one_clock"),
    ]

    operations = [
        migrations.AddField(
            model_name="templatelist",
            name="unread",
            field=models.PositiveIntegerField(default=0, help_text="How many it listed that cannot be read."),
        ),
    ]
