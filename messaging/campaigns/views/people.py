"""Everybody a campaign was for, as a file to take away."""

from django.http import HttpResponseBase
from django.utils import timezone

from accounts.access import writers_post
from accounts.trail import audit
from accounts.web.http import Request
from contacts.exporting.downloads import download
from messaging.campaigns.outcome import reached_people
from messaging.campaigns.outcome.reached_people import PeopleFilter
from messaging.campaigns.views.reached import reached_campaign


@writers_post
def export(request: Request, pk: int) -> HttpResponseBase:
    """Those whom `?state=`, `?reason=` and `?q=` leave, each with the text that they got."""
    campaign = reached_campaign(request, pk)
    asked = PeopleFilter.from_query(request.GET)
    audit.record(
        actor=request.user,
        customer=campaign.customer,
        verb="campaign.exported",
        subject=campaign,
        after={"state": asked.state or "all"},
    )
    rows = reached_people.rows(campaign, asked.of(campaign), timezone.get_current_timezone())
    return download(rows, name=str(campaign))
