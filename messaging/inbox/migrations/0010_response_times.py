"""Keep how long people wait until somebody answers, and until it is done; from here on."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_signing_in"),
        ("gateway", "0016_unicode_policy"),
        ("inbox", "0009_channel_of_a_thread"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="thread",
            name="asked_at",
            field=models.DateTimeField(
                help_text="When they wrote first what nobody has answered since. Measured.",
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="thread",
            name="begun_at",
            field=models.DateTimeField(
                help_text="When they wrote first what nobody has marked as done since.",
                null=True,
            ),
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
    ]
