from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """The list shows what was removed, too; and an opt-out is kept for each spelling of its number."""

    dependencies = [
        ("accounts", "0001_initial"),
        ("contacts", "0032_changed_only_here"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(model_name="suppression", name="suppressions_in_force"),
        migrations.AddIndex(
            model_name="suppression",
            index=models.Index(fields=["customer", "-since", "-id"], name="suppressions_newest_first"),
        ),
        migrations.AddField(
            model_name="suppression",
            name="other_spelling",
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text="Said of the same phone under another number: see contacts.text.phones.spellings.",
            ),
        ),
    ]
