"""Who may be messaged, segments, and how files are read and kept, as of 30 November 2026.

With 0025 it stands for the steps that led there, which a database of then has been through one by one.
Of older columns, 0001 has today's choices, help texts and Python's defaults: no table shows them.
"""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import accounts.db.clock

STEPS = """
    0024_type_of_a_number
    0025_how_a_file_is_read
    0026_whom_smartdialog_had_before
    0027_numbers_of_a_list
    0029_record_of_consent
    0031_opt_out_requests
    0032_changed_only_here
    0033_list_of_opt_outs
    0034_who_was_erased
    0035_failed_messages
    0036_synced_in_words
    0037_spellings_of_opt_out_requests
    0038_answers_of_a_shape
    0039_blank_consent
    0040_stalls_of_a_job
    0041_stored_files
    0042_segments
    0043_lists_of_opt_outs
    0044_undone_imports
    0045_one_clock
    0046_senders_of_no_certain_number
    0047_numbers_beside_a_no
"""


def leave_uncompressed(apps, schema_editor):
    """Of chunks that stay for minutes, PostgreSQL's compression would cost more than it saves."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE contacts_storedchunk ALTER COLUMN data SET STORAGE EXTERNAL")


class Migration(migrations.Migration):
    replaces = [("contacts", name) for name in STEPS.split()]

    dependencies = [
        ("contacts", "0001_contacts_imports_and_bulk_actions"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RenameField(model_name="suppression", old_name="reason", new_name="words"),
        migrations.RemoveConstraint(model_name="suppression", name="suppression_once"),
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
            model_name="contact",
            name="met",
            field=models.JSONField(
                help_text="What SmartDialog had of them before we told it anything: value by target.",
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="contact",
            name="undecided",
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text="Was at SmartDialog before us, which does not say if they get messages: a person does.",
            ),
        ),
        migrations.AddField(
            model_name="contact",
            name="failed_messages",
            field=models.PositiveIntegerField(
                help_text="Messages that did not reach them, as SmartDialog counted when last read.",
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="contact",
            name="before_opt_out",
            field=models.CharField(
                blank=True,
                choices=[("active", "Active"), ("undecided", "Undecided")],
                db_default="",
                default="",
                help_text="Empty for who can be messaged, and who was inactive before.",
                max_length=9,
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
            model_name="import",
            name="answered",
            field=models.JSONField(default=list, help_text="What of its reading a person has chosen."),
        ),
        migrations.AddField(
            model_name="import",
            name="header_row",
            field=models.PositiveIntegerField(
                help_text="Which row names the columns; 0: none does; null: the first with content.",
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="import",
            name="hidden",
            field=models.CharField(
                default="leave", help_text="Leave or take the rows that the sheet hides.", max_length=5
            ),
        ),
        migrations.AddField(
            model_name="import",
            name="questions",
            field=models.JSONField(
                default=list, help_text="What cannot be known of the file; until it is checked."
            ),
        ),
        migrations.AddField(
            model_name="import",
            name="quotes",
            field=models.CharField(
                blank=True, help_text="Plain: quotation marks hold no cell together.", max_length=5
            ),
        ),
        migrations.AddField(
            model_name="import",
            name="sheet",
            field=models.CharField(
                blank=True, help_text="Of a workbook: the one that is read.", max_length=200
            ),
        ),
        migrations.AddField(
            model_name="import",
            name="sheets",
            field=models.JSONField(default=list, help_text="All that the workbook shows."),
        ),
        migrations.AddField(
            model_name="import",
            name="blank_consent",
            field=models.CharField(
                blank=True,
                choices=[("yes", "Gets messages"), ("no", "Gets none")],
                db_default="",
                default="",
                help_text="What empty cells say of columns that tell who gets messages.",
                max_length=3,
            ),
        ),
        migrations.AddField(
            model_name="import",
            name="stalls",
            field=models.PositiveIntegerField(
                db_default=0, default=0, help_text="How many workers in a row ended without a new cursor."
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
        migrations.AddField(
            model_name="importrow",
            name="hidden",
            field=models.BooleanField(default=False, help_text="By the sheet, and left out for that."),
        ),
        migrations.AddField(
            model_name="importrow",
            name="barred_too",
            field=models.JSONField(
                help_text="Other numbers of somebody who gets no messages; null where there is none.",
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="lookup",
            name="active",
            field=models.BooleanField(
                help_text="Null: SmartDialog does not say who gets messages.", null=True
            ),
        ),
        migrations.AddField(
            model_name="lookup",
            name="takes_in",
            field=models.BooleanField(
                db_default=False, default=False, help_text="Of a list: who is found is taken in at once."
            ),
        ),
        migrations.AddField(
            model_name="suppression",
            name="lift_dated",
            field=models.DateField(help_text="When they agreed, as staff say.", null=True),
        ),
        migrations.AddField(
            model_name="suppression",
            name="lift_place",
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name="suppression",
            name="lift_source",
            field=models.CharField(
                blank=True,
                choices=[
                    ("message", "Message"),
                    ("staff", "Staff"),
                    ("file", "File"),
                    ("api", "SmartDialog"),
                ],
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="suppression",
            name="lift_words",
            field=models.CharField(blank=True, help_text="What shows it.", max_length=500),
        ),
        migrations.AddField(
            model_name="suppression",
            name="lifted_at",
            field=models.DateTimeField(help_text="Null: in force.", null=True),
        ),
        migrations.AddField(
            model_name="suppression",
            name="place",
            field=models.CharField(blank=True, help_text="Whom they wrote to; which file.", max_length=200),
        ),
        migrations.AddField(
            model_name="suppression",
            name="source",
            field=models.CharField(
                choices=[
                    ("message", "Message"),
                    ("staff", "Staff"),
                    ("file", "File"),
                    ("api", "SmartDialog"),
                ],
                default="staff",
                max_length=10,
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="suppression",
            name="other_spelling",
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text="Said of the same phone under another number: see contacts.text.phones.spellings.",
            ),
        ),
        migrations.AlterField(
            model_name="suppression",
            name="words",
            field=models.CharField(
                blank=True, help_text="What they wrote, or staff noted, or a file said.", max_length=500
            ),
        ),
        migrations.AddField(
            model_name="bulkaction",
            name="stalls",
            field=models.PositiveIntegerField(
                db_default=0, default=0, help_text="How many workers in a row ended without a new cursor."
            ),
        ),
        migrations.AddField(
            model_name="erasure",
            name="opted_out",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="The source of a No of theirs, a ConsentSource, which holds when they come back.",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="fileshape",
            name="answers",
            field=models.JSONField(
                db_default=models.Value({}, models.JSONField()),
                default=dict,
                help_text="What was asked of its reading.",
            ),
        ),
        migrations.AlterField(
            model_name="savedfilter",
            name="query",
            field=models.CharField(help_text="As the URL of the table has it.", max_length=16000),
        ),
        migrations.CreateModel(
            name="OptOutRequest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "phone",
                    models.CharField(
                        help_text="E.164, but of an unreadable sender as it came.", max_length=50
                    ),
                ),
                ("words", models.CharField(blank=True, help_text="What they wrote.", max_length=500)),
                ("place", models.CharField(blank=True, help_text="Whom they wrote to.", max_length=200)),
                ("asked_at", models.DateTimeField(default=accounts.db.clock.now)),
                (
                    "decision",
                    models.CharField(
                        blank=True,
                        choices=[("opted_out", "Opted out"), ("not_meant", "Not an opt-out")],
                        max_length=10,
                    ),
                ),
                ("decided_at", models.DateTimeField(null=True)),
                (
                    "customer",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="opt_out_requests",
                        to="accounts.customer",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "other_spelling",
                    models.BooleanField(
                        db_default=False,
                        default=False,
                        help_text="Of the same phone under another number: see contacts.text.phones.spellings.",
                    ),
                ),
                (
                    "unreadable",
                    models.BooleanField(
                        db_default=False,
                        default=False,
                        help_text="Which number wrote is not certain: nobody is left out before a person says whose it is.",
                    ),
                ),
            ],
            options={
                "ordering": ["-asked_at", "-pk"],
                "indexes": [
                    models.Index(fields=["customer", "-asked_at", "-id"], name="opt_out_requests_latest"),
                    models.Index(fields=["customer", "phone"], name="opt_out_requests_of_a_number"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("decided_at", None)),
                        fields=("customer", "phone"),
                        name="opt_out_request_once_undecided",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="StoredFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=100, unique=True)),
                (
                    "size",
                    models.PositiveBigIntegerField(default=0, help_text="Bytes; 0 until all of it is here."),
                ),
                ("created_at", models.DateTimeField(default=accounts.db.clock.now)),
            ],
        ),
        migrations.CreateModel(
            name="StoredChunk",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField(help_text="From 0.")),
                ("data", models.BinaryField()),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="chunks",
                        to="contacts.storedfile",
                    ),
                ),
            ],
            options={
                "ordering": ["number"],
                "constraints": [
                    models.UniqueConstraint(fields=("file", "number"), name="one_chunk_of_a_number")
                ],
            },
        ),
        migrations.CreateModel(
            name="Segment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=60)),
                ("text", models.CharField(help_text="See contacts.segments.parser.", max_length=1000)),
                ("created_at", models.DateTimeField(default=accounts.db.clock.now)),
                ("updated_at", models.DateTimeField(default=accounts.db.clock.now)),
                ("revision", models.PositiveIntegerField(default=1)),
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
                    "customer",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="segments",
                        to="accounts.customer",
                    ),
                ),
            ],
            options={
                "ordering": ["name", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("customer", "name"), name="segment_name_of_a_customer")
                ],
            },
        ),
        migrations.CreateModel(
            name="NumberList",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "token",
                    models.UUIDField(
                        default=uuid.uuid4, help_text="Of the form: sent twice, it is one list."
                    ),
                ),
                ("name", models.CharField(blank=True, help_text="Of its file.", max_length=200)),
                ("words", models.CharField(blank=True, help_text="Why, as staff noted.", max_length=500)),
                ("numbers", models.PositiveIntegerField(default=0, help_text="How many it opted out.")),
                ("created_at", models.DateTimeField(default=accounts.db.clock.now)),
                ("undone_at", models.DateTimeField(null=True)),
                ("settled", models.BooleanField(default=True)),
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
                    "customer",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="number_lists",
                        to="accounts.customer",
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
                    models.Index(fields=["customer", "-id"], name="number_lists_newest_first"),
                    models.Index(
                        condition=models.Q(("settled", False)),
                        fields=["id"],
                        name="number_lists_to_be_settled",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("customer", "token"), name="number_list_once")
                ],
            },
        ),
        migrations.AddField(
            model_name="suppression",
            name="by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="suppression",
            name="job",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="opt_outs",
                to="contacts.import",
            ),
        ),
        migrations.AddField(
            model_name="suppression",
            name="lifted_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="suppression",
            name="number_list",
            field=models.ForeignKey(
                db_index=False,
                help_text="By which staff said it of many at once.",
                null=True,
                on_delete=django.db.models.deletion.RESTRICT,
                related_name="opt_outs",
                to="contacts.numberlist",
            ),
        ),
        migrations.AddIndex(
            model_name="contact",
            index=models.Index(
                condition=models.Q(("met__isnull", False)),
                fields=["last_import", "id"],
                name="contact_met_by_an_import",
            ),
        ),
        migrations.AddIndex(
            model_name="contact",
            index=models.Index(
                condition=models.Q(("undecided", True), models.Q(("sync_state", "deleting"), _negated=True)),
                fields=["group", "id"],
                name="contact_undecided_of_a_group",
            ),
        ),
        migrations.AddIndex(
            model_name="suppression",
            index=models.Index(fields=["customer", "phone"], name="suppressions_of_a_number"),
        ),
        migrations.AddIndex(
            model_name="suppression",
            index=models.Index(fields=["customer", "-since", "-id"], name="suppressions_newest_first"),
        ),
        migrations.AddConstraint(
            model_name="suppression",
            constraint=models.UniqueConstraint(
                condition=models.Q(("lifted_at", None)),
                fields=("job", "phone"),
                name="suppression_once_by_file",
            ),
        ),
        migrations.AddConstraint(
            model_name="suppression",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    ("lifted_at", None), ("number_list", None), models.Q(("source", "file"), _negated=True)
                ),
                fields=("customer", "phone", "source"),
                name="suppression_once_by_source",
            ),
        ),
        migrations.AddConstraint(
            model_name="suppression",
            constraint=models.UniqueConstraint(
                condition=models.Q(("lifted_at", None)),
                fields=("number_list", "phone"),
                name="suppression_once_by_list",
            ),
        ),
        migrations.RunPython(leave_uncompressed, migrations.RunPython.noop),
    ]
