from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("contacts", "0015_opted_out_of_a_group"),
    ]

    operations = [
        migrations.RenameField("import", "checking_at", "paced_at"),
        migrations.AlterField(
            model_name="import",
            name="paced_at",
            field=models.DateTimeField(
                help_text="Since when its rows are read, saved or taken back without a pause.", null=True
            ),
        ),
        migrations.AddField(
            model_name="import",
            name="paced_from",
            field=models.PositiveIntegerField(default=0, help_text="How many were done by then."),
        ),
    ]
