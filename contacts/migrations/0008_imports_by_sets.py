"""Rows of imports by columns, as statements over all of them need; what was checked before is checked again."""

from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def check_again(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """An import that was not saved yet goes back to its columns: its file is still here, its rows are not."""
    unsaved = apps.get_model("contacts", "Import").objects.filter(state__in=["checking", "checked", "saving"])
    unsaved.update(state="uploaded", counts={}, warnings=0, cursor=0, leased_until=None)


class Migration(migrations.Migration):
    dependencies = [
        ("contacts", "0007_bulk_actions"),
        ("gateway", "0003_backlogs"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="import",
            name="import_unfinished",
        ),
        migrations.AddField(
            model_name="import",
            name="blank_clears",
            field=models.BooleanField(
                default=False, help_text="A blank cell empties what is there, instead of keeping it."
            ),
        ),
        migrations.AddField(
            model_name="import",
            name="checking_at",
            field=models.DateTimeField(help_text="When its rows began to be read.", null=True),
        ),
        migrations.AddField(
            model_name="import",
            name="paused",
            field=models.BooleanField(
                default=False, help_text="By a person: no worker goes on until they resume."
            ),
        ),
        migrations.AddField(
            model_name="import",
            name="rows_expected",
            field=models.PositiveIntegerField(
                default=0, help_text="About how many rows there are, by the ends of lines; 0: not known."
            ),
        ),
        migrations.AddField(
            model_name="import",
            name="undone",
            field=models.JSONField(
                default=dict,
                help_text="Contacts that were deleted, restored and left_alone by taking it back.",
            ),
        ),
        migrations.AddField(
            model_name="import",
            name="undone_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="import",
            name="undone_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="import",
            name="cursor",
            field=models.PositiveIntegerField(
                default=0, help_text="The last row checked, saved or taken back."
            ),
        ),
        migrations.AlterField(
            model_name="import",
            name="state",
            field=models.CharField(
                choices=[
                    ("uploaded", "Choose columns"),
                    ("checking", "Checking"),
                    ("checked", "Waiting for you"),
                    ("saving", "Saving"),
                    ("syncing", "Sending to SmartDialog"),
                    ("done", "Done"),
                    ("refused", "Refused"),
                    ("cancelled", "Cancelled"),
                    ("undoing", "Taking back"),
                    ("undone", "Taken back"),
                ],
                default="uploaded",
                max_length=10,
            ),
        ),
        migrations.AddIndex(
            model_name="import",
            index=models.Index(
                condition=models.Q(("state__in", ["checking", "saving", "syncing", "undoing"])),
                fields=["state"],
                name="import_unfinished",
            ),
        ),
        migrations.DeleteModel(name="importrow"),
        migrations.CreateModel(
            name="ImportRow",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "job_id", "line", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("line", models.PositiveIntegerField(help_text="The row number that a spreadsheet shows.")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("new", "NEW"),
                            ("changed", "CHANGED"),
                            ("unchanged", "UNCHANGED"),
                            ("duplicate", "DUPLICATE"),
                            ("invalid", "INVALID"),
                            ("opted_out", "OPTED_OUT"),
                        ],
                        max_length=10,
                    ),
                ),
                ("phone", models.CharField(help_text="Null for an invalid row.", max_length=20, null=True)),
                ("first_name", models.CharField(max_length=100, null=True)),
                ("last_name", models.CharField(max_length=100, null=True)),
                ("email", models.CharField(max_length=254, null=True)),
                ("gender", models.CharField(max_length=6, null=True)),
                ("birth_year", models.PositiveSmallIntegerField(null=True)),
                ("street_address", models.CharField(max_length=200, null=True)),
                ("zip_code", models.CharField(max_length=20, null=True)),
                ("city", models.CharField(max_length=100, null=True)),
                ("country_code", models.CharField(max_length=3, null=True)),
                ("properties", models.JSONField(default=dict)),
                ("name_key", models.CharField(blank=True, help_text="Of a new contact.", max_length=201)),
                ("search_text", models.TextField(blank=True, help_text="Of a new contact.")),
                ("problems", models.JSONField(default=list)),
                ("warned", models.BooleanField(default=False, help_text="Taken, with some cells left out.")),
                (
                    "barred",
                    models.BooleanField(
                        default=False, help_text="Of an erased person: nothing of it is kept."
                    ),
                ),
                (
                    "raw",
                    models.JSONField(
                        help_text="The cells as they were, of a row with problems or left out.", default=list
                    ),
                ),
                (
                    "before",
                    models.JSONField(
                        help_text="What is overwritten: the contact's revision and sync_state, and each field that changes.",
                        null=True,
                    ),
                ),
                (
                    "left_alone",
                    models.BooleanField(
                        default=False,
                        help_text="Not taken back, since somebody changed the contact after the import.",
                    ),
                ),
                (
                    "job",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rows",
                        to="contacts.import",
                    ),
                ),
            ],
            options={
                "ordering": ["line"],
                "indexes": [
                    models.Index(fields=["phone", "job"], name="import_rows_of_a_number"),
                    models.Index(fields=["job", "kind", "line"], name="import_rows_of_a_kind"),
                    models.Index(
                        condition=models.Q(("warned", True)),
                        fields=["job", "line"],
                        name="import_rows_warned",
                    ),
                    models.Index(
                        condition=models.Q(("left_alone", True)),
                        fields=["job", "line"],
                        name="import_rows_left_alone",
                    ),
                ],
            },
        ),
        migrations.RunPython(check_again, migrations.RunPython.noop),
    ]
