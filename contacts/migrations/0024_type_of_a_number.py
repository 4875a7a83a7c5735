from django.db import migrations, models

from contacts.text.phones import NumberType, type_of

CHUNK = 5_000


def set_types(apps, schema_editor):
    """Of the few numbers that are no mobiles; all begin as one."""
    contacts = apps.get_model("contacts", "Contact").objects.using(schema_editor.connection.alias)
    after = 0
    while chunk := list(contacts.filter(pk__gt=after).order_by("pk").values_list("pk", "phone")[:CHUNK]):
        after = chunk[-1][0]
        types = {pk: type_of(phone) for pk, phone in chunk}
        for kind in (NumberType.LANDLINE, NumberType.OTHER):
            contacts.filter(pk__in=[pk for pk, each in types.items() if each == kind]).update(phone_type=kind)


class Migration(migrations.Migration):
    dependencies = [
        ("contacts", "0001_contacts_imports_and_bulk_actions"),
    ]

    operations = [
        migrations.AddField(
            model_name="contact",
            name="phone_type",
            field=models.CharField(
                choices=[("mobile", "Mobile"), ("landline", "Land line"), ("other", "Other number")],
                db_default="mobile",
                default="mobile",
                help_text="Others than mobiles cannot get SMS.",
                max_length=8,
            ),
        ),
        migrations.AddField(
            model_name="import",
            name="unclear_region",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="Which reading is taken of all unclear numbers.",
                max_length=2,
            ),
        ),
        migrations.AddField(
            model_name="importrow",
            name="phone_type",
            field=models.CharField(db_default="mobile", default="mobile", max_length=8),
        ),
        migrations.AddField(
            model_name="importrow",
            name="unclear",
            field=models.BooleanField(
                db_default=False, default=False, help_text="Can be read in two ways, which its problems name."
            ),
        ),
        migrations.AlterField(
            model_name="importrow",
            name="kind",
            field=models.CharField(
                choices=[
                    ("new", "NEW"),
                    ("changed", "CHANGED"),
                    ("unchanged", "UNCHANGED"),
                    ("duplicate", "DUPLICATE"),
                    ("unclear", "UNCLEAR"),
                    ("invalid", "INVALID"),
                    ("opted_out", "OPTED_OUT"),
                ],
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="importrow",
            name="phone",
            field=models.CharField(help_text="Null for an invalid or unclear row.", max_length=20, null=True),
        ),
        migrations.RunPython(set_types, migrations.RunPython.noop, elidable=True),
    ]
