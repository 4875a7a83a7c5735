"""What contacts, opt-outs and the trail of before say in the columns of today."""

from django.db import migrations
from django.db.models import Q

from contacts.text.phones import NumberType, type_of

STEPS = "0028_no_searches_in_the_trail 0030_who_was_stopped_before"
ASKED = "Asked for it in a message to "
KEPT = "A search"
NUMBERS, ROWS = 5_000, 500  # at once


def set_types(apps, schema_editor):
    """Of the few numbers that are no mobiles; all begin as one."""
    contacts = apps.get_model("contacts", "Contact").objects
    after = 0
    while chunk := list(contacts.filter(pk__gt=after).order_by("pk").values_list("pk", "phone")[:NUMBERS]):
        after = chunk[-1][0]
        types = {pk: type_of(phone) for pk, phone in chunk}
        for kind in (NumberType.LANDLINE, NumberType.OTHER):
            contacts.filter(pk__in=[pk for pk, each in types.items() if each == kind]).update(phone_type=kind)


def tell_who_was_cancelled(apps, schema_editor):
    contacts = apps.get_model("contacts", "Contact").objects
    cancelled = contacts.filter(sync_state="failed", sync_error="Cancelled before it was sent.")
    cancelled.update(sync_state="unsent", sync_error="It was cancelled before SmartDialog was told.")


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
        if len(rows) == ROWS:
            suppression.objects.bulk_create(rows)
            rows = []
    suppression.objects.bulk_create(rows)


class Migration(migrations.Migration):
    replaces = [("contacts", name) for name in STEPS.split()]

    dependencies = [
        ("accounts", "0001_initial"),
        ("contacts", "0024_consent_segments_and_files"),
    ]

    operations = [
        migrations.RunPython(set_types, migrations.RunPython.noop),
        migrations.RunPython(tell_who_was_cancelled, migrations.RunPython.noop),
        migrations.RunPython(forget_searches, migrations.RunPython.noop),
        migrations.RunPython(name_sources, migrations.RunPython.noop),
        migrations.RunPython(keep_who_was_stopped, migrations.RunPython.noop),
    ]
