"""The tables as they were in November 2026, when the first installations were made.

It stands for the steps that led there, which an older database has been through one by one.
"""

import uuid
from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

import accounts.db.clock
import accounts.db.encryption

STEPS = """
    0001_contacts_and_imports
    0002_lists_of_a_group
    0003_words_of_contacts
    0004_backlog_of_a_contact
    0005_erasures
    0006_what_people_keep_of_the_table
    0007_bulk_actions
    0008_imports_by_sets
    0009_shapes_of_files
    0010_whom_an_import_leaves_out
    0011_verifying_many
    0012_rows_that_refer_freely
    0013_another_number_and_what_differs
    0014_numbers_looked_up
    0015_opted_out_of_a_group
    0016_pace_of_an_import
    0017_what_was_typed_beside_a_number
    0018_words_of_bad_rows
    0019_number_of_now
    0020_what_an_import_left
    0021_mends_of_an_import
    0022_who_was_agreed_to
    0023_sending_many
"""

# As contacts.text.full_text_search.MatchesTerms asks; the planner uses an index only for the very expression it was made on.
MAKE = """
    CREATE INDEX contact_words ON contacts_contact
    USING gin (array_to_tsvector(array_remove(string_to_array(search_text, ' '), '')))
"""
DROP = "DROP INDEX contact_words"


