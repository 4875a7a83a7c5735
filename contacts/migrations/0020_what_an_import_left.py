"""What an import left of a contact is kept beside the contact, no longer reckoned from the row's revision.

So an import can be taken back after a later one was.
"""

from django.db import migrations, models
from django.db.models import F, IntegerField, OuterRef, Subquery
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce


def reckon_it_once_more(apps, schema_editor):
    before = Cast(KeyTextTransform("revision", F("before")), IntegerField())
    rows = apps.get_model("contacts", "ImportRow").objects.filter(
        job=OuterRef("last_import"), phone=OuterRef("phone"), kind__in=["new", "changed"]
    )
    left = Subquery(rows.order_by().values(left=Coalesce(before, 0) + 1)[:1])
    imported = apps.get_model("contacts", "Contact").objects.exclude(last_import=None)
    imported.update(imported_revision=left)


class Migration(migrations.Migration):
    dependencies = [
        ("contacts", "0019_number_of_now"),
    ]

    operations = [
        migrations.AddField(
            model_name="contact",
            name="imported_revision",
            field=models.PositiveIntegerField(
                help_text="What last_import left: while it is the revision, nobody has changed them since.",
                null=True,
            ),
        ),
        migrations.RunPython(reckon_it_once_more, migrations.RunPython.noop),
    ]
