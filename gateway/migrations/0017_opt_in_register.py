from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("gateway", "0016_unicode_policy")]

    operations = [
        migrations.AddField(
            model_name="quirks",
            name="keeps_opt_ins",
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text="It has the deprecated register of WhatsApp opt-ins.",
            ),
        ),
    ]
