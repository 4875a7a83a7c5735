from django.db import migrations, models
from django.db.models import Value


def keep_what_they_say(apps, schema_editor):
    """Of those that somebody has sent or scheduled: as far as is known, it is what they said then."""
    Campaign = apps.get_model("campaigns", "Campaign")
    Template = apps.get_model("whatsapp", "Template")
    sent = Campaign.objects.filter(channel="whatsapp").exclude(state="draft").select_related("template")
    for campaign in sent.only("pk", "more_texts", "template").iterator(chunk_size=500):
        further = [each["template"] for each in campaign.more_texts]
        others = Template.objects.in_bulk([key for key in further if key])
        templates = [campaign.template, *(others.get(key) for key in further)]
        if all(templates):
            kept = [{"body": each.body, "approval": each.approval} for each in templates]
            Campaign.objects.filter(pk=campaign.pk).update(agreed_templates=kept)


class Migration(migrations.Migration):
    dependencies = [
        ("campaigns", "0020_first_of_an_audience"),
        ("whatsapp", "0007_registered_opt_ins"),
    ]

    operations = [
        migrations.AddField(
            model_name="campaign",
            name="agreed_templates",
            field=models.JSONField(
                db_default=Value([], models.JSONField()),
                default=list,
                help_text="Of each template its text, and whether it was approved, when it was scheduled.",
            ),
        ),
        migrations.RunPython(keep_what_they_say, migrations.RunPython.noop),
    ]
