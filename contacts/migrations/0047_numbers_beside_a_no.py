from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("contacts", "0046_senders_of_no_certain_number"),
    ]

    operations = [
        migrations.AddField(
            model_name="importrow",
            name="barred_too",
            field=models.JSONField(
                help_text="Other numbers of somebody who gets no messages; null where there is none.",
                null=True,
            ),
        ),
    ]
