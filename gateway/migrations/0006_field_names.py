"""The fields' names of the field: what they hold is the same."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("gateway", "0005_time_of_the_one_host")]

    operations = [
        migrations.RenameField("operation", "may_be_taken", "possibly_accepted"),
        migrations.RenameField("connection", "troubles", "consecutive_failures"),
        migrations.RenameField("connection", "trouble_text", "last_failure_text"),
        migrations.RenameField("connection", "trouble_at", "last_failure_at"),
        migrations.SeparateDatabaseAndState(  # the table keeps its name
            state_operations=[
                migrations.RenameModel("Change", "LiveUpdate"),
                migrations.AlterModelTable("liveupdate", "gateway_change"),
            ]
        ),
    ]
