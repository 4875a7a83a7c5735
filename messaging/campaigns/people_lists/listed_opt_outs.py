"""Who says No in a list of a campaign says it to the customer, once the campaign is agreed to."""

from contacts.consent import opt_outs
from contacts.consent.opt_outs import Evidence
from contacts.models import ConsentSource
from contacts.models.import_rows import RowKind
from messaging.campaigns.models import Campaign


def keep(campaign: Campaign) -> None:
    """On the record, in the transaction that agrees to it; as a No of an imported file is."""
    people_list = campaign.people_list
    if people_list is None:
        return
    refused = people_list.rows.filter(kind=RowKind.OPTED_OUT)
    if phones := [phone for phone in refused.values_list("phone", flat=True) if phone]:
        said = Evidence(ConsentSource.FILE, place=people_list.original_name, by=campaign.created_by)
        opt_outs.opt_out_many(campaign.customer, phones, said)
