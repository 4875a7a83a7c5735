"""Drafts, notes, teams, rules and times of an inbox, as of 30 November 2026.

With 0003 and 0004 it stands for the steps that led there, which a database of then has been through one by one.
Of older columns, 0001 has today's choices, help texts and Python's defaults: no table shows them.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import accounts.db.clock

STEPS = """
    0002_opt_outs_by_message
    0004_drafts_decisions_and_first_messages
    0005_scheduled_replies
    0006_a_team_and_a_search
    0008_rules
    0009_channel_of_a_thread
    0010_response_times
    0011_notifications
    0012_discussions
    0013_latest_of_those_who_wait
    0014_one_clock
    0015_teams
    0016_notices_claimed_in_sets
    0017_drafts_of_templates_and_first_messages
"""


class Migration(migrations.Migration):
    replaces = [("inbox", name) for name in STEPS.split()]

    dependencies = [
        ("contacts", "0024_consent_segments_and_files"),
        ("inbox", "0001_threads_and_messages"),
        ("whatsapp", "0001_templates"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(model_name="message", name="messages_needing_a_person"),
        migrations.RemoveIndex(model_name="thread", name="threads_unread"),
        migrations.AddField(
            model_name="message",
            name="automatic",
            field=models.BooleanField(default=False, help_text="Ours, and nobody wrote it: a confirmation."),
        ),
        migrations.AddField(
            model_name="message",
            name="intent",
            field=models.CharField(
                blank=True,
                choices=[
                    ("stop", "Asks for no more messages"),
                    ("may_stop", "May ask for no more messages"),
                    ("start", "Asks for messages again"),
                ],
                help_text="Of a received one.",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="message",
            name="dismissed",
            field=models.BooleanField(default=False, help_text="A person left it as it is: not sent."),
        ),
        migrations.AddField(
            model_name="message",
            name="our_address",
            field=models.CharField(
                blank=True, help_text="Where a received one was written to.", max_length=50
            ),
        ),
        migrations.AddField(
            model_name="message",
            name="values",
            field=models.JSONField(default=list, help_text="What fills its gaps, in order."),
        ),
        migrations.AddField(
            model_name="message",
            name="send_at",
            field=models.DateTimeField(help_text="When one of ours is to leave; null: at once.", null=True),
        ),
        migrations.AddField(
            model_name="thread",
            name="newest_received",
            field=models.BigIntegerField(default=0, help_text="The key of the last message from them."),
        ),
        migrations.AddField(
            model_name="thread",
            name="search_text",
            field=models.CharField(
                blank=True, help_text="The words of the number that a search looks in.", max_length=250
            ),
        ),
        migrations.AddField(
            model_name="thread",
            name="snoozed_until",
            field=models.DateTimeField(help_text="When it comes, or came, back by itself.", null=True),
        ),
        migrations.AddField(
            model_name="thread",
            name="unanswered_since",
            field=models.DateTimeField(
                help_text="Since when they wait for us; null: the last word is ours, or none is needed.",
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="thread",
            name="last_channel",
            field=models.CharField(blank=True, help_text="In capitals: SMS, WHATSAPP.", max_length=20),
        ),
        migrations.AddField(
            model_name="thread",
            name="asked_at",
            field=models.DateTimeField(
                help_text="When they wrote first what nobody has answered since. Measured.", null=True
            ),
        ),
        migrations.AddField(
            model_name="thread",
            name="begun_at",
            field=models.DateTimeField(
                help_text="When they wrote first what nobody has marked as done since.", null=True
            ),
        ),
        migrations.AddField(
            model_name="thread",
            name="discussion_id",
            field=models.CharField(
                blank=True, db_default="", default="", help_text="SmartDialog’s ThreadId.", max_length=200
            ),
        ),
        migrations.AddField(
            model_name="thread",
            name="discussion_by_hand",
            field=models.BooleanField(
                db_default=False, default=False, help_text="A person linked it: answers go there."
            ),
        ),
        migrations.CreateModel(
            name="OptOutSettings",
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
                    "words",
                    models.JSONField(
                        default=dict, help_text="By language that has words of its own: stop, ask, start."
                    ),
                ),
                (
                    "confirmation",
                    models.CharField(
                        blank=True, help_text="Sent once to whoever opts out; empty: nothing.", max_length=300
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Draft",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("content", models.TextField(max_length=20000)),
                ("key", models.UUIDField()),
                ("updated_at", models.DateTimeField(default=accounts.db.clock.now)),
                (
                    "thread",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="drafts",
                        to="inbox.thread",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("thread", "user"), name="draft_once_a_person")
                ],
            },
        ),
        migrations.CreateModel(
            name="ReplySettings",
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
                    "sms_after_whatsapp",
                    models.BooleanField(
                        default=False, help_text="Answer by SMS when WhatsApp takes free answers no more."
                    ),
                ),
                (
                    "in_discussions",
                    models.BooleanField(
                        db_default=False,
                        default=False,
                        help_text="Answer in SmartDialog’s discussions where it names one.",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Label",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=40)),
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
                "ordering": ["name"],
                "constraints": [models.UniqueConstraint(fields=("customer", "name"), name="label_once")],
            },
        ),
        migrations.CreateModel(
            name="Note",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.TextField(max_length=2000)),
                ("search_text", models.TextField(blank=True, help_text="What a search looks in.")),
                ("at", models.DateTimeField()),
                (
                    "author",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "thread",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notes",
                        to="inbox.thread",
                    ),
                ),
            ],
            options={
                "ordering": ["at", "pk"],
                "indexes": [models.Index(fields=["thread", "at", "id"], name="notes_of_a_thread")],
            },
        ),
        migrations.CreateModel(
            name="Mention",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("seen_at", models.DateTimeField(null=True)),
                (
                    "user",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "note",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="mentions",
                        to="inbox.note",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("seen_at", None)), fields=["user"], name="mentions_unseen"
                    )
                ],
                "constraints": [models.UniqueConstraint(fields=("note", "user"), name="mentioned_once")],
            },
        ),
        migrations.CreateModel(
            name="Presence",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "thread",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="inbox.thread",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("thread", "user"), name="present_once")],
            },
        ),
        migrations.CreateModel(
            name="SavedInboxView",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=40)),
                ("query", models.CharField(help_text="As the URL of the inbox has it.", max_length=400)),
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
                        fields=("user", "customer", "name"), name="saved_view_of_a_person"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ThreadRead",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("up_to", models.BigIntegerField(help_text="The key of the newest message that they saw.")),
                (
                    "thread",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reads",
                        to="inbox.thread",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("thread", "user"), name="thread_read_once")],
            },
        ),
        migrations.CreateModel(
            name="OfficeHours",
            fields=[
                ("zone", models.CharField(max_length=50)),
                ("days", models.JSONField()),
                ("closed_dates", models.JSONField(default=list)),
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
            ],
            options={
                "verbose_name_plural": "office hours",
            },
        ),
        migrations.CreateModel(
            name="Team",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=40)),
                (
                    "customer",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.customer",
                    ),
                ),
                ("members", models.ManyToManyField(related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "ordering": ["name"],
                "constraints": [models.UniqueConstraint(fields=("customer", "name"), name="team_once")],
            },
        ),
        migrations.CreateModel(
            name="Rule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=40)),
                (
                    "place",
                    models.PositiveSmallIntegerField(
                        default=0, help_text="In the order in which they are gone by."
                    ),
                ),
                ("is_on", models.BooleanField(default=True)),
                (
                    "removed_at",
                    models.DateTimeField(
                        editable=False, help_text="Kept, as what it did refers to it.", null=True
                    ),
                ),
                (
                    "words",
                    models.JSONField(
                        blank=True, default=list, help_text="One of these phrases; none: whatever it says."
                    ),
                ),
                (
                    "says_nothing_else",
                    models.BooleanField(default=False, help_text="The phrase is the whole message."),
                ),
                (
                    "when",
                    models.CharField(
                        choices=[
                            ("any", "At any time"),
                            ("open", "In office hours"),
                            ("closed", "Outside office hours"),
                        ],
                        default="any",
                        max_length=10,
                    ),
                ),
                ("label", models.CharField(blank=True, max_length=40)),
                ("answer", models.TextField(blank=True, max_length=480)),
                (
                    "plain_answer",
                    models.TextField(
                        blank=True, help_text="For who lacks a value that the answer names.", max_length=480
                    ),
                ),
                (
                    "assignee",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        help_text="Of a thread that is nobody's.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "carrier",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        help_text="By whose sign-in answers and new contacts go out.",
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
                        related_name="+",
                        to="accounts.customer",
                    ),
                ),
                (
                    "group",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        help_text="Whoever writes joins it.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="gateway.service",
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        help_text="The two-way one that they wrote to; null: any.",
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="gateway.service",
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        help_text="In place of an assignee.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="inbox.team",
                    ),
                ),
            ],
            options={
                "ordering": ["place", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("removed_at", None)),
                        fields=("customer", "name"),
                        name="rule_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RuleRun",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("rule_name", models.CharField(help_text="As it was called then.", max_length=40)),
                ("at", models.DateTimeField()),
                (
                    "label",
                    models.CharField(
                        blank=True, help_text="That was not on the thread before.", max_length=40
                    ),
                ),
                ("left_undone", models.JSONField(default=list, help_text="Sentences: what, and why.")),
                ("undone_at", models.DateTimeField(null=True)),
                (
                    "answer",
                    models.OneToOneField(
                        help_text="That it sent.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="rule_run",
                        to="inbox.message",
                    ),
                ),
                (
                    "assignee",
                    models.ForeignKey(
                        db_index=False,
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
                        help_text="That they joined.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="gateway.service",
                    ),
                ),
                (
                    "message",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="inbox.message",
                    ),
                ),
                (
                    "rule",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="runs",
                        to="inbox.rule",
                    ),
                ),
                (
                    "thread",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rule_runs",
                        to="inbox.thread",
                    ),
                ),
                (
                    "undone_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="inbox.team",
                    ),
                ),
            ],
            options={
                "ordering": ["at", "pk"],
                "indexes": [
                    models.Index(fields=["thread", "at"], name="rule_runs_of_a_thread"),
                    models.Index(fields=["rule", "at"], name="rule_runs_of_a_rule"),
                ],
                "constraints": [models.UniqueConstraint(fields=("message", "rule"), name="rule_ran_once")],
            },
        ),
        migrations.CreateModel(
            name="AutomaticAnswer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "phone",
                    models.CharField(help_text="Of the spellings of the number the first.", max_length=50),
                ),
                ("at", models.DateTimeField()),
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
                    models.UniqueConstraint(fields=("customer", "phone"), name="automatic_answer_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="ResponseTime",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "measure",
                    models.CharField(
                        choices=[("response", "First response"), ("handling", "Handling")], max_length=10
                    ),
                ),
                ("ended_at", models.DateTimeField()),
                (
                    "week",
                    models.DateField(
                        help_text="Its Monday, in the zone of the office hours, else the usual one."
                    ),
                ),
                ("seconds", models.PositiveIntegerField()),
                ("office_seconds", models.PositiveIntegerField()),
                (
                    "answer",
                    models.OneToOneField(
                        help_text="Of a first response.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="inbox.message",
                    ),
                ),
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
                    "service",
                    models.ForeignKey(
                        db_index=False,
                        help_text="The two-way one that they wrote to.",
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="gateway.service",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        db_index=False,
                        help_text="Who answered, or marked it as done.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["customer", "week", "measure"], name="response_times_of_a_week")
                ],
            },
        ),
        migrations.CreateModel(
            name="NotificationSettings",
            fields=[
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("sound", models.BooleanField(default=False)),
                ("desktop", models.BooleanField(default=False)),
                ("mail_mentions", models.BooleanField(default=False)),
                ("mail_waits", models.BooleanField(default=False)),
                ("wait_minutes", models.PositiveSmallIntegerField(default=30)),
                ("address", models.EmailField(blank=True, max_length=254)),
                (
                    "asked_at",
                    models.DateTimeField(
                        help_text="When they last asked for a mail to confirm it.", null=True
                    ),
                ),
                ("confirmed_at", models.DateTimeField(null=True)),
            ],
            options={
                "verbose_name_plural": "notification settings",
            },
        ),
        migrations.CreateModel(
            name="MailedNotice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("about", models.CharField(help_text="mention:5, or wait:7: and since when.", max_length=80)),
                ("at", models.DateTimeField(default=accounts.db.clock.now)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("claim", models.UUIDField(help_text="Of the mail that took it, with others.", null=True)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("user", "about"), name="mailed_once")],
            },
        ),
        migrations.CreateModel(
            name="FirstDraft",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("said", models.JSONField(default=dict)),
                ("key", models.UUIDField()),
                ("updated_at", models.DateTimeField(default=accounts.db.clock.now)),
                (
                    "phone",
                    models.CharField(
                        blank=True, help_text="E.164; what is no number, as it is typed.", max_length=40
                    ),
                ),
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
                "constraints": [models.UniqueConstraint(fields=("user", "key"), name="first_draft_once")],
            },
        ),
        migrations.CreateModel(
            name="TemplateDraft",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("said", models.JSONField(default=dict)),
                ("key", models.UUIDField()),
                ("updated_at", models.DateTimeField(default=accounts.db.clock.now)),
                (
                    "template",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="whatsapp.template"
                    ),
                ),
                (
                    "thread",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="inbox.thread",
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
                    models.UniqueConstraint(fields=("thread", "user", "template"), name="template_draft_once")
                ],
            },
        ),
        migrations.AddField(
            model_name="message",
            name="opt_out_request",
            field=models.ForeignKey(
                help_text="May ask for it.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="messages",
                to="contacts.optoutrequest",
            ),
        ),
        migrations.AddField(
            model_name="message",
            name="sent_by",
            field=models.ForeignKey(
                help_text="Who took it over from who wrote it.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="message",
            name="template",
            field=models.ForeignKey(
                help_text="Whose text it is, filled.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="whatsapp.template",
            ),
        ),
        migrations.AddField(
            model_name="thread",
            name="assignee",
            field=models.ForeignKey(
                db_index=False,
                help_text="Who answers; null: whoever comes first.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="thread",
            name="labels",
            field=models.ManyToManyField(related_name="threads", to="inbox.label"),
        ),
        migrations.AddField(
            model_name="thread",
            name="team",
            field=models.ForeignKey(
                db_index=False,
                help_text="Who answers, where that is no one person.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="inbox.team",
            ),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                condition=models.Q(
                    ("dismissed", False), ("state__in", ["failed", "uncertain"]), ("tried_again", False)
                ),
                fields=["thread"],
                name="messages_needing_a_person",
            ),
        ),
        migrations.AddIndex(
            model_name="thread",
            index=models.Index(
                condition=models.Q(("state", "open"), ("unanswered_since__isnull", False)),
                fields=["customer", "unanswered_since", "id"],
                name="threads_waiting_longest",
            ),
        ),
        migrations.AddIndex(
            model_name="thread",
            index=models.Index(
                condition=models.Q(("assignee__isnull", False)),
                fields=["assignee", "-last_message_at", "-id"],
                name="threads_of_an_assignee",
            ),
        ),
        migrations.AddIndex(
            model_name="thread",
            index=models.Index(
                condition=models.Q(("state", "snoozed")), fields=["snoozed_until"], name="threads_snoozed"
            ),
        ),
        migrations.AddIndex(
            model_name="thread",
            index=models.Index(
                fields=["customer", "last_channel", "-last_message_at", "-id"],
                name="threads_latest_by_channel",
            ),
        ),
        migrations.AddIndex(
            model_name="thread",
            index=models.Index(
                condition=~models.Q(discussion_id=""),
                fields=["customer", "discussion_id"],
                name="threads_of_a_discussion",
            ),
        ),
        migrations.AddIndex(
            model_name="thread",
            index=models.Index(
                fields=["customer", "-last_message_at", "-id"],
                name="threads_waiting_latest",
                condition=models.Q(state="open", unanswered_since__isnull=False),
            ),
        ),
        migrations.AddIndex(
            model_name="thread",
            index=models.Index(
                condition=models.Q(("team__isnull", False)),
                fields=["team", "-last_message_at", "-id"],
                name="threads_of_a_team",
            ),
        ),
        migrations.AddIndex(
            model_name="thread",
            index=models.Index(
                condition=models.Q(("snoozed_until__isnull", False), ("state", "open")),
                fields=["snoozed_until"],
                name="threads_came_back",
            ),
        ),
        migrations.AddConstraint(
            model_name="thread",
            constraint=models.CheckConstraint(
                condition=models.Q(("assignee", None), ("team", None), _connector="OR"),
                name="thread_of_a_person_or_a_team",
            ),
        ),
    ]
