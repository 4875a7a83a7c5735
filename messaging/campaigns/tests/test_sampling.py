"""What a large audience comes to is told from a sample: honest, steady, and said to be one."""

from datetime import timedelta
from random import Random
from statistics import mean

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from contacts.models import Contact
from messaging.campaigns.audiences import audience, sampling, several_texts
from messaging.campaigns.audiences.reach import Reach
from messaging.campaigns.composing import summary
from messaging.campaigns.dispatch import schedule
from messaging.campaigns.models import Campaign
from messaging.campaigns.tests.conftest import NEW, make_campaign, make_template, post
from tests.factories import make_service
from tests.people import client_of

PEOPLE = 1200
TWO = {"texts": 2, "content2": "Moi $(email)", "first_share": 50}
TEXT = {"content": "Moi $(email)", "fallbacks": {}, "template": None, "parameters": []}
TOMORROW = f"{timezone.localdate() + timedelta(days=1)}"
OWN = {"when": "later", "date": TOMORROW, "time": "12:00", "own_time": "on"}


@pytest.fixture
def small(monkeypatch) -> None:
    """What is large above 500 people."""
    monkeypatch.setattr(sampling, "EXACT", 500)
    monkeypatch.setattr(sampling, "SAMPLE", 400)
    monkeypatch.setattr(sampling, "FIRST_WIDTH", 4)
    monkeypatch.setattr(sampling, "ENOUGH", 200)


def fill(group, people: int = PEOPLE, *, prefix: str = "+35840", **fields) -> None:
    rows = (
        Contact(group=group, phone=f"{prefix}{number:07}", first_name=f"Nimi{number % 7}", **fields)
        for number in range(people)
    )
    Contact.objects.bulk_create(rows)


@pytest.fixture
def large(group, service, connected, small):
    fill(group, prefix="+35845")
    return group


def estimate(campaign: Campaign):
    return sampling.audience_of(Reach.of(campaign), campaign.wording)


def test_up_to_some_thousand_all_are_counted(group, people, mikko):
    campaign = make_campaign(group, mikko)

    found = estimate(campaign)

    assert found == audience.count_audience(Reach.of(campaign), campaign.wording)
    assert found.sampled == 0


def test_of_more_it_is_an_estimate_near_the_truth(large, mikko):
    Contact.objects.filter(pk__in=Contact.objects.order_by("?")[:400]).update(active=False)

    found = estimate(make_campaign(large, mikko))

    assert 200 <= found.sampled <= 800
    assert found.number == pytest.approx(800, rel=0.2)
    assert found.left_out[audience.NOT_ACTIVE] == pytest.approx(400, rel=0.35)


def test_others_between_them_change_nothing(kahvila, group, service, connected, small, mikko, monkeypatch):
    other = make_service(kahvila, kind="group")
    for start in range(12):
        fill(group, 100, prefix=f"+358{400 + start}")
        fill(other, 900, prefix=f"+46{700 + start}")
    campaign = make_campaign(group, mikko)

    found = []
    for seed in range(30):
        monkeypatch.setattr(sampling, "Random", lambda _, seed=seed: Random(seed))
        found.append(estimate(campaign).number)

    assert mean(found) == pytest.approx(1200, rel=0.1)
    assert all(number == pytest.approx(1200, rel=0.4) for number in found)


def test_of_several_texts_it_tells_who_can_get_each(large, mikko):
    some = Contact.objects.filter(pk__in=Contact.objects.order_by("?")[:400])
    some.update(email="maija@kahvila.example")
    campaign = make_campaign(large, mikko, more_texts=[TEXT], first_share=50)

    found = several_texts.count(Reach.of(campaign), [text.wording for text in campaign.texts])

    assert 200 <= found.together.sampled <= 800
    assert found.together.number == pytest.approx(PEOPLE, rel=0.2)
    assert found.each[1].number == found.drawable == pytest.approx(400, rel=0.35)
    assert found.each[1].left_out["No email"] == pytest.approx(800, rel=0.25)


def test_how_many_are_in_each_time_zone_is_told_from_it(large, filled, mikko):
    fill(large, 600, prefix="+3933")

    zones = post(mikko, filled | OWN).context["summary"].zones

    people = {each.zone: each.people for each in zones}
    assert people["Europe/Helsinki"] == pytest.approx(PEOPLE, rel=0.25)
    assert people["Europe/Rome"] == pytest.approx(600, rel=0.3)


@pytest.mark.parametrize("more", [{}, TWO, OWN], ids=["one text", "two texts", "own time"])
def test_while_somebody_writes_nothing_is_read_of_all(large, filled, mikko, monkeypatch, more):
    for module, name in ((audience, "everybody"), (summary, "spread"), (schedule, "spread")):
        monkeypatch.setattr(module, name, None)

    assert post(mikko, filled | more).context["summary"].sampled


def test_it_is_the_same_each_time(large, mikko):
    campaign = make_campaign(large, mikko)

    assert estimate(campaign) == estimate(campaign)


def test_whoever_is_in_two_groups_counts_once(kahvila, large, mikko):
    other = make_service(kahvila, kind="group")
    fill(other, prefix="+35845")

    found = estimate(make_campaign(large, mikko, more_groups=[other.pk]))

    assert found.number == pytest.approx(PEOPLE, rel=0.3)


@pytest.mark.parametrize("width", [1, 3, 7, 10])
@pytest.mark.parametrize("start", [0, 4, 9])
def test_each_key_has_the_same_chance(width, start, monkeypatch):
    """Over all places at which the sample may begin, each key is in it as often as any other."""
    monkeypatch.setattr(sampling, "PIECES", 3)
    seen = [0] * 30
    for place in range(10):
        for first, end in sampling._pieces(0, 10, place, width):
            for key in range(first, end):
                seen[key] += 1

    assert set(seen) == {width}


def test_all_of_a_dense_group_may_be_the_sample(large, mikko, monkeypatch):
    monkeypatch.setattr(sampling, "FIRST_WIDTH", 10_000)

    found = estimate(make_campaign(large, mikko))

    assert (found.number, found.sampled) == (PEOPLE, PEOPLE)


def test_whom_the_sample_saw_once_may_each_need_a_call(kahvila, large, filled, mikko):
    Contact.objects.filter(group=large).update(email="")
    for contact in Contact.objects.filter(group=large):
        contact.email = f"{contact.pk}@kahvila.example"
        contact.save(update_fields=["email"])
    template = make_template(kahvila, body="Hei {{1}}")
    whatsapp = filled | {"channel": "whatsapp", "template": template.pk, "field-1": "email"}

    told = post(mikko, whatsapp).context["summary"]

    assert told.calls == pytest.approx(PEOPLE, rel=0.25)


def test_the_page_says_that_it_is_a_sample(large, filled, mikko):
    page = post(mikko, filled)
    text = " ".join(page.content.decode().split())

    told = page.context["summary"]
    assert f"From a sample of {told.sampled:,} people" in text
    assert told.button == f"Count, then send about {told.people:,} messages"


def test_it_costs_as_many_queries_at_any_size(large, filled, mikko):
    browser = client_of(mikko)

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            browser.post(NEW, filled)
        return len(asked)

    before = queries()
    fill(large, prefix="+35846")

    assert queries() <= before
