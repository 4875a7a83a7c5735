"""A held call says so, which until now was due in the year 3000; what was told in words keeps them.

Each is one statement, in the database.
"""

from datetime import UTC, datetime

from django.db import migrations
from django.db.models import F
from django.db.models.fields.json import KT
from django.db.models.functions import JSONObject, Now

FAR = datetime(3000, 1, 1, tzinfo=UTC)
STEPS = "0007_held_state 0009_reasons_told_before"


def name_held(apps, schema_editor):
    held = apps.get_model("gateway", "Operation").objects.filter(state="waiting", due_at=FAR)
    held.update(state="held", due_at=Now())


def date_held(apps, schema_editor):
    apps.get_model("gateway", "Operation").objects.filter(state="held").update(state="waiting", due_at=FAR)


def keep_words(apps, schema_editor):
    told = apps.get_model("gateway", "Operation").objects.exclude(error_text="")
    told.update(reason="told", reason_params=JSONObject(text=F("error_text")))


def put_back(apps, schema_editor):
    told = apps.get_model("gateway", "Operation").objects.filter(reason="told")
    told.update(error_text=KT("reason_params__text"))


class Migration(migrations.Migration):
    replaces = [("gateway", name) for name in STEPS.split()]

    dependencies = [("gateway", "0006_reasons_quirks_and_gone_services")]

    operations = [
        migrations.RunPython(name_held, date_held),
        migrations.RunPython(keep_words, put_back),
    ]
