from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("gateway", "0009_reasons_told_before")]

    operations = [migrations.RemoveField("operation", "error_text")]
