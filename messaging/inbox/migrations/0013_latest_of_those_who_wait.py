"""An index for the latest threads that wait: of them each person sees what they have not read."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("inbox", "0012_discussions")]

    operations = [
        migrations.AddIndex(
            model_name="thread",
            index=models.Index(
                fields=["customer", "-last_message_at", "-id"],
                name="threads_waiting_latest",
                condition=Q(state="open", unanswered_since__isnull=False),
            ),
        ),
    ]
