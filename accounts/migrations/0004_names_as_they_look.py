from django.db import migrations

from accounts.people import names


def fill_name_keys(apps, schema_editor):
    """More letters that look alike are known as such."""
    names.give_keys(apps.get_model("accounts", "User").objects)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_signing_in")]

    operations = [migrations.RunPython(fill_name_keys, migrations.RunPython.noop)]
