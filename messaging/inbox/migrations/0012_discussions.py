from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("inbox", "0011_notifications")]

    operations = [
        migrations.AddField(
            model_name="thread",
            name="discussion_id",
            field=models.CharField(
                blank=True, db_default="", default="", help_text="SmartDialog’s ThreadId.", max_length=200
            ),
        ),
        migrations.AddField(
            model_name="thread",
            name="discussion_by_hand",
            field=models.BooleanField(
                db_default=False, default=False, help_text="A person linked it: answers go there."
            ),
        ),
        migrations.AddIndex(
            model_name="thread",
            index=models.Index(
                condition=~Q(discussion_id=""),
                fields=["customer", "discussion_id"],
                name="threads_of_a_discussion",
            ),
        ),
        migrations.AddField(
            model_name="replysettings",
            name="in_discussions",
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text="Answer in SmartDialog’s discussions where it names one.",
            ),
        ),
    ]
