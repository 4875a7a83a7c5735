"""Approved was only seen in the list; rejected was a person's word. An attachment makes a header.

Apart from the columns: PostgreSQL alters no table of which a row was changed twice in the same transaction.
"""

from django.db import migrations
from django.db.models import F

MEDIA = {"image": r"\.(jpe?g|png)$", "video": r"\.(mp4|3gpp?)$", "document": r"\.pdf$"}


def split_states(apps, schema_editor):
    template = apps.get_model("whatsapp", "Template").objects.order_by()
    template.filter(state="approved").update(state="listed")
    template.filter(state="rejected").update(
        state="submitted",
        approval="rejected",
        approval_at=F("updated_at"),
        approval_reason=F("error_text"),
        error_text="",
    )
    for kind, ending in MEDIA.items():
        template.filter(attachment_url__iregex=ending).update(header_kind=kind)
    template.filter(header_kind="").exclude(attachment_url="").update(header_kind="image")


def join_states(apps, schema_editor):
    template = apps.get_model("whatsapp", "Template").objects.order_by()
    template.filter(approval="rejected", state="submitted").update(
        state="rejected", error_text=F("approval_reason")
    )
    template.filter(state="listed").update(state="approved")


class Migration(migrations.Migration):
    replaces = [("whatsapp", "0003_approval_apart_from_listing")]

    dependencies = [("whatsapp", "0002_approval_names_and_opt_ins")]

    operations = [migrations.RunPython(split_states, join_states)]
