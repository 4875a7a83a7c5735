"""What calls, services and answers can be, as of 30 November 2026.

With 0007 and 0008 it stands for the steps that led there, which a database of then has been through one by one.
Of older columns, 0001 has today's choices, help texts and Python's defaults: no table shows them.
"""

import django.db.models.deletion
from django.db import migrations, models

import accounts.db.clock

STEPS = """
    0006_field_names
    0008_reason_codes
    0011_groups_that_others_use
    0012_gone_services
    0013_quirks
    0014_what_is_equal_everywhere
    0015_rows_of_live_updates
    0016_unicode_policy
    0017_opt_in_register
    0018_one_clock
    0019_events_nobody_could_read
    0020_when_calls_of_a_batch_may_leave
"""


class Migration(migrations.Migration):
    replaces = [("gateway", name) for name in STEPS.split()]

    dependencies = [
        ("gateway", "0001_connections_outbox_and_hooks"),
    ]

    operations = [
        migrations.RenameField("operation", "may_be_taken", "possibly_accepted"),
        migrations.RenameField("connection", "troubles", "consecutive_failures"),
        migrations.RenameField("connection", "trouble_text", "last_failure_text"),
        migrations.RenameField("connection", "trouble_at", "last_failure_at"),
        migrations.SeparateDatabaseAndState(  # the table keeps its name
            state_operations=[
                migrations.RenameModel("Change", "LiveUpdate"),
                migrations.AlterModelTable("liveupdate", "gateway_change"),
            ]
        ),
        migrations.RemoveIndex(model_name="operation", name="outbox_progress_of_a_batch"),
        migrations.RemoveConstraint(model_name="service", name="service_once"),
        migrations.AddField(
            model_name="operation",
            name="reason",
            field=models.CharField(
                max_length=40, blank=True, default="", help_text="A code of gateway.reasons."
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="operation",
            name="reason_params",
            field=models.JSONField(default=dict, help_text="What varies in its words."),
        ),
        migrations.AddField(
            model_name="operation",
            name="repeats",
            field=models.PositiveSmallIntegerField(
                db_default=0,
                default=0,
                help_text="Times that it was made again by itself, as it may have been taken.",
            ),
        ),
        migrations.AddField(
            model_name="service",
            name="is_shared",
            field=models.BooleanField(
                help_text="Whether others have put people into the group; null: nobody has said, so they may have.",
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="service",
            name="keeps_who_is_there",
            field=models.BooleanField(
                help_text="Seen: SmartDialog refuses to create somebody who is there; false: it writes over them.",
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="service",
            name="repeat_asked_at",
            field=models.DateTimeField(
                help_text="When a creation was last said once more, to see that.", null=True
            ),
        ),
        migrations.AddField(
            model_name="service",
            name="gone_at",
            field=models.DateTimeField(
                help_text="Since when SmartDialog lists it no more; kept, as records of ours refer to it.",
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="service",
            name="refuses_empty",
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text="Of a group. Seen: an empty text in a contact is refused.",
            ),
        ),
        migrations.AddField(
            model_name="connection",
            name="wrong_setting",
            field=models.CharField(
                blank=True,
                help_text="Of ours, for which no token can be had: a variable’s name.",
                max_length=40,
            ),
        ),
        migrations.AddField(
            model_name="connection",
            name="wrong_setting_said",
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.AddField(
            model_name="hookevent",
            name="unclear",
            field=models.CharField(
                blank=True,
                db_default="",
                help_text="What of a report has to be said: word:… or names:…",
                max_length=200,
            ),
        ),
        migrations.AddField(
            model_name="liveupdate",
            name="row",
            field=models.BigIntegerField(
                help_text="The key of what changed, where pages are sent that.", null=True
            ),
        ),
        migrations.CreateModel(
            name="Quirks",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "recipients_limit",
                    models.PositiveIntegerField(
                        help_text="Most recipients of a call; null: what the settings say.", null=True
                    ),
                ),
                (
                    "recipients_taken",
                    models.PositiveIntegerField(
                        default=0, help_text="Of the largest call that was ever taken."
                    ),
                ),
                (
                    "content_limit",
                    models.PositiveIntegerField(help_text="Longest text taken, in characters.", null=True),
                ),
                (
                    "send_lead",
                    models.PositiveIntegerField(
                        default=0, help_text="Seconds by which a SendDateTime has to be ahead."
                    ),
                ),
                (
                    "forgets_request_ids",
                    models.BooleanField(
                        default=False,
                        help_text="Seen: two messages for one RequestId. Nothing is sent again by itself.",
                    ),
                ),
                (
                    "is_silent",
                    models.BooleanField(
                        default=False, help_text="Seen: it answers a change that it took without a word."
                    ),
                ),
                (
                    "zone",
                    models.CharField(
                        blank=True, help_text="Of times that come without one; empty: UTC.", max_length=50
                    ),
                ),
                (
                    "report_names",
                    models.JSONField(
                        default=dict, help_text="What delivery reports call our six values: names by ours."
                    ),
                ),
                (
                    "report_words",
                    models.JSONField(
                        default=dict, help_text="Statuses by the words of delivery reports, in small letters."
                    ),
                ),
                ("changed_at", models.DateTimeField(default=accounts.db.clock.now)),
                (
                    "customer",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="quirks",
                        to="accounts.customer",
                    ),
                ),
                (
                    "takes_unicode_policy",
                    models.BooleanField(
                        db_default=False,
                        default=False,
                        help_text="It takes UnicodeCharacterHandlingPolicy of an SMS.",
                    ),
                ),
                (
                    "keeps_opt_ins",
                    models.BooleanField(
                        db_default=False,
                        default=False,
                        help_text="It has the deprecated register of WhatsApp opt-ins.",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "quirks",
            },
        ),
        migrations.CreateModel(
            name="InstallationFact",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=40, unique=True)),
                ("value", models.TextField(help_text="Of a key: its fingerprint, never the key.")),
                ("at", models.DateTimeField(default=accounts.db.clock.now)),
            ],
        ),
        migrations.AddIndex(
            model_name="operation",
            index=models.Index(
                condition=models.Q(("batch", ""), _negated=True),
                fields=["batch", "state", "due_at"],
                name="outbox_progress_of_a_batch",
            ),
        ),
        migrations.AddConstraint(
            model_name="service",
            constraint=models.UniqueConstraint(
                fields=("customer", "remote_id", "kind", "allows_reply"), name="service_once"
            ),
        ),
        migrations.AddIndex(
            model_name="hookevent",
            index=models.Index(
                condition=models.Q(("state", "unclear")),
                fields=["subscription", "unclear"],
                name="hook_events_unclear",
            ),
        ),
        migrations.AddIndex(
            model_name="hookevent",
            index=models.Index(
                condition=models.Q(("state__in", ["quarantined", "failed"])),
                fields=["subscription"],
                name="hook_events_dead",
            ),
        ),
    ]
