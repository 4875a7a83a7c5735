from django.db import migrations

ASKED = "Asked for it in a message to "
CHUNK = 500


def name_sources(apps, schema_editor):
    """What was said of a message is kept as that it was one, and to whom."""
    suppressions = apps.get_model("contacts", "Suppression").objects
    for each in suppressions.filter(words__startswith=ASKED).iterator():
        place = each.words.removeprefix(ASKED).removesuffix(".")
        suppressions.filter(pk=each.pk).update(source="message", place=place, words="")


def keep_who_was_stopped(apps, schema_editor):
    """Who was stopped in one group gets no messages in any: what the dialog had promised."""
    contacts = apps.get_model("contacts", "Contact").objects
    suppression = apps.get_model("contacts", "Suppression")
    known = set(suppression.objects.values_list("customer", "phone"))
    stopped = contacts.filter(active=False).exclude(sync_state="deleting").order_by("pk")
    rows = []
    for customer, phone, group, since in stopped.values_list(
        "group__customer", "phone", "group__name", "updated_at"
    ).iterator():
        if (customer, phone) not in known:
            known.add((customer, phone))
            rows.append(
                suppression(
                    customer_id=customer,
                    phone=phone,
                    since=since,
                    source="staff",
                    words=f"In the group {group}"[:500],
                )
            )
        if len(rows) == CHUNK:
            suppression.objects.bulk_create(rows)
            rows = []
    suppression.objects.bulk_create(rows)


class Migration(migrations.Migration):
    dependencies = [("contacts", "0029_record_of_consent")]

    operations = [
        migrations.RunPython(name_sources, migrations.RunPython.noop),
        migrations.RunPython(keep_who_was_stopped, migrations.RunPython.noop),
    ]
