"""Templates that further texts of campaigns name, beside the campaign's own, by no relation."""

from messaging.campaigns.models import Campaign
from messaging.whatsapp.catalogue import listing_merge
from messaging.whatsapp.models import Template


@listing_merge.uses("campaigns.more_texts")
def move(listed: Template, template: Template) -> None:
    several = Campaign.objects.filter(customer=template.customer).exclude(more_texts=[])
    for campaign in several.select_for_update(no_key=True).order_by("pk"):
        moved = [_moved(text, listed, template) for text in campaign.more_texts]
        if moved != campaign.more_texts:
            Campaign.objects.filter(pk=campaign.pk).update(more_texts=moved)


def _moved(text: dict[str, object], listed: Template, template: Template) -> dict[str, object]:
    return text | {"template": template.pk} if text["template"] == listed.pk else text
