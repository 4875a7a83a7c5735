"""`$(link)` in an SMS: a short link of each person's own, which leads to the campaign's page on the web."""

from collections.abc import Iterable, Sequence

from django.http import HttpRequest
from django.utils.crypto import get_random_string

from gateway import clock
from messaging.campaigns import recipient_changes
from messaging.campaigns.link_addresses import TOKEN_LENGTH, url_of
from messaging.campaigns.models import Campaign, Link, RecipientState
from messaging.campaigns.personalization import LINK
from messaging.campaigns.recipient_changes import NewRecipient

# In the names of what opens a link for a person to see what it leads to, in small letters.
_ROBOTS = ("bot", "crawl", "spider", "preview", "externalhit", "whatsapp/", "curl/", "wget", "python-")
_AHEAD = ("Sec-Purpose", "Purpose", "X-Moz")  # headers by which a browser says that nobody has pressed yet


def add_people(campaign: Campaign, people: Iterable[NewRecipient]) -> None:
    """The recipients, and where the text has `$(link)` a link of their own for each who is to get it."""
    if campaign.link_url and LINK in campaign.wording.keys:
        _add_with_links(campaign, list(people))
    else:
        recipient_changes.add(people)


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


def _add_with_links(campaign: Campaign, people: Sequence[NewRecipient]) -> None:
    planned = [each.phone for each in people if each.state == RecipientState.PLANNED]
    tokens = {phone: get_random_string(TOKEN_LENGTH) for phone in planned}
    place = campaign.wording.keys.index(LINK)
    recipient_changes.add(_with_link(each, place, tokens.get(each.phone)) for each in people)
    keys = campaign.recipients.filter(phone__in=planned).values_list("phone", "pk")
    links = (Link(token=tokens[phone], campaign=campaign, recipient_id=key) for phone, key in keys)
    Link.objects.bulk_create(links, batch_size=500)


def _with_link(person: NewRecipient, place: int, token: str | None) -> NewRecipient:
    """In place of the sample."""
    if token is None:
        return person
    values = person.values
    return person._replace(values=(*values[:place], url_of(token), *values[place + 1 :]))
