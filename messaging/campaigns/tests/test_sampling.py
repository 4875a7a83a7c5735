"""What a large audience comes to is told from a sample: honest, steady, and said to be one."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from contacts.models import Contact
from messaging.campaigns.audiences import audience, sampling
from messaging.campaigns.audiences.reach import Reach
from messaging.campaigns.models import Campaign
from messaging.campaigns.tests.conftest import NEW, make_campaign, make_template, post
from tests.factories import make_service
from tests.people import client_of

PEOPLE = 1200


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


def test_others_between_them_change_nothing(kahvila, group, service, connected, small, mikko):
    other = make_service(kahvila, kind="group")
    for start in range(12):
        fill(group, 100, prefix=f"+358{400 + start}")
        fill(other, 900, prefix=f"+46{700 + start}")

    assert estimate(make_campaign(group, mikko)).number == pytest.approx(1200, rel=0.25)


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
        for piece in sampling._pieces(0, 10, place, width):
            bounds = dict(piece.children)
            for key in range(bounds["pk__gte"], bounds["pk__lt"]):
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

    summary = post(mikko, whatsapp).context["summary"]

    assert summary.calls == pytest.approx(PEOPLE, rel=0.25)


def test_the_page_says_that_it_is_a_sample(large, filled, mikko):
    page = post(mikko, filled)
    text = " ".join(page.content.decode().split())

    summary = page.context["summary"]
    assert f"From a sample of {summary.sampled:,} people" in text
    assert summary.button == f"Count, then send about {summary.people:,} messages"


def test_it_costs_as_many_queries_at_any_size(large, filled, mikko):
    browser = client_of(mikko)

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            browser.post(NEW, filled)
        return len(asked)

    before = queries()
    fill(large, prefix="+35846")

    assert queries() <= before
