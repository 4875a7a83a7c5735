"""Keep with each thread the channel of its last message."""

from typing import Any

from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import OuterRef, Subquery, Value
from django.db.models.functions import Coalesce, Upper


def fill(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    message, thread = apps.get_model("inbox", "Message"), apps.get_model("inbox", "Thread")
    latest = message.objects.filter(thread=OuterRef("pk")).exclude(state="cancelled").order_by("-at", "-pk")
    thread.objects.update(last_channel=Coalesce(Upper(Subquery(latest.values("protocol")[:1])), Value("")))


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_signing_in"),
        ("gateway", "0016_unicode_policy"),
        ("inbox", "0008_rules"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="thread",
            name="last_channel",
            field=models.CharField(blank=True, help_text="In capitals: SMS, WHATSAPP.", max_length=20),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="thread",
            index=models.Index(
                fields=["customer", "last_channel", "-last_message_at", "-id"],
                name="threads_latest_by_channel",
            ),
        ),
    ]
