"""When SmartDialog's list is read: at once when it never was, soon after a submission, then less and less."""

from datetime import timedelta

import pytest
from django.utils import timezone

from gateway.models import ConnectionState, Operation, OperationState
from messaging.whatsapp.catalogue import polling
from messaging.whatsapp.models import Template, TemplateList, TemplateState
from messaging.whatsapp.tests.conftest import carry, make_template
from tests.factories import make_connection
from tests.people import client_of


def asked_ago(customer, minutes: float) -> None:
    now = timezone.now()
    fields = {"asked_at": now - timedelta(minutes=minutes), "categories_asked_at": now}
    TemplateList.objects.update_or_create(customer=customer, defaults=fields)


def submitted_ago(customer, minutes: float):
    at = timezone.now() - timedelta(minutes=minutes)
    return make_template(customer, state=TemplateState.SUBMITTED, submitted_at=at)


@pytest.fixture
def of_kahvila(mikko, trattoria, connected):
    """Mikko reaches one customer only, so that counts are of that one."""
    mikko.customers.remove(trattoria)
    return connected


def test_a_customer_is_read_as_soon_as_somebody_is_connected(kahvila, of_kahvila, platform):
    assert polling.tick() == 1
    carry(of_kahvila)

    assert (platform.looks, polling.tick()) == (1, 0)


def test_nothing_is_read_without_a_live_connection(kahvila, of_kahvila):
    type(of_kahvila).objects.update(state=ConnectionState.RECONNECT)

    assert polling.tick() == 0


@pytest.mark.parametrize(
    ("submitted", "asked", "due"),
    [
        (0.5, 0.6, 0),  # half a minute after it was submitted
        (1.1, 1.2, 1),
        (30, 5, 0),  # half an hour in, every seven minutes
        (30, 9, 1),
        (60 * 20, 60 * 3, 0),  # most of a day in, every four hours
        (60 * 20, 60 * 5, 1),
        (60 * 24 * 6, 60 * 23, 0),  # then once a day
        (60 * 24 * 6, 60 * 25, 1),
        (60 * 24 * 8, 60 * 25, 0),  # after a week a person is asked
    ],
)
def test_the_gap_grows_with_the_age_of_the_review_up_to_a_day_and_ends_after_a_week(
    submitted, asked, due, kahvila, of_kahvila
):
    submitted_ago(kahvila, submitted)
    asked_ago(kahvila, asked)

    assert polling.tick() == due


def test_the_newest_review_sets_the_pace(kahvila, of_kahvila):
    submitted_ago(kahvila, 60 * 24)
    submitted_ago(kahvila, 2)
    asked_ago(kahvila, 3)

    assert polling.tick() == 1
    assert Operation.objects.filter(kind=polling.LIST).count() == 1


def test_without_a_review_the_list_is_read_a_few_times_a_day_while_somebody_works(kahvila, of_kahvila, mikko):
    asked_ago(kahvila, 60 * 7)
    assert polling.tick() == 0

    mikko.last_login = timezone.now()
    mikko.save()

    assert polling.tick() == 1


def test_a_look_up_under_way_is_not_asked_for_twice(kahvila, of_kahvila):
    assert polling.enqueue_lookup(kahvila, connection=of_kahvila)
    assert not polling.enqueue_lookup(kahvila, connection=of_kahvila)

    assert Operation.objects.filter(kind=polling.LIST).count() == 1


def test_a_look_up_that_waits_on_a_dead_sign_in_does_not_stop_another_persons(
    kahvila, of_kahvila, aino, platform
):
    polling.enqueue_lookup(kahvila, connection=of_kahvila)
    type(of_kahvila).objects.filter(pk=of_kahvila.pk).update(state=ConnectionState.RECONNECT)
    alive = make_connection(aino)

    assert polling.enqueue_lookup(kahvila, connection=alive)
    carry(alive)

    assert platform.looks == 1


