"""Keep what people wish to be told of, and what they were written about."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("inbox", "0010_response_times"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
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
                        help_text="When they last asked for a mail to confirm it.",
                        null=True,
                    ),
                ),
                ("confirmed_at", models.DateTimeField(null=True)),
            ],
            options={"verbose_name_plural": "notification settings"},
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
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
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
                "constraints": [models.UniqueConstraint(fields=("user", "about"), name="mailed_once")],
            },
        ),
    ]
