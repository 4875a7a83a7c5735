"""What was told in words keeps them; one statement, in the database."""

from django.db import migrations
from django.db.models import F
from django.db.models.fields.json import KT
from django.db.models.functions import JSONObject


def keep_words(apps, schema_editor):
    told = apps.get_model("gateway", "Operation").objects.exclude(error_text="")
    told.update(reason="told", reason_params=JSONObject(text=F("error_text")))


def put_back(apps, schema_editor):
    told = apps.get_model("gateway", "Operation").objects.filter(reason="told")
    told.update(error_text=KT("reason_params__text"))


class Migration(migrations.Migration):
    dependencies = [("gateway", "0008_reason_codes")]

    operations = [migrations.RunPython(keep_words, put_back)]
