"""Whom a campaign is for, how it goes out and what came of it, as of 30 November 2026.

With 0003 it stands for the steps that led there, which a database of then has been through one by one.
Of older columns, 0001 has today's choices, help texts and Python's defaults: no table shows them.
"""

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import accounts.db.clock

STEPS = """
    0002_numbers_that_are_no_mobiles
    0004_pausing
    0006_what_is_movement
    0007_sending_hours
    0008_results
    0009_options_rules_and_senders
    0010_recurrences
    0011_links
    0012_typed_count
    0013_audiences_of_several_groups
    0014_skipped_recipients
    0015_hours_of_each_person
    0016_second_person
    0017_stages_and_texts
    0018_recipient_counts
    0019_lists_of_people
    0020_first_of_an_audience
    0021_templates_as_agreed
    0022_left_out_as_agreed
    0023_leases_of_counts
    0024_one_clock
    0025_size_of_calls
    0026_planned_end
    0027_turns
    0028_sent_again_in_a_moment
"""


def drop_triggers(apps, schema_editor):
    """Which are made after each migration, and write into the table of counts."""
    on = " ON campaigns_recipient" if schema_editor.connection.vendor == "postgresql" else ""
    for what in ("added", "changed", "removed"):
        schema_editor.execute(f"DROP TRIGGER IF EXISTS campaigns_count_{what}{on}")


