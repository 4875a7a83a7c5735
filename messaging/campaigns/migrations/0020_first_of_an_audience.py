from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("campaigns", "0019_lists_of_people"),
    ]

    operations = [
        migrations.AddField(
            model_name="audiencecount",
            name="first",
            field=models.PositiveIntegerField(help_text="Of the people, to whom it goes first.", null=True),
        ),
    ]
