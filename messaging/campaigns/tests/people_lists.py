"""A list of numbers for a campaign alone, as people bring it and as it is read."""

from django.urls import reverse

from accounts.models import User
from gateway.models import Service
from messaging.campaigns.audiences import audience, left_out
from messaging.campaigns.audiences.reach import Reach
from messaging.campaigns.dispatch import last_look, sending
from messaging.campaigns.models import Campaign, PeopleList
from messaging.campaigns.people_lists import reading
from messaging.campaigns.tests.conftest import calls_of, make_campaign, schedule
from tests.people import client_of

PLAIN = "Kahvi 1 e"
STRANGER, OTHER = "+358409990001", "+358409990002"


def to_nobody_yet(group: Service, by: User) -> Campaign:
    made = make_campaign(group, by, content=PLAIN)
    made.group = None
    made.save()
    return made


def url(campaign: Campaign, name: str = "people_list") -> str:
    return reverse(f"campaigns:{name}", args=[campaign.pk])


def paste(campaign: Campaign, text: str, by) -> PeopleList:
    """By the page, and read as a worker does."""
    answer = client_of(by).post(url(campaign), {"pasted": text})
    assert answer.status_code == 302, answer.context["upload"].errors
    return read(campaign)


def read(campaign: Campaign) -> PeopleList:
    campaign.refresh_from_db()
    reading.read(campaign.people_list_id)
    campaign.refresh_from_db()
    return campaign.people_list


def gets(campaign: Campaign) -> dict[str, str]:
    """What each of them reads."""
    people = audience.everybody(Reach.of(campaign), campaign.wording)
    return {row["phone"]: campaign.wording.render(values) for row, values, reason in people if not reason}


def skipped(campaign: Campaign) -> dict[str, str]:
    return {each.phone: each.reason for each in left_out.people(campaign)}


def skipped_now(campaign: Campaign) -> set[str]:
    """By the last look, over all of its recipients."""
    return last_look.skip_unwilling(campaign, list(last_look.judged(campaign, campaign.recipients.all())))


def addresses(campaign: Campaign) -> list[str]:
    calls = calls_of(campaign)
    return sorted(each["address"] for call in calls for each in call.payload["message"]["recipients"])


def send(campaign: Campaign, by) -> None:
    campaign.refresh_from_db()
    schedule(campaign, by)
    sending.send_now(campaign.pk)
    campaign.refresh_from_db()