class Migration(migrations.Migration):
    replaces = [("campaigns", name) for name in STEPS.split()]

    dependencies = [
        ("campaigns", "0001_campaigns"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(model_name="recipient", name="recipients_to_put_into_calls"),
        migrations.AddField(
            model_name="campaign",
            name="include_landlines",
            field=models.BooleanField(
                db_default=False, default=False, help_text="SMS to numbers that are no mobiles, too."
            ),
        ),
        migrations.AddField(
            model_name="campaign",
            name="moved_at",
            field=models.DateTimeField(help_text="When it last began, or a person let it go on.", null=True),
        ),
        migrations.AddField(
            model_name="campaign",
            name="pause_reason",
            field=models.CharField(blank=True, help_text="Empty where a person paused it.", max_length=300),
        ),
        migrations.AddField(
            model_name="campaign",
            name="paused_at",
            field=models.DateTimeField(help_text="Since when none of its calls leaves.", null=True),
        ),
        migrations.AddField(
            model_name="campaign",
            name="resumes_at",
            field=models.DateTimeField(help_text="When it goes on by itself, as a person chose.", null=True),
        ),
        migrations.AddField(
            model_name="campaign",
            name="divides_calls",
            field=models.BooleanField(
                db_default=True,
                default=True,
                help_text="A refused call may have too many recipients; false: seen not to be the reason.",
            ),
        ),
        migrations.AddField(
            model_name="campaign",
            name="waits_until",
            field=models.DateTimeField(help_text="When the sending hours of some of it begin.", null=True),
        ),
        migrations.AddField(
            model_name="campaign",
            name="parts",
            field=models.PositiveIntegerField(
                db_default=0, default=0, help_text="SMS parts of what was taken, as we count them."
            ),
        ),
        migrations.AddField(
            model_name="campaign",
            name="parts_reported",
            field=models.PositiveIntegerField(
                db_default=0, default=0, help_text="As SmartDialog counted them; 0: it did not say."
            ),
        ),
        migrations.AddField(
            model_name="campaign",
            name="attachment_url",
            field=models.CharField(blank=True, db_default="", default="", max_length=2000),
        ),
        migrations.AddField(
            model_name="campaign",
            name="button_data",
            field=models.JSONField(
                db_default=models.Value([], models.JSONField()),
                default=list,
                help_text="Of each button, in order.",
            ),
        ),
        migrations.AddField(
            model_name="campaign",
            name="button_type",
            field=models.CharField(
                blank=True,
                choices=[("Url", "A link"), ("QuickReply", "A quick reply"), ("Call", "A call")],
                db_default="",
                default="",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="campaign",
            name="customer_data",
            field=models.CharField(
                blank=True, db_default="", default="", help_text="For SmartDialog's bills.", max_length=255
            ),
        ),
        migrations.AddField(
            model_name="campaign",
            name="header_parameters",
            field=models.JSONField(
                db_default=models.Value([], models.JSONField()),
                default=list,
                help_text="The same for everyone, in order.",
            ),
        ),
        migrations.AddField(
            model_name="campaign",
            name="sitting",
            field=models.UUIDField(help_text="The open page that has saved it by itself since.", null=True),
        ),
        migrations.AddField(
            model_name="campaign",
            name="sitting_since",
            field=models.PositiveIntegerField(
                db_default=0, default=0, help_text="The revision that this page began with."
            ),
        ),
        migrations.AddField(
            model_name="campaign",
            name="sms_fallback",
            field=models.BooleanField(
                db_default=False, default=False, help_text="An SMS to whom WhatsApp does not reach."
            ),
        ),
        migrations.AddField(
            model_name="campaign",
            name="unicode_policy",
            field=models.CharField(
                blank=True,
                choices=[
                    ("Replace", "Let SmartDialog replace them"),
                    ("Strict", "Let SmartDialog refuse the message"),
                ],
                db_default="",
                default="",
                help_text="SMS.",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="campaign",
            name="link_url",
            field=models.URLField(
                blank=True, db_default="", help_text="Where $(link) leads, if anywhere.", max_length=2000
            ),
        ),
        migrations.AddField(
            model_name="campaign",
            name="minus_groups",
            field=models.JSONField(db_default=[], default=list, help_text="Keys of groups left out."),
        ),
        migrations.AddField(
            model_name="campaign",
            name="more_groups",
            field=models.JSONField(
                db_default=[], default=list, help_text="Keys of further groups it is for."
            ),
        ),
        migrations.AddField(
            model_name="campaign",
            name="segments",
            field=models.JSONField(db_default=[], default=list, help_text="Keys of segments it is for, too."),
        ),
        migrations.AddField(
            model_name="campaign",
            name="date_property",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="Only to those whose date in this property comes round on on_day.",
                max_length=100,
            ),
        ),
        migrations.AddField(
            model_name="campaign",
            name="on_day",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="campaign",
            name="outside_hours",
            field=models.CharField(
                choices=[("wait", "They get it when the hours begin"), ("leave_out", "They are skipped")],
                db_default="wait",
                default="wait",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="campaign",
            name="own_time",
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text="send_at is a time of the day where each person is.",
            ),
        ),
        migrations.AddField(
            model_name="campaign",
            name="rest_days",
            field=models.PositiveSmallIntegerField(
                help_text="Not to whom marketing reached in so many days before.", null=True
            ),
        ),
        migrations.AddField(
            model_name="campaign",
            name="too_soon",
            field=models.CharField(
                choices=[
                    ("leave_out", "They are skipped"),
                    ("wait", "They get it at that time of a later day"),
                ],
                db_default="leave_out",
                default="leave_out",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="campaign",
            name="agreed_parts",
            field=models.PositiveIntegerField(help_text="SMS parts, counted at the same time.", null=True),
        ),
        migrations.AddField(
            model_name="campaign",
            name="first_done_at",
            field=models.DateTimeField(help_text="When every call to the first had ended.", null=True),
        ),
        migrations.AddField(
            model_name="campaign",
            name="first_if_unclear",
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text="The rest gets the first text where none is clearly better.",
            ),
        ),
        migrations.AddField(
            model_name="campaign",
            name="first_share",
            field=models.PositiveSmallIntegerField(help_text="Percent of the people; empty: all.", null=True),
        ),
        migrations.AddField(
            model_name="campaign",
            name="more_texts",
            field=models.JSONField(
                db_default=models.Value([], models.JSONField()),
                default=list,
                help_text="Beside its own, what others say that are tried.",
            ),
        ),
        migrations.AddField(
            model_name="campaign",
            name="rest_begun_at",
            field=models.DateTimeField(help_text="When the rest was let go.", null=True),
        ),
        migrations.AddField(
            model_name="campaign",
            name="rest_due_at",
            field=models.DateTimeField(help_text="When the wait ends; empty: a person decides.", null=True),
        ),
        migrations.AddField(
            model_name="campaign",
            name="wait_minutes",
            field=models.PositiveIntegerField(
                help_text="Before the rest; empty: until a person says so.", null=True
            ),
        ),
        migrations.AddField(
            model_name="campaign",
            name="winner",
            field=models.PositiveSmallIntegerField(
                help_text="The number of the text of the rest.", null=True
            ),
        ),
        migrations.AddField(
            model_name="campaign",
            name="winner_by",
            field=models.CharField(
                choices=[
                    ("hand", "A person chooses"),
                    ("clicks", "Most clicks"),
                    ("answers", "Most answers"),
                ],
                db_default="hand",
                default="hand",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="campaign",
            name="list_cursor",
            field=models.PositiveIntegerField(
                db_default=0,
                default=0,
                help_text="The last row of its list that was listed; before any contact.",
            ),
        ),
        migrations.AddField(
            model_name="campaign",
            name="agreed_templates",
            field=models.JSONField(
                db_default=models.Value([], models.JSONField()),
                default=list,
                help_text="Of each template its text, and whether it was approved, when it was scheduled.",
            ),
        ),
        migrations.AddField(
            model_name="campaign",
            name="agreed_left_out",
            field=models.PositiveIntegerField(
                help_text="How many were to get nothing, counted at the same time.", null=True
            ),
        ),
        migrations.AddField(
            model_name="campaign",
            name="call_size",
            field=models.PositiveIntegerField(help_text="Guessed from refusals: most of a call.", null=True),
        ),
        migrations.AddField(
            model_name="campaign",
            name="ends_at",
            field=models.DateTimeField(help_text="When its last call was to be made, as planned.", null=True),
        ),
        migrations.AddField(
            model_name="campaign",
            name="turn_at",
            field=models.DateTimeField(
                help_text="Since when it waits for its turn: begun, let go to the rest, or sent again.",
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="recipient",
            name="stage",
            field=models.PositiveSmallIntegerField(
                db_default=0, default=0, help_text="0 the first, 1 the rest."
            ),
        ),
        migrations.AddField(
            model_name="recipient",
            name="wording",
            field=models.PositiveSmallIntegerField(
                db_default=0, default=0, help_text="Which of the texts; empty: to be chosen.", null=True
            ),
        ),
        migrations.CreateModel(
            name="SendingHours",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "country",
                    models.CharField(blank=True, help_text="Alpha-2; empty for all others.", max_length=2),
                ),
                ("zone", models.CharField(max_length=50)),
                ("days", models.JSONField()),
                (
                    "closed_dates",
                    models.JSONField(default=list, help_text="Days without sending, as ISO dates."),
                ),
                (
                    "covers_all",
                    models.BooleanField(
                        default=False,
                        help_text="They hold for service messages, too, and not only for marketing.",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sending_hours",
                        to="accounts.customer",
                    ),
                ),
            ],
            options={
                "ordering": ["country"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("customer", "country"), name="sending_hours_once_for_a_country"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ResultSettings",
            fields=[
                (
                    "customer",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="accounts.customer",
                    ),
                ),
                (
                    "price_per_part",
                    models.DecimalField(
                        decimal_places=4,
                        help_text="Of an SMS; null: not known.",
                        max_digits=8,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(0)],
                    ),
                ),
                (
                    "currency",
                    models.CharField(
                        choices=[
                            ("EUR", "EUR"),
                            ("SEK", "SEK"),
                            ("NOK", "NOK"),
                            ("DKK", "DKK"),
                            ("GBP", "GBP"),
                            ("USD", "USD"),
                        ],
                        default="EUR",
                        max_length=3,
                    ),
                ),
                (
                    "tracks_links",
                    models.BooleanField(
                        db_default=False, default=False, help_text="SMS may hold a link of each person's own."
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "result settings",
            },
        ),
        migrations.CreateModel(
            name="CampaignRules",
            fields=[
                (
                    "customer",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="accounts.customer",
                    ),
                ),
                (
                    "customer_data",
                    models.CharField(
                        blank=True, help_text="The billing reference of a new campaign.", max_length=255
                    ),
                ),
                (
                    "typed_above",
                    models.PositiveIntegerField(
                        help_text="Whoever sends to more people types how many; null: nobody has to.",
                        null=True,
                    ),
                ),
                (
                    "rest_days",
                    models.PositiveSmallIntegerField(
                        help_text="No marketing to whom some reached in so many days before; null: as often as may be.",
                        null=True,
                    ),
                ),
                (
                    "approved_above",
                    models.PositiveIntegerField(
                        help_text="More people than this, and a second person approves; null: never.",
                        null=True,
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "campaign rules",
            },
        ),
        migrations.CreateModel(
            name="ApprovedSender",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("sender", models.CharField(max_length=20)),
                ("countries", models.JSONField(default=list, help_text="ISO alpha-2; empty: everywhere.")),
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
                "ordering": ["sender"],
                "constraints": [
                    models.UniqueConstraint(fields=("customer", "sender"), name="sender_approved_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="OwnPhone",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("phone", models.CharField(help_text="E.164.", max_length=20)),
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
                    models.UniqueConstraint(fields=("user", "customer"), name="own_phone_of_a_person")
                ],
            },
        ),
        migrations.CreateModel(
            name="Snippet",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=60)),
                ("text", models.TextField()),
                (
                    "customer",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.customer",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["name", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("user", None)),
                        fields=("customer", "name"),
                        name="snippet_for_all_once",
                    ),
                    models.UniqueConstraint(
                        fields=("customer", "user", "name"), name="snippet_of_a_person_once"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Recurrence",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "rhythm",
                    models.CharField(
                        choices=[
                            ("week", "Each week"),
                            ("month_day", "Each month, on a day"),
                            ("month_weekday", "Each month, on a weekday"),
                            ("birthday", "Each year, on a day of each person’s own"),
                        ],
                        max_length=20,
                    ),
                ),
                ("weekday", models.PositiveSmallIntegerField(help_text="From Monday, 0.", null=True)),
                ("week", models.SmallIntegerField(help_text="Of the month: 1 to 4, or LAST.", null=True)),
                (
                    "day",
                    models.PositiveSmallIntegerField(help_text="The last of a shorter month.", null=True),
                ),
                ("time", models.TimeField()),
                ("zone", models.CharField(max_length=50)),
                ("ends_on", models.DateField(help_text="The last day that it may be sent on.", null=True)),
                ("next_at", models.DateTimeField(null=True)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "campaign",
                    models.OneToOneField(
                        help_text="That is copied.",
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="recurrence",
                        to="campaigns.campaign",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="recurrences",
                        to="accounts.customer",
                    ),
                ),
                (
                    "latest",
                    models.ForeignKey(
                        help_text="That was made last.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="campaigns.campaign",
                    ),
                ),
                (
                    "agreed_revision",
                    models.PositiveIntegerField(
                        help_text="Of a draft that somebody has let come, though it was never sent itself.",
                        null=True,
                    ),
                ),
                (
                    "date_property",
                    models.CharField(
                        blank=True,
                        db_default="",
                        default="",
                        help_text="Whose day of the year it is sent on.",
                        max_length=100,
                    ),
                ),
                (
                    "approved",
                    models.ForeignKey(
                        help_text="Of those made, the one that a second person approved, for all that are alike.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="campaigns.campaign",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("next_at__isnull", False)),
                        fields=["next_at"],
                        name="recurrence_to_be_made",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Link",
            fields=[
                ("token", models.CharField(max_length=12, primary_key=True, serialize=False)),
                ("clicked_at", models.DateTimeField(help_text="When a person first opened it.", null=True)),
                (
                    "campaign",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="links",
                        to="campaigns.campaign",
                    ),
                ),
                (
                    "recipient",
                    models.OneToOneField(
                        help_text="Null: erased.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="link",
                        to="campaigns.recipient",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("clicked_at__isnull", False)),
                        fields=["campaign"],
                        name="links_clicked_of_a_campaign",
                    ),
                    models.Index(fields=["campaign", "token"], name="links_of_a_campaign"),
                ],
            },
        ),
        migrations.CreateModel(
            name="AudienceCount",
            fields=[
                (
                    "campaign",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="audience_count",
                        serialize=False,
                        to="campaigns.campaign",
                    ),
                ),
                ("revision", models.PositiveIntegerField()),
                ("of", models.PositiveIntegerField(help_text="Rows to be looked at.", null=True)),
                ("seen", models.PositiveIntegerField(default=0)),
                ("people", models.PositiveIntegerField(default=0)),
                ("calls", models.PositiveIntegerField(default=0)),
                ("parts", models.PositiveIntegerField(help_text="Of an SMS.", null=True)),
                ("left_out", models.JSONField(default=dict, help_text="People by the reason.")),
                ("finished_at", models.DateTimeField(null=True)),
                (
                    "first",
                    models.PositiveIntegerField(help_text="Of the people, to whom it goes first.", null=True),
                ),
                ("fence", models.PositiveIntegerField(default=0, help_text="Grows with each lease.")),
                ("leased_until", models.DateTimeField(null=True)),
                (
                    "stalls",
                    models.PositiveIntegerField(
                        default=0, help_text="How many workers in a row did not come to its end."
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ResendRequest",
            fields=[
                (
                    "campaign",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="resend_request",
                        serialize=False,
                        to="campaigns.campaign",
                    ),
                ),
                (
                    "revision",
                    models.PositiveIntegerField(
                        help_text="Of the campaign: after a change it holds no more."
                    ),
                ),
                ("whom", models.JSONField(default=list)),
                ("people", models.PositiveIntegerField()),
                ("asked_at", models.DateTimeField(default=accounts.db.clock.now)),
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
                    "begins_at",
                    models.DateTimeField(
                        help_text="Decided: it begins then, unless it is undone.", null=True
                    ),
                ),
            ],
            options={
                "ordering": ["-asked_at"],
            },
        ),
        migrations.CreateModel(
            name="RecipientCount",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("planned", "Waiting"),
                            ("accepted", "Accepted"),
                            ("delivered", "Delivered"),
                            ("failed", "Failed"),
                            ("skipped", "Skipped"),
                            ("uncertain", "Uncertain"),
                        ],
                        max_length=10,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=300)),
                ("number", models.BigIntegerField()),
                (
                    "is_sum",
                    models.BooleanField(
                        db_default=False, default=False, help_text="Of rows that a sweep added up."
                    ),
                ),
                (
                    "campaign",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="campaigns.campaign",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("is_sum", False)),
                        fields=["campaign"],
                        name="recipient_counts_to_add_up",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PeopleList",
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
                ("encoding", models.CharField(blank=True, help_text="Empty for a workbook.", max_length=20)),
                ("delimiter", models.CharField(blank=True, max_length=1)),
                (
                    "quotes",
                    models.CharField(
                        blank=True, help_text="Plain: quotation marks hold no cell together.", max_length=5
                    ),
                ),
                (
                    "sheet",
                    models.CharField(
                        blank=True, help_text="Of a workbook: the one that is read.", max_length=200
                    ),
                ),
                ("sheets", models.JSONField(default=list, help_text="All that the workbook shows.")),
                (
                    "hidden",
                    models.CharField(
                        default="leave",
                        help_text="Leave or take the rows that the sheet hides.",
                        max_length=5,
                    ),
                ),
                (
                    "header_row",
                    models.PositiveIntegerField(
                        help_text="Which row names the columns; 0: none does; null: the first with content.",
                        null=True,
                    ),
                ),
                (
                    "questions",
                    models.JSONField(
                        default=list, help_text="What cannot be known of the file; until it is checked."
                    ),
                ),
                (
                    "answered",
                    models.JSONField(default=list, help_text="What of its reading a person has chosen."),
                ),
                ("header", models.JSONField(default=list)),
                (
                    "samples",
                    models.JSONField(default=list, help_text="The first rows, for choosing columns."),
                ),
                ("mapping", models.JSONField(default=list, help_text="A target for each column.")),
                (
                    "mends",
                    models.JSONField(
                        default=dict,
                        help_text="Texts by column by row, in place of the file’s; until it is confirmed.",
                    ),
                ),
                ("regions", models.JSONField(default=list, help_text="For national numbers, in order.")),
                (
                    "unclear_region",
                    models.CharField(
                        blank=True,
                        db_default="",
                        default="",
                        help_text="Which reading is taken of all unclear numbers.",
                        max_length=2,
                    ),
                ),
                (
                    "blank_consent",
                    models.CharField(
                        blank=True,
                        choices=[("yes", "Gets messages"), ("no", "Gets none")],
                        db_default="",
                        default="",
                        help_text="What empty cells say of columns that tell who gets messages.",
                        max_length=3,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("uploaded", "Choose columns"),
                            ("reading", "Being read"),
                            ("read", "Ready"),
                            ("refused", "Refused"),
                        ],
                        default="uploaded",
                        max_length=10,
                    ),
                ),
                (
                    "rows_expected",
                    models.PositiveIntegerField(default=0, help_text="About how many; 0: not known."),
                ),
                ("counts", models.JSONField(default=dict, help_text="Rows by kind.")),
                ("cursor", models.PositiveIntegerField(default=0, help_text="The last row that was read.")),
                ("refusal_words", models.CharField(blank=True, max_length=500)),
                ("fence", models.PositiveIntegerField(default=0, help_text="Grows with each lease.")),
                ("leased_until", models.DateTimeField(null=True)),
                (
                    "stalls",
                    models.PositiveIntegerField(
                        default=0, help_text="How many workers in a row ended without a new cursor."
                    ),
                ),
                ("created_at", models.DateTimeField(default=accounts.db.clock.now)),
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
                        related_name="people_lists",
                        to="accounts.customer",
                    ),
                ),
            ],
            options={
                "ordering": ["-pk"],
                "indexes": [
                    models.Index(fields=["customer", "-id"], name="people_lists_newest_first"),
                    models.Index(
                        condition=models.Q(("state", "reading")),
                        fields=["id"],
                        name="people_lists_being_read",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ListedPerson",
            fields=[
                ("first_name", models.CharField(max_length=100, null=True)),
                ("last_name", models.CharField(max_length=100, null=True)),
                ("email", models.CharField(max_length=254, null=True)),
                ("gender", models.CharField(max_length=6, null=True)),
                ("birth_year", models.PositiveSmallIntegerField(null=True)),
                ("street_address", models.CharField(max_length=200, null=True)),
                ("zip_code", models.CharField(max_length=20, null=True)),
                ("city", models.CharField(max_length=100, null=True)),
                ("country_code", models.CharField(max_length=3, null=True)),
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "people_list_id",
                        "line",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("line", models.PositiveIntegerField(help_text="The row number that a spreadsheet shows.")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("new", "NEW"),
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
                        help_text="E.164; null where it is not certain.", max_length=20, null=True
                    ),
                ),
                ("phone_type", models.CharField(default="mobile", max_length=8)),
                ("properties", models.JSONField(default=dict)),
                ("problems", models.JSONField(default=list)),
                (
                    "raw",
                    models.JSONField(
                        default=list, help_text="The cells as they were, of a row that is not certain."
                    ),
                ),
                (
                    "people_list",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rows",
                        to="campaigns.peoplelist",
                    ),
                ),
            ],
            options={
                "ordering": ["line"],
                "indexes": [
                    models.Index(fields=["people_list", "kind", "line"], name="listed_people_of_a_kind"),
                    models.Index(fields=["phone", "people_list"], name="listed_people_of_a_number"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("kind__in", ["new", "opted_out"])),
                        fields=("people_list", "phone"),
                        name="listed_once",
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="campaign",
            name="occurrence_of",
            field=models.ForeignKey(
                help_text="The campaign that comes again, of which this one was made.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="occurrences",
                to="campaigns.campaign",
            ),
        ),
        migrations.AddField(
            model_name="campaign",
            name="approved_by",
            field=models.ForeignKey(
                help_text="The second person; null where none was asked.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="campaign",
            name="people_list",
            field=models.ForeignKey(
                help_text="Pasted or uploaded numbers that it is for, too.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="campaigns",
                to="campaigns.peoplelist",
            ),
        ),
        migrations.AddIndex(
            model_name="recipient",
            index=models.Index(
                condition=models.Q(("batch", None), ("state", "planned")),
                fields=["campaign", "stage", "key", "id"],
                name="recipients_to_put_into_calls",
            ),
        ),
        migrations.RunPython(migrations.RunPython.noop, drop_triggers),
    ]
