"""`$(link)` in an SMS: a short link of each person's own, which leads to the campaign's page on the web."""

from collections.abc import Iterable, Mapping, Sequence

from django.http import HttpRequest
from django.utils.crypto import get_random_string

from accounts.db.array_param import Listed
from gateway import clock
from messaging.campaigns.dispatch import recipient_changes
from messaging.campaigns.dispatch.recipient_changes import NewRecipient
from messaging.campaigns.models import Campaign, Link, RecipientState
from messaging.campaigns.short_links.link_addresses import TOKEN_LENGTH, url_of
from messaging.campaigns.wording.personalization import LINK, GapValues

# In the names of what opens a link for a person to see what it leads to, in small letters.
_ROBOTS = ("bot", "crawl", "spider", "preview", "externalhit", "whatsapp/", "curl/", "wget", "python-")
_AHEAD = ("Sec-Purpose", "Purpose", "X-Moz")  # headers by which a browser says that nobody has pressed yet


def add_people(campaign: Campaign, people: Iterable[NewRecipient]) -> None:
    """The recipients, and where the text has `$(link)` a link of their own for each who is to get it."""
    places = places_of(campaign)
    if any(place is not None for place in places):
        _add_with_links(campaign, list(people), places)
    else:
        recipient_changes.add(people)


def places_of(campaign: Campaign) -> list[int | None]:
    """For each of its texts the place of a person's link among what fills its gaps; None without one."""
    keys = [text.wording.keys for text in campaign.texts] if campaign.link_url else []
    return [each.index(LINK) if LINK in each else None for each in keys]


def with_own(campaign: Campaign, number: int, values: Mapping[int, GapValues]) -> dict[int, GapValues]:
    """By the keys of recipients, what fills the text of that number for each, now with their own link.

    One is made for who has none yet.
    """
    place = places_of(campaign)[number] if campaign.link_url else None
    if place is None:
        return dict(values)
    found = campaign.links.filter(recipient__in=Listed(list(values)))
    tokens = dict(found.values_list("recipient", "token"))
    new = {key: get_random_string(TOKEN_LENGTH) for key in values.keys() - tokens.keys()}
    _make(campaign, new)
    return {key: _with_token(each, place, (tokens | new)[key]) for key, each in values.items()}


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


def _add_with_links(campaign: Campaign, people: Sequence[NewRecipient], places: Sequence[int | None]) -> None:
    planned = [
        each.phone
        for each in people
        if each.state == RecipientState.PLANNED
        and each.wording is not None
        and places[each.wording] is not None
    ]
    tokens = {phone: get_random_string(TOKEN_LENGTH) for phone in planned}
    recipient_changes.add(_with_link(each, places, tokens.get(each.phone)) for each in people)
    keys = campaign.recipients.filter(phone__in=planned).values_list("phone", "pk")
    _make(campaign, {key: tokens[phone] for phone, key in keys})


def _make(campaign: Campaign, tokens: Mapping[int, str]) -> None:
    """By the keys of recipients."""
    links = [Link(token=token, campaign=campaign, recipient_id=key) for key, token in tokens.items()]
    Link.objects.bulk_create(links, batch_size=500)


def _with_link(person: NewRecipient, places: Sequence[int | None], token: str | None) -> NewRecipient:
    """In place of the sample."""
    place = None if person.wording is None else places[person.wording]
    if token is None or place is None:
        return person
    return person._replace(values=_with_token(person.values, place, token))


def _with_token(values: GapValues, place: int, token: str) -> GapValues:
    return (*values[:place], url_of(token), *values[place + 1 :])
