from django.db import migrations

WORDS = {"Asked for no messages": "Opted out", "Inactive": "Not active in the group"}


def reword(apps, schema_editor):
    """A receipt of before says it as one of today does; a campaign at a time."""
    recipients = apps.get_model("campaigns", "Recipient").objects
    for campaign in apps.get_model("campaigns", "Campaign").objects.values_list("pk", flat=True):
        for was, becomes in WORDS.items():
            recipients.filter(campaign=campaign, state="skipped", reason=was).update(reason=becomes)


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0002_numbers_that_are_no_mobiles")]

    operations = [migrations.RunPython(reword, migrations.RunPython.noop)]
