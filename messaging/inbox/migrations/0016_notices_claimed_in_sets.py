"""Which mail took a notice down, so that a mail takes many at once."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("inbox", "0015_teams")]

    operations = [
        migrations.AddField(
            model_name="mailednotice",
            name="claim",
            field=models.UUIDField(help_text="Of the mail that took it, with others.", null=True),
        ),
    ]
