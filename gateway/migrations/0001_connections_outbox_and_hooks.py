"""The tables as they were in November 2026, when the first installations were made.

It stands for the steps that led there, which an older database has been through one by one.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import accounts.db.clock
import accounts.db.encryption
import gateway.models.directory

STEPS = """
    0001_initial
    0002_key_missing
    0003_backlogs
    0004_replaced_hooks
    0005_time_of_the_one_host
"""


class Migration(migrations.Migration):
    initial = True

    replaces = [("gateway", name) for name in STEPS.split()]

    dependencies = [
        ("accounts", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Heartbeat",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=40, unique=True)),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Change",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("topic", models.CharField(max_length=60)),
                ("at", models.DateTimeField(db_index=True, default=accounts.db.clock.now)),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.customer"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Connection",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("subject", models.CharField(max_length=200)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("active", "Connected"),
                            ("paused", "Paused"),
                            ("reconnect", "Sign in again"),
                            ("locked", "Key missing"),
                        ],
                        default="active",
                        max_length=10,
                    ),
                ),
                ("state_reason", models.CharField(blank=True, max_length=300)),
                ("access_token", accounts.db.encryption.EncryptedTextField(blank=True)),
                ("refresh_token", accounts.db.encryption.EncryptedTextField(blank=True)),
                ("expires_at", models.DateTimeField()),
                (
                    "scopes",
                    models.TextField(
                        blank=True, help_text="As granted, space-separated; may be fewer than asked for."
                    ),
                ),
                (
                    "token_version",
                    models.PositiveIntegerField(default=0, help_text="Grows with each new access token."),
                ),
                (
                    "refreshing_until",
                    models.DateTimeField(help_text="One process refreshes until then.", null=True),
                ),
                (
                    "fence",
                    models.PositiveBigIntegerField(
                        default=0, help_text="Grows with each lease: the fencing token."
                    ),
                ),
                ("leased_until", models.DateTimeField(help_text="Empty when nobody drains.", null=True)),
                ("calls_made", models.PositiveBigIntegerField(default=0)),
                (
                    "paced_until",
                    models.DateTimeField(help_text="Bulk lanes make no call before this.", null=True),
                ),
                (
                    "blocked_until",
                    models.DateTimeField(
                        help_text="No call before this: SmartDialog asked, or is down.", null=True
                    ),
                ),
                (
                    "troubles",
                    models.PositiveIntegerField(
                        default=0, help_text="Calls in a row that SmartDialog did not serve."
                    ),
                ),
                ("trouble_text", models.CharField(blank=True, max_length=300)),
                ("trouble_at", models.DateTimeField(null=True)),
                ("customers_read_at", models.DateTimeField(null=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="connection",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Operation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=40)),
                (
                    "lane",
                    models.PositiveSmallIntegerField(
                        choices=[(0, "Replies, tests and sign-ins"), (1, "Campaigns"), (2, "Contacts")]
                    ),
                ),
                (
                    "subject",
                    models.CharField(
                        blank=True, help_text="contact:12: one at a time, in order.", max_length=60
                    ),
                ),
                (
                    "batch",
                    models.CharField(
                        blank=True, help_text="import:7: what it is counted with.", max_length=60
                    ),
                ),
                ("payload", models.JSONField()),
                ("request_id", models.CharField(blank=True, max_length=100)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("held", "Held back"),
                            ("inflight", "Being sent"),
                            ("done", "Done"),
                            ("failed", "Failed"),
                            ("unknown", "May have been sent"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("due_at", models.DateTimeField(default=accounts.db.clock.now)),
                ("attempts", models.PositiveIntegerField(default=0)),
                (
                    "unauthorized",
                    models.PositiveSmallIntegerField(default=0, help_text="401 answers in a row."),
                ),
                ("first_tried_at", models.DateTimeField(null=True)),
                ("tried_at", models.DateTimeField(null=True)),
                (
                    "may_be_taken",
                    models.BooleanField(default=False, help_text="An earlier try may have been accepted."),
                ),
                (
                    "fence",
                    models.PositiveBigIntegerField(
                        default=0, help_text="The lease under which it was last tried."
                    ),
                ),
                (
                    "status",
                    models.PositiveSmallIntegerField(help_text="HTTP status of the last answer.", null=True),
                ),
                (
                    "error_text",
                    models.CharField(blank=True, help_text="For the person who mends it.", max_length=500),
                ),
                ("created_at", models.DateTimeField(default=accounts.db.clock.now)),
                ("settled_at", models.DateTimeField(null=True)),
                (
                    "connection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="operations",
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
                    "customer",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.customer",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "waiting")),
                        fields=["connection", "lane", "id"],
                        name="outbox_next_of_a_connection",
                    ),
                    models.Index(fields=["subject", "id"], name="outbox_order_of_a_subject"),
                    models.Index(
                        condition=models.Q(("state", "inflight")),
                        fields=["connection"],
                        name="outbox_in_flight",
                    ),
                    models.Index(
                        condition=models.Q(("state__in", ["failed", "unknown"])),
                        fields=["customer", "-id"],
                        name="outbox_needing_a_person",
                    ),
                    models.Index(
                        condition=models.Q(("batch", ""), _negated=True),
                        fields=["batch", "state"],
                        name="outbox_progress_of_a_batch",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Call",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=60)),
                (
                    "lane",
                    models.PositiveSmallIntegerField(
                        choices=[(0, "Replies, tests and sign-ins"), (1, "Campaigns"), (2, "Contacts")]
                    ),
                ),
                ("reserved_at", models.DateTimeField()),
                ("held_until", models.DateTimeField()),
                ("answered_at", models.DateTimeField(null=True)),
                (
                    "status",
                    models.PositiveSmallIntegerField(
                        help_text="HTTP status; empty when nothing answered.", null=True
                    ),
                ),
                ("milliseconds", models.PositiveIntegerField(null=True)),
                ("error", models.CharField(blank=True, max_length=300)),
                (
                    "connection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="calls",
                        to="gateway.connection",
                    ),
                ),
                (
                    "operation",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="calls",
                        to="gateway.operation",
                    ),
                ),
            ],
            options={
                "ordering": ["-pk"],
                "indexes": [
                    models.Index(fields=["connection", "held_until"], name="ledger_slots_in_use"),
                    models.Index(fields=["reserved_at"], name="ledger_pruning"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Service",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("remote_id", models.CharField(max_length=100)),
                ("name", models.CharField(max_length=200)),
                (
                    "kind",
                    models.CharField(
                        choices=[("OneWay", "One-way"), ("TwoWay", "Two-way"), ("Group", "Group")],
                        max_length=10,
                    ),
                ),
                ("allows_reply", models.BooleanField(default=False)),
                (
                    "regions",
                    models.JSONField(
                        default=gateway.models.directory.default_regions,
                        help_text="Phone regions of a group, tried in order.",
                    ),
                ),
                ("seen_at", models.DateTimeField(null=True)),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="services",
                        to="accounts.customer",
                    ),
                ),
            ],
            options={
                "ordering": ["name", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("customer", "remote_id", "allows_reply"), name="service_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="HookSubscription",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("inbound", "Inbound messages"), ("delivery", "Delivery reports")],
                        max_length=10,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "Being set up"),
                            ("active", "Receiving"),
                            ("leaving", "Being replaced"),
                            ("failed", "Not set up"),
                            ("revoked", "Stopped"),
                        ],
                        default="asked",
                        max_length=10,
                    ),
                ),
                ("secret", accounts.db.encryption.EncryptedTextField()),
                (
                    "digest",
                    models.CharField(
                        help_text="SHA-256 of the secret: how it is found.", max_length=64, unique=True
                    ),
                ),
                ("action_id", models.CharField(blank=True, max_length=100)),
                (
                    "pipeline_id",
                    models.CharField(
                        blank=True, help_text="Empty: it cannot be ended by API.", max_length=100
                    ),
                ),
                ("error_text", models.CharField(blank=True, max_length=500)),
                ("created_at", models.DateTimeField(default=accounts.db.clock.now)),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="hook_subscriptions",
                        to="accounts.customer",
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="hook_subscriptions",
                        to="gateway.service",
                    ),
                ),
                (
                    "taken_until",
                    models.DateTimeField(
                        help_text="When one that was replaced is closed by itself.", null=True
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("service__isnull", False), ("state__in", ["asked", "active"])),
                        fields=("service", "kind"),
                        name="one_live_subscription_of_a_service",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("service__isnull", True), ("state__in", ["asked", "active"])),
                        fields=("customer", "kind"),
                        name="one_live_address_of_a_customer",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="WhatsappIdentity",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("address", models.CharField(max_length=50)),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="whatsapp_identities",
                        to="accounts.customer",
                    ),
                ),
            ],
            options={
                "ordering": ["address"],
                "constraints": [
                    models.UniqueConstraint(fields=("customer", "address"), name="identity_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="HookEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("received_at", models.DateTimeField(default=accounts.db.clock.now)),
                ("body", models.BinaryField(blank=True)),
                ("query", models.TextField(blank=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("new", "New"),
                            ("done", "Taken in"),
                            ("parked", "Waiting for what it belongs to"),
                            ("unclear", "Says what is not known"),
                            ("unmatched", "Belongs to nothing here"),
                            ("quarantined", "Could not be read"),
                            ("failed", "Failed here"),
                        ],
                        default="new",
                        max_length=12,
                    ),
                ),
                ("due_at", models.DateTimeField(default=accounts.db.clock.now)),
                ("attempts", models.PositiveIntegerField(default=0)),
                ("reason", models.CharField(blank=True, max_length=300)),
                (
                    "subscription",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="events",
                        to="gateway.hooksubscription",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["new", "parked"])),
                        fields=["due_at", "id"],
                        name="hook_events_due",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Backlog",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        help_text="Whose rows they are: see gateway.outbox.backlogs.", max_length=40
                    ),
                ),
                (
                    "lane",
                    models.PositiveSmallIntegerField(
                        choices=[(0, "Replies, tests and sign-ins"), (1, "Campaigns"), (2, "Contacts")],
                        default=2,
                    ),
                ),
                (
                    "batch",
                    models.CharField(
                        blank=True, help_text="import:7: what it is counted with.", max_length=60
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("running", "Running"), ("paused", "Paused"), ("cancelled", "Cancelled")],
                        default="running",
                        max_length=10,
                    ),
                ),
                (
                    "left",
                    models.PositiveBigIntegerField(
                        default=0,
                        help_text="Calls still to be planned; rows that were taken off elsewhere may still count.",
                    ),
                ),
                (
                    "dropped",
                    models.PositiveBigIntegerField(
                        default=0, help_text="Calls that a cancellation left unmade."
                    ),
                ),
                ("created_at", models.DateTimeField(default=accounts.db.clock.now)),
                (
                    "connection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="backlogs",
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
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.customer"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("left__gt", 0)),
                        fields=["connection", "lane", "id"],
                        name="backlog_next",
                    ),
                    models.Index(
                        condition=models.Q(("batch", ""), _negated=True),
                        fields=["batch"],
                        name="backlog_of_a_batch",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ClockAgreed",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("boot", models.CharField(max_length=64)),
                ("epoch_at_boot", models.FloatField()),
            ],
        ),
    ]
