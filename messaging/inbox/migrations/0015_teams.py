"""Teams, to which threads are assigned as to a person."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_names_as_they_look"),
        ("gateway", "0017_opt_in_register"),
        ("inbox", "0014_one_clock"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
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
            },
        ),
        migrations.AddField(
            model_name="rule",
            name="team",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                help_text="In place of an assignee.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="inbox.team",
            ),
        ),
        migrations.AddField(
            model_name="rulerun",
            name="team",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="inbox.team",
            ),
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
            model_name="thread",
            index=models.Index(
                condition=models.Q(("team__isnull", False)),
                fields=["team", "-last_message_at", "-id"],
                name="threads_of_a_team",
            ),
        ),
        migrations.AddConstraint(
            model_name="thread",
            constraint=models.CheckConstraint(
                condition=models.Q(("assignee", None), ("team", None), _connector="OR"),
                name="thread_of_a_person_or_a_team",
            ),
        ),
        migrations.AddConstraint(
            model_name="team",
            constraint=models.UniqueConstraint(fields=("customer", "name"), name="team_once"),
        ),
        migrations.AlterField(
            model_name="thread",
            name="snoozed_until",
            field=models.DateTimeField(help_text="When it comes, or came, back by itself.", null=True),
        ),
        migrations.AddIndex(
            model_name="thread",
            index=models.Index(
                condition=models.Q(("snoozed_until__isnull", False), ("state", "open")),
                fields=["snoozed_until"],
                name="threads_came_back",
            ),
        ),
    ]
