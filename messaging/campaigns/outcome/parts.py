"""SMS parts of what SmartDialog has taken: as it counts them, and as we do."""

from django.db.models import F

from messaging.campaigns.models import Campaign, RecipientState
from messaging.campaigns.wording import sms


def add(campaign_id: int, number: int, *, reported: int | None) -> None:
    """Of the call of this number, once it is known to be taken; in the transaction that settles it.

    Of all whom it named, also where reports of theirs came before its answer. `reported`: as SmartDialog
    counts one message of it, which goes to each of them; None where it did not say. After its recipients are
    held, as by whatever changes these and their campaign.
    """
    campaign = Campaign.objects.get(pk=campaign_id)
    if not campaign.is_sms:
        return
    named = campaign.recipients.filter(batch=number).exclude(state=RecipientState.SKIPPED)
    texts = list(named.values_list("wording", "values"))
    wordings = {which: campaign.saying(which).wording for which in {which for which, _ in texts}}
    ours = sum(sms.measure(wordings[which].render(tuple(values))).parts for which, values in texts)
    Campaign.objects.filter(pk=campaign.pk).update(
        parts=F("parts") + ours, parts_reported=F("parts_reported") + (reported or 0) * len(texts)
    )
