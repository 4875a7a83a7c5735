from django.db import migrations
from django.db.models import Q

KEPT = "A search"


def forget_searches(apps, schema_editor):
    """What people were looked for by may be anybody's name or number."""
    actions = apps.get_model("contacts", "BulkAction").objects.filter(whom__contains="“")
    actions.update(whom=KEPT)
    events = apps.get_model("accounts", "AuditEvent").objects
    searching = Q(verb="contacts.exported") | Q(verb__startswith="bulk_")
    for event in events.filter(searching, after__has_key="whom").iterator():
        event.after.pop("filter", None)
        event.after["whom"] = KEPT if "“" in event.after["whom"] else event.after["whom"]
        events.filter(pk=event.pk).update(after=event.after, subject_text=_without_search(event.subject_text))


def _without_search(text):
    return text.partition("“")[0] + KEPT if "“" in text else text


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("contacts", "0027_numbers_of_a_list"),
    ]

    operations = [migrations.RunPython(forget_searches, migrations.RunPython.noop)]
