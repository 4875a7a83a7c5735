"""How people sign in and which services a customer has, as of 30 November 2026.

It stands for the steps that led there, which a database of then has been through one by one.
Of older columns, 0001 has today's choices, help texts and Python's defaults: no table shows them.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import accounts.db.clock
import accounts.db.encryption
from accounts.people import names

STEPS = """
    0002_who_and_services
    0003_signing_in
    0004_names_as_they_look
    0005_the_trail_by_the_one_clock
"""


def fill_name_keys(apps, schema_editor):
    names.give_keys(apps.get_model("accounts", "User").objects)


class Migration(migrations.Migration):
    replaces = [("accounts", name) for name in STEPS.split()]

    dependencies = [
        ("accounts", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="customer",
            name="services_asked_at",
            field=models.DateTimeField(help_text="When its services were last asked for.", null=True),
        ),
        migrations.AddField(
            model_name="customer",
            name="services_read_at",
            field=models.DateTimeField(help_text="When SmartDialog last answered that.", null=True),
        ),
        migrations.AddField(
            model_name="customer",
            name="services_refusal",
            field=models.CharField(blank=True, help_text="Its words, where it refused.", max_length=300),
        ),
        migrations.AddField(
            model_name="user",
            name="object_id",
            field=models.CharField(
                blank=True,
                help_text="The sign-in's oid, which tells people apart where sub may not; empty while none came.",
                max_length=200,
                null=True,
                unique=True,
            ),
        ),
        migrations.AddField(
            model_name="user",
            name="name_key",
            field=models.CharField(
                blank=True,
                help_text="What the eye keeps of the name: see accounts.people.names.",
                max_length=200,
                null=True,
                unique=True,
            ),
        ),
        migrations.AddField(
            model_name="user",
            name="named_by_sign_in",
            field=models.BooleanField(default=False, help_text="Their SmartDialog sign-in says the name."),
        ),
        migrations.CreateModel(
            name="SignInCount",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "key",
                    models.CharField(
                        help_text="A keyed hash of what is counted.", max_length=64, unique=True
                    ),
                ),
                ("count", models.PositiveIntegerField(default=0)),
                ("until", models.DateTimeField(help_text="Counted anew after this.")),
            ],
        ),
        migrations.CreateModel(
            name="SecondFactor",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("secret", accounts.db.encryption.EncryptedTextField()),
                ("confirmed_at", models.DateTimeField(default=accounts.db.clock.now)),
                (
                    "last_step",
                    models.BigIntegerField(default=0, help_text="The 30 seconds whose code was used last."),
                ),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="second_factor",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="RecoveryCode",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("digest", models.CharField(max_length=64)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="recovery_codes",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("user", "digest"), name="recovery_code_once")
                ],
            },
        ),
        migrations.RunPython(fill_name_keys, migrations.RunPython.noop),
    ]
