from django.db import migrations


class Migration(migrations.Migration):
    replaces = [("gateway", "0010_without_error_text")]

    dependencies = [("gateway", "0007_held_calls_and_reasons_told_before")]

    operations = [migrations.RemoveField("operation", "error_text")]
