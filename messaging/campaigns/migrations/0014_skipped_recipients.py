from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("campaigns", "0013_audiences_of_several_groups"),
    ]

    operations = [
        migrations.AlterField(
            model_name="recipient",
            name="state",
            field=models.CharField(
                choices=[
                    ("planned", "Waiting"),
                    ("accepted", "Accepted"),
                    ("delivered", "Delivered"),
                    ("failed", "Failed"),
                    ("skipped", "Skipped"),
                    ("uncertain", "Uncertain"),
                ],
                default="planned",
                max_length=10,
            ),
        ),
    ]
