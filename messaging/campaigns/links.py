"""`$(link)` in an SMS: a short link of each person's own, which leads to the campaign's page on the web."""

from collections.abc import Sequence

from django.http import HttpRequest
from django.utils.crypto import get_random_string

from gateway import clock
from messaging.campaigns.link_addresses import TOKEN_LENGTH, url_of
from messaging.campaigns.models import Campaign, Link, Recipient, RecipientState
from messaging.campaigns.personalization import LINK

# In the names of what opens a link for a person to see what it leads to, in small letters.
_ROBOTS = ("bot", "crawl", "spider", "preview", "externalhit", "whatsapp/", "curl/", "wget", "python-")
_AHEAD = ("Sec-Purpose", "Purpose", "X-Moz")  # headers by which a browser says that nobody has pressed yet


def create(campaign: Campaign, recipients: Sequence[Recipient]) -> None:
    """The recipients, and where the text has `$(link)` a link of their own for each who is to get it."""
    links = _fill(campaign, recipients)
    Recipient.objects.bulk_create(recipients, batch_size=500)
    Link.objects.bulk_create(links, batch_size=500)


def count_click(link: Link, request: HttpRequest) -> None:
    """Once a person; one write at most, however often it is opened."""
    if link.clicked_at is None and is_person(request):
        Link.objects.filter(pk=link.pk, clicked_at=None).update(clicked_at=clock.now())


def is_person(request: HttpRequest) -> bool:
    """As far as who asks for it says so."""
    agent = request.headers.get("User-Agent", "").casefold()
    is_robot = not agent or any(name in agent for name in _ROBOTS)
    is_ahead = any("fetch" in request.headers.get(name, "").casefold() for name in _AHEAD)
    return request.method == "GET" and not is_robot and not is_ahead


def _fill(campaign: Campaign, recipients: Sequence[Recipient]) -> list[Link]:
    """Put in place of the sample."""
    if not campaign.link_url or LINK not in campaign.wording.keys:
        return []
    place = campaign.wording.keys.index(LINK)
    links = []
    for each in recipients:
        if each.state == RecipientState.PLANNED:
            link = Link(token=get_random_string(TOKEN_LENGTH), campaign=campaign, recipient=each)
            each.values[place] = url_of(link.token)
            links.append(link)
    return links
