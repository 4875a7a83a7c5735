"""Whether SmartDialog has taken a contact is said of the number that the contact has now.

Of one with a number on its way it was said of the former.
"""

from django.db import migrations, models


def say_it_of_the_number_of_now(apps, schema_editor):
    apps.get_model("contacts", "Contact").objects.exclude(former_phone="").update(known_remotely=False)


class Migration(migrations.Migration):
    dependencies = [
        ("contacts", "0018_words_of_bad_rows"),
    ]

    operations = [
        migrations.AlterField(
            model_name="contact",
            name="former_phone",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="SmartDialog may have them by this one, too, until it says that it is gone.",
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="contact",
            name="known_remotely",
            field=models.BooleanField(default=False, help_text="SmartDialog has taken it, by this number."),
        ),
        migrations.RunPython(say_it_of_the_number_of_now, migrations.RunPython.noop),
    ]