def make_index(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(MAKE)


def drop_index(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(DROP)


class Migration(migrations.Migration):
    initial = True

    replaces = [("contacts", name) for name in STEPS.split()]

    dependencies = [
        ("accounts", "0001_initial"),
        ("gateway", "0001_connections_outbox_and_hooks"),
    ]

    operations = [
        migrations.CreateModel(
            name="BulkAction",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "verb",
                    models.CharField(
                        choices=[
                            ("delete", "Delete"),
                            ("deactivate", "Opt out"),
                            ("activate", "Remove opt-out"),
                            ("set_property", "Set a property"),
                            ("move", "Move"),
                            ("copy", "Copy"),
                            ("verify", "Verify"),
                            ("send", "Send to SmartDialog"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "options",
                    models.JSONField(
                        default=dict, help_text="name and value of a property; target, a group's key."
                    ),
                ),
                ("filter", models.TextField(blank=True, help_text="The query string of the list.")),
                ("ids", models.JSONField(null=True)),
                ("whom", models.CharField(help_text="The same in words.", max_length=600)),
                ("agreed", models.PositiveIntegerField()),
                (
                    "calls",
                    models.PositiveIntegerField(
                        default=0, help_text="As they were counted when it was agreed to."
                    ),
                ),
                (
                    "is_whole_group",
                    models.BooleanField(default=False, help_text="Deleted at SmartDialog by one call."),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("pending", "Begins in a moment"),
                            ("asking", "Emptying the group"),
                            ("running", "Saving"),
                            ("syncing", "Sending to SmartDialog"),
                            ("done", "Done"),
                            ("cancelled", "Cancelled"),
                            ("failed", "Failed"),
                        ],
                        default="pending",
                        max_length=10,
                    ),
                ),
                ("paused", models.BooleanField(default=False)),
                ("note", models.CharField(blank=True, max_length=500)),
                (
                    "ceiling",
                    models.PositiveBigIntegerField(help_text="The newest contact when it was agreed to."),
                ),
                ("cursor", models.PositiveBigIntegerField(default=0)),
                ("done", models.PositiveIntegerField(default=0, help_text="Contacts changed so far.")),
                (
                    "left_out",
                    models.PositiveIntegerField(default=0, help_text="Looked at, and rightly not changed."),
                ),
                ("fence", models.PositiveIntegerField(default=0, help_text="Grows with each lease.")),
                ("leased_until", models.DateTimeField(null=True)),
                ("created_at", models.DateTimeField(default=accounts.db.clock.now)),
                ("begins_at", models.DateTimeField(help_text="Until then it can be undone.")),
                ("begun_at", models.DateTimeField(null=True)),
                ("finished_at", models.DateTimeField(null=True)),
                (
                    "fingerprint",
                    models.CharField(
                        blank=True, help_text="Of the very people who were shown.", max_length=60
                    ),
                ),
                (
                    "connection",
                    models.ForeignKey(
                        help_text="Whose calls it costs.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="gateway.connection",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "group",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="bulk_actions",
                        to="gateway.service",
                    ),
                ),
            ],
            options={
                "ordering": ["-pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["done", "cancelled", "failed"]), _negated=True),
                        fields=["state"],
                        name="bulk_unfinished",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="BulkPart",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("first", models.PositiveBigIntegerField(help_text="The lowest key.")),
                ("last", models.PositiveBigIntegerField(help_text="The highest.")),
                (
                    "changes",
                    models.JSONField(help_text="By key: the old value, or null where the verb says it."),
                ),
                (
                    "action",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="parts",
                        to="contacts.bulkaction",
                    ),
                ),
                (
                    "group",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="gateway.service",
                    ),
                ),
            ],
            options={
                "ordering": ["-pk"],
                "indexes": [models.Index(fields=["group", "first", "last"], name="bulk_parts_of_a_contact")],
            },
        ),
        migrations.CreateModel(
            name="Erasure",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("request", models.UUIDField(default=uuid.uuid4)),
                (
                    "digest",
                    models.CharField(
                        help_text="HMAC of customer and number: see models.erased_numbers.", max_length=64
                    ),
                ),
                (
                    "ending",
                    models.CharField(
                        help_text="The last digits, for who has to find it again.", max_length=2
                    ),
                ),
                ("phone", accounts.db.encryption.EncryptedTextField(blank=True)),
                (
                    "subjects",
                    models.JSONField(
                        default=list, help_text="contact:12: how the trail and the outbox name them."
                    ),
                ),
                (
                    "held",
                    models.JSONField(default=dict, help_text="How many of what, when it was asked for."),
                ),
                ("asked_at", models.DateTimeField(default=accounts.db.clock.now)),
                (
                    "finished_at",
                    models.DateTimeField(help_text="When nothing remained, here or in a call.", null=True),
                ),
                (
                    "lifted_at",
                    models.DateTimeField(help_text="The person may be added and imported again.", null=True),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="erasures",
                        to="accounts.customer",
                    ),
                ),
            ],
            options={
                "ordering": ["-pk"],
                "indexes": [
                    models.Index(fields=["customer", "digest"], name="erasure_of_a_number"),
                    models.Index(fields=["customer", "-id"], name="erasures_of_a_customer"),
                    models.Index(
                        condition=models.Q(("finished_at", None)), fields=["id"], name="erasure_unfinished"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FileShape",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "signature",
                    models.CharField(
                        help_text="SHA-256 of the names of the columns, in order.", max_length=64
                    ),
                ),
                ("mapping", models.JSONField(help_text="A target for each column.")),
                ("regions", models.JSONField(help_text="For national numbers, in order.")),
                ("used_at", models.DateTimeField(default=accounts.db.clock.now)),
                (
                    "customer",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.customer",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("customer", "signature"), name="file_shape_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Import",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("original_name", models.CharField(max_length=200)),
                (
                    "stored_name",
                    models.CharField(
                        help_text="In the store of uploads; never what the person's file is called.",
                        max_length=60,
                    ),
                ),
                ("size", models.PositiveBigIntegerField(default=0, help_text="Bytes.")),
                (
                    "state",
                    models.CharField(
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
                            ("undone", "Undone"),
                        ],
                        default="uploaded",
                        max_length=10,
                    ),
                ),
                ("encoding", models.CharField(blank=True, help_text="Empty for a workbook.", max_length=20)),
                ("delimiter", models.CharField(blank=True, max_length=1)),
                ("header", models.JSONField(default=list)),
                (
                    "samples",
                    models.JSONField(default=list, help_text="The first rows, for choosing columns."),
                ),
                ("mapping", models.JSONField(default=list, help_text="A target for each column.")),
                ("regions", models.JSONField(default=list, help_text="For national numbers, in order.")),
                ("counts", models.JSONField(default=dict, help_text="Rows by kind.")),
                (
                    "warnings",
                    models.PositiveIntegerField(default=0, help_text="Valid rows with cells left out."),
                ),
                (
                    "cursor",
                    models.PositiveIntegerField(
                        default=0, help_text="The last row checked, saved or taken back."
                    ),
                ),
                (
                    "saved",
                    models.PositiveIntegerField(default=0, help_text="New and changed rows saved so far."),
                ),
                ("refusal_code", models.CharField(blank=True, max_length=40)),
                ("refusal_words", models.CharField(blank=True, max_length=500)),
                ("fence", models.PositiveIntegerField(default=0, help_text="Grows with each lease.")),
                ("leased_until", models.DateTimeField(null=True)),
                ("created_at", models.DateTimeField(default=accounts.db.clock.now)),
                ("checked_at", models.DateTimeField(null=True)),
                ("confirmed_at", models.DateTimeField(null=True)),
                ("saved_at", models.DateTimeField(null=True)),
                ("finished_at", models.DateTimeField(null=True)),
                (
                    "blank_clears",
                    models.BooleanField(
                        default=False, help_text="A blank cell empties what is there, instead of keeping it."
                    ),
                ),
                (
                    "paused",
                    models.BooleanField(
                        default=False, help_text="By a person: no worker goes on until they resume."
                    ),
                ),
                (
                    "rows_expected",
                    models.PositiveIntegerField(
                        default=0,
                        help_text="About how many rows there are, by the ends of lines; 0: not known.",
                    ),
                ),
                (
                    "undone",
                    models.JSONField(
                        default=dict,
                        help_text="Contacts that were deleted, restored and left_alone by taking it back.",
                    ),
                ),
                ("undone_at", models.DateTimeField(null=True)),
                (
                    "paced_at",
                    models.DateTimeField(
                        help_text="Since when its rows are read, saved or taken back without a pause.",
                        null=True,
                    ),
                ),
                (
                    "paced_from",
                    models.PositiveIntegerField(default=0, help_text="How many were done by then."),
                ),
                (
                    "mends",
                    models.JSONField(
                        default=dict,
                        help_text="Texts by column by row, in place of the file’s; until it is confirmed.",
                    ),
                ),
                (
                    "connection",
                    models.ForeignKey(
                        help_text="Whose calls it costs.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="gateway.connection",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "group",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="imports",
                        to="gateway.service",
                    ),
                ),
                (
                    "undone_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["checking", "saving", "syncing", "undoing"])),
                        fields=["state"],
                        name="import_unfinished",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Contact",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("phone", models.CharField(help_text="E.164.", max_length=20)),
                ("first_name", models.CharField(blank=True, max_length=100)),
                ("last_name", models.CharField(blank=True, max_length=100)),
                ("email", models.CharField(blank=True, max_length=254)),
                (
                    "gender",
                    models.CharField(
                        blank=True,
                        choices=[("Female", "Female"), ("Male", "Male"), ("Other", "Other")],
                        max_length=6,
                    ),
                ),
                ("birth_year", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("street_address", models.CharField(blank=True, max_length=200)),
                ("zip_code", models.CharField(blank=True, max_length=20)),
                ("city", models.CharField(blank=True, max_length=100)),
                (
                    "country_code",
                    models.CharField(blank=True, help_text="Three letters, such as FIN.", max_length=3),
                ),
                (
                    "properties",
                    models.JSONField(blank=True, default=dict, help_text="Custom properties: value by name."),
                ),
                ("active", models.BooleanField(default=True, help_text="Inactive people get no messages.")),
                (
                    "sync_state",
                    models.CharField(
                        choices=[
                            ("waiting", "Syncing"),
                            ("synced", "Synced"),
                            ("failed", "Failed"),
                            ("unsent", "Changed only here"),
                            ("deleting", "Being deleted"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                (
                    "sync_error",
                    models.CharField(blank=True, help_text="For the person who mends it.", max_length=500),
                ),
                (
                    "known_remotely",
                    models.BooleanField(default=False, help_text="SmartDialog has taken it, by this number."),
                ),
                (
                    "verified_at",
                    models.DateTimeField(help_text="When it was last read back from SmartDialog.", null=True),
                ),
                ("revision", models.PositiveIntegerField(default=0)),
                (
                    "name_key",
                    models.CharField(blank=True, help_text="What a list is sorted by.", max_length=201),
                ),
                ("search_text", models.TextField(blank=True, help_text="What a search looks in.")),
                ("created_at", models.DateTimeField(default=accounts.db.clock.now, editable=False)),
                ("updated_at", models.DateTimeField(default=accounts.db.clock.now)),
                (
                    "former_phone",
                    models.CharField(
                        blank=True,
                        db_default="",
                        default="",
                        help_text="SmartDialog may have them by this one, too, until it says that it is gone.",
                        max_length=20,
                    ),
                ),
                (
                    "found_remotely",
                    models.JSONField(
                        help_text="What SmartDialog had where it was not the same: value by target.",
                        null=True,
                    ),
                ),
                (
                    "imported_revision",
                    models.PositiveIntegerField(
                        help_text="What last_import left: while it is the revision, nobody has changed them since.",
                        null=True,
                    ),
                ),
                (
                    "backlog",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        help_text="Where its next call waits to be planned.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="gateway.backlog",
                    ),
                ),
                (
                    "group",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="contacts",
                        to="gateway.service",
                    ),
                ),
                (
                    "last_import",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="contacts",
                        to="contacts.import",
                    ),
                ),
            ],
            options={
                "ordering": ["-pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("sync_state", "deleting"), _negated=True),
                        fields=["group", "id"],
                        name="contact_newest_of_a_group",
                    ),
                    models.Index(
                        condition=models.Q(("sync_state", "deleting"), _negated=True),
                        fields=["group", "name_key", "id"],
                        name="contact_names_of_a_group",
                    ),
                    models.Index(
                        condition=models.Q(("sync_state", "deleting"), _negated=True),
                        fields=["group", "updated_at", "id"],
                        name="contact_changes_of_a_group",
                    ),
                    models.Index(
                        condition=models.Q(("sync_state", "synced"), _negated=True),
                        fields=["group", "sync_state", "id"],
                        name="contact_unsettled_of_a_group",
                    ),
                    models.Index(
                        condition=models.Q(("backlog__isnull", False)),
                        fields=["backlog", "id"],
                        name="contact_to_be_planned",
                    ),
                    models.Index(
                        condition=models.Q(
                            ("active", False), models.Q(("sync_state", "deleting"), _negated=True)
                        ),
                        fields=["group", "id"],
                        name="contact_inactive_of_a_group",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("phone__startswith", "+")), name="contact_phone_is_e164"
                    ),
                    models.UniqueConstraint(fields=("phone", "group"), name="contact_once_in_a_group"),
                ],
            },
        ),
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
                            ("unclear", "UNCLEAR"),
                            ("invalid", "INVALID"),
                            ("opted_out", "OPTED_OUT"),
                            ("hidden", "HIDDEN"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "phone",
                    models.CharField(
                        help_text="Null for an invalid or unclear row.", max_length=20, null=True
                    ),
                ),
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
                        default=False,
                        help_text="Left out whatever the group says: of an erased person, or one who gets no messages.",
                    ),
                ),
                (
                    "raw",
                    models.JSONField(
                        default=list, help_text="The cells as they were, of a row with problems or left out."
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
                    "cell_words",
                    models.TextField(
                        help_text="Of a row with problems: where a search looks, instead of in search_text.",
                        null=True,
                    ),
                ),
                (
                    "job",
                    models.ForeignKey(
                        db_constraint=False,
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
        migrations.CreateModel(
            name="Lookup",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("phone", models.CharField(help_text="E.164.", max_length=20)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asking", "SmartDialog is being asked"),
                            ("found", "SmartDialog has it"),
                            ("absent", "SmartDialog does not have it"),
                            ("failed", "SmartDialog gave no answer"),
                            ("taken", "Taken into the list"),
                        ],
                        default="asking",
                        max_length=10,
                    ),
                ),
                ("found", models.JSONField(default=dict, help_text="What SmartDialog has: text by target.")),
                (
                    "error",
                    models.CharField(blank=True, help_text="For the person who asked.", max_length=500),
                ),
                ("asked_at", models.DateTimeField(default=accounts.db.clock.now)),
                (
                    "typed",
                    models.JSONField(
                        default=dict,
                        help_text="What the form held beside the number, for who goes on with it: see ContactForm.",
                    ),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "group",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lookups",
                        to="gateway.service",
                    ),
                ),
            ],
            options={
                "ordering": ["-pk"],
                "indexes": [models.Index(fields=["asked_at"], name="lookup_by_age")],
                "constraints": [
                    models.UniqueConstraint(fields=("phone", "group"), name="lookup_once_in_a_group")
                ],
            },
        ),
        migrations.CreateModel(
            name="SavedFilter",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=60)),
                ("query", models.CharField(help_text="As the URL of the table has it.", max_length=4000)),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.customer"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["name"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("user", "customer", "name"), name="saved_filter_of_a_person"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Suppression",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("phone", models.CharField(help_text="E.164.", max_length=20)),
                (
                    "reason",
                    models.CharField(help_text="In words: “Answered STOP to Inbound 1”.", max_length=200),
                ),
                ("since", models.DateTimeField(default=accounts.db.clock.now)),
                (
                    "customer",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="suppressions",
                        to="accounts.customer",
                    ),
                ),
            ],
            options={
                "ordering": ["-since", "-pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("customer", "phone"), name="suppression_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="TableColumns",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("columns", models.JSONField(default=list)),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.customer"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("user", "customer"), name="columns_of_a_person")
                ],
            },
        ),
        migrations.RunPython(make_index, drop_index),
    ]