@pytest.mark.parametrize("state", [TemplateState.SUBMITTED, TemplateState.UNLISTED])
def test_two_of_ours_with_one_text_under_one_id_are_both_there(kahvila, mikko, connected, platform, state):
    """Their languages say it in the same words; no listing tells a language."""
    known = {"remote_id": "christmas_brunch_1"} if state == TemplateState.UNLISTED else {}
    both = [make_template(kahvila, state=state, language=each, **known) for each in ("fi", "sv")]
    for template in both:
        platform.lists(template)

    for _ in range(2):
        polling.enqueue_lookup(kahvila, connection=connected)
        carry(connected)

    assert set(Template.objects.values_list("pk", "state")) == {
        (template.pk, TemplateState.LISTED) for template in both
    }


def test_one_that_is_submitted_later_with_the_same_text_is_found_too(kahvila, mikko, connected, platform):
    first = make_template(kahvila, state=TemplateState.LISTED, remote_id="christmas_brunch_1", language="fi")
    second = make_template(kahvila, state=TemplateState.SUBMITTED, language="sv")
    for template in (first, second):
        platform.lists(template)

    polling.enqueue_lookup(kahvila, connection=connected)
    carry(connected)

    second.refresh_from_db()
    assert (second.state, second.remote_id, Template.objects.count()) == (
        TemplateState.LISTED,
        "christmas_brunch_1",
        2,
    )


def test_a_refused_look_up_says_why_until_the_next_one(kahvila, of_kahvila):
    polling.enqueue_lookup(kahvila, connection=of_kahvila)
    told = {"reason": "told", "reason_params": {"text": "No access"}}
    Operation.objects.filter(kind=polling.LIST).update(state=OperationState.FAILED, **told)

    assert TemplateList.objects.get().problem == "No access"
    assert polling.enqueue_lookup(kahvila, connection=of_kahvila)
    assert TemplateList.objects.get().problem == ""


ODD = [None, 5, {}, {"id": None}, {"id": "x" * 600}, {"id": "odd", "extensionParameters": "text"}]


@pytest.mark.parametrize("odd", ODD, ids=lambda odd: str(odd)[:20])
def test_beside_an_entry_that_cannot_be_read_the_others_count_and_nothing_is_taken_for_gone(
    kahvila, mikko, connected, platform, odd
):
    gone, changed = (
        make_template(kahvila, state=TemplateState.LISTED, remote_id=name, body=f"{name} {{{{1}}}} on")
        for name in ("gone", "changed")
    )
    platform.lists(changed, "changed", text="Muu teksti {{1}} nyt")
    waiting = make_template(kahvila, state=TemplateState.SUBMITTED, display_name="New", body="Uusi {{1}} on")
    platform.lists(waiting, "new")
    platform.listed.append(odd)

    polling.enqueue_lookup(kahvila, connection=connected)
    carry(connected)

    assert set(Template.objects.values_list("remote_id", "body", "state")) == {
        ("gone", gone.body, TemplateState.LISTED),
        ("changed", changed.body, TemplateState.LISTED),
        ("changed", "Muu teksti {{1}} nyt", TemplateState.LISTED),
        ("new", waiting.body, TemplateState.LISTED),
    }
    assert "SmartDialog lists 1 more" in client_of(mikko).get("/templates/").content.decode()

    platform.listed.pop()
    polling.enqueue_lookup(kahvila, connection=connected)
    carry(connected)
    gone.refresh_from_db()
    assert gone.state == TemplateState.UNLISTED
    assert TemplateList.objects.get().problem == ""


@pytest.mark.parametrize("told", [None, {}, {"rawContent": None}, {"rawContent": ""}], ids=str)
def test_a_template_that_is_listed_without_its_text_is_there_and_keeps_it(
    kahvila, mikko, connected, platform, told
):
    ours = make_template(kahvila, state=TemplateState.UNLISTED, remote_id="ours")
    platform.listed += [
        {"id": name, "displayName": name, "extensionParameters": told} for name in ("ours", "o")
    ]

    polling.enqueue_lookup(kahvila, connection=connected)
    carry(connected)

    [kept] = Template.objects.all()
    assert (kept.pk, kept.state, kept.body) == (ours.pk, TemplateState.LISTED, ours.body)
    assert "lists 2 more" in TemplateList.objects.get().problem
