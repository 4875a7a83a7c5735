"""What is known of a template and who agreed to WhatsApp, as of 30 November 2026.

With 0003 it stands for the steps that led there, which a database of then has been through one by one.
Of older columns, 0001 has today's choices, help texts and Python's defaults: no table shows them.
"""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import accounts.db.clock

STEPS = """
    0002_several_under_one_id
    0004_archiving
    0005_unavailable_templates
    0006_names_and_translations
    0007_registered_opt_ins
    0008_one_clock
    0009_unread_of_a_listing
"""


class Migration(migrations.Migration):
    replaces = [("whatsapp", name) for name in STEPS.split()]

    dependencies = [
        ("gateway", "0001_connections_outbox_and_hooks"),
        ("whatsapp", "0001_templates"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RenameField(model_name="template", old_name="approved_at", new_name="listed_at"),
        migrations.RemoveConstraint(model_name="template", name="template_once_listed"),
        migrations.AddField(
            model_name="template",
            name="approval",
            field=models.CharField(
                choices=[
                    ("unknown", "Approval not known"),
                    ("approved", "Approved"),
                    ("rejected", "Rejected"),
                ],
                default="unknown",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="template",
            name="approval_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="template",
            name="approval_inferred",
            field=models.BooleanField(default=False, help_text="From what was sent with it."),
        ),
        migrations.AddField(
            model_name="template",
            name="approval_reason",
            field=models.CharField(
                blank=True, help_text="As a person was told, or WhatsApp's code.", max_length=500
            ),
        ),
        migrations.AddField(
            model_name="template",
            name="described_at",
            field=models.DateTimeField(help_text="When a person described one made elsewhere.", null=True),
        ),
        migrations.AddField(
            model_name="template",
            name="footer",
            field=models.CharField(blank=True, max_length=60),
        ),
        migrations.AddField(
            model_name="template",
            name="header_kind",
            field=models.CharField(
                blank=True,
                choices=[
                    ("", "No header"),
                    ("text", "A line of text"),
                    ("image", "A picture"),
                    ("video", "A video"),
                    ("document", "A document"),
                    ("location", "A place on the map"),
                ],
                default="",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="template",
            name="header_text",
            field=models.CharField(blank=True, max_length=60),
        ),
        migrations.AddField(
            model_name="template",
            name="archived_at",
            field=models.DateTimeField(help_text="When a person put it away.", null=True),
        ),
        migrations.AddField(
            model_name="template",
            name="family",
            field=models.UUIDField(help_text="Shared by translations of one message.", null=True),
        ),
        migrations.AddField(
            model_name="template",
            name="samples",
            field=models.JSONField(
                db_default=models.Value({}, models.JSONField()),
                default=dict,
                help_text='{"1": "Anna"}: shown in the variable\'s place.',
            ),
        ),
        migrations.AddField(
            model_name="template",
            name="variable_names",
            field=models.JSONField(
                db_default=models.Value({}, models.JSONField()),
                default=dict,
                help_text='{"1": "first_name"}: as the writer calls them.',
            ),
        ),
        migrations.AddField(
            model_name="templatelist",
            name="unread",
            field=models.PositiveIntegerField(default=0, help_text="How many it listed that cannot be read."),
        ),
        migrations.CreateModel(
            name="TemplateVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("page", models.UUIDField(default=uuid.uuid4)),
                ("fields", models.JSONField(help_text="As Template.audited() has them.")),
                ("saved_at", models.DateTimeField(default=accounts.db.clock.now)),
                (
                    "saved_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "template",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="versions",
                        to="whatsapp.template",
                    ),
                ),
            ],
            options={
                "ordering": ["-saved_at", "-pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("template", "page"), name="template_version_of_a_page")
                ],
            },
        ),
        migrations.CreateModel(
            name="RegisteredOptIn",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("identity", models.CharField(help_text="The customer’s WhatsApp number.", max_length=50)),
                ("phone", models.CharField(max_length=50)),
                ("is_in", models.BooleanField(help_text="Opted in; else out.")),
                ("told_at", models.DateTimeField()),
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
                    "operation",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="gateway.operation",
                    ),
                ),
                (
                    "told_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("customer", "phone", "identity"), name="opt_in_registered_once"
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="template",
            name="approval_by",
            field=models.ForeignKey(
                help_text="Who said so.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
    ]
