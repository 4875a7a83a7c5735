"""Counts that are kept equal a count of the table, whoever changes it and however."""

import logging
from collections import Counter
from threading import Thread

import pytest
from django.apps import apps
from django.db import connection
from django.db.migrations import Migration
from django.db.models.signals import pre_migrate
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from messaging.campaigns.models import Campaign, Recipient, RecipientCount, RecipientState
from messaging.campaigns.outcome import count_triggers, recipient_counts
from messaging.campaigns.outcome.delivery_stats import stats_of
from messaging.campaigns.tests.conftest import make_campaign

STATES, REASONS = st.sampled_from(RecipientState.values), st.sampled_from(["", "Opted out", "Cut “off”"])
PEOPLE = st.sets(st.integers(0, 9), max_size=6)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("add"), PEOPLE, STATES, REASONS),
        st.tuples(st.just("change"), PEOPLE, STATES, REASONS),
        st.tuples(st.just("remove"), PEOPLE, STATES, REASONS),
        st.tuples(st.just("add up"), PEOPLE, STATES, REASONS),
    ),
    max_size=12,
)


@pytest.fixture
def campaign(group, mikko) -> Campaign:
    return make_campaign(group, mikko)


def counted(campaign: Campaign) -> Counter[tuple[str, str]]:
    return Counter(campaign.recipients.values_list("state", "reason"))


def kept(campaign: Campaign) -> Counter[tuple[str, str]]:
    rows = RecipientCount.objects.filter(campaign=campaign).totals("state", "reason")
    return Counter({(state, reason): total for state, reason, total in rows})


def take(campaign: Campaign, step: str, people: set[int], state: str, reason: str) -> None:
    found = campaign.recipients.filter(phone__in=[f"+35840000000{each}" for each in people])
    if step == "add":
        new = [Recipient(campaign=campaign, phone=f"+35840000000{each}", state=state) for each in people]
        Recipient.objects.bulk_create(new, ignore_conflicts=True)
    elif step == "change":
        found.update(state=state, reason=reason)
    elif step == "remove":
        found.delete()
    else:
        recipient_counts.add_up_one(campaign.pk)


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_what_is_kept_is_what_a_count_of_the_table_says(campaign, steps):
    for step in steps:
        take(campaign, *step)

        assert kept(campaign) == counted(campaign)
    assert stats_of(campaign).total == campaign.recipients.count()
    assert recipient_counts.mend(campaign.pk) == 0


def test_many_rows_become_one_for_each_state_and_reason(campaign, monkeypatch):
    monkeypatch.setattr(recipient_counts, "MOST_ROWS", 3)
    for number in range(5):
        Recipient.objects.create(campaign=campaign, phone=f"+35840000000{number}")

    recipient_counts.add_up()

    assert RecipientCount.objects.get().number == 5
    assert stats_of(campaign).waiting == 5


def test_the_most_common_reason_comes_first(campaign):
    for number, reason in enumerate(["", "No name", "Opted out", "Opted out"]):
        Recipient.objects.create(
            campaign=campaign, phone=f"+35840000000{number}", state="skipped", reason=reason
        )

    assert recipient_counts.by_state_and_reason(campaign) == [
        ("skipped", "Opted out", 2),
        ("skipped", "", 1),
        ("skipped", "No name", 1),
    ]


def test_counts_that_are_off_are_mended_and_told_in_the_log(campaign, caplog):
    Recipient.objects.create(campaign=campaign, phone="+358400000001")
    RecipientCount.objects.create(campaign=campaign, state="failed", reason="x", number=7)

    with caplog.at_level(logging.ERROR):
        assert recipient_counts.mend(campaign.pk) == 1

    assert kept(campaign) == counted(campaign)
    assert "are mended" in caplog.text


def test_nothing_is_left_of_a_campaign_that_is_deleted(campaign):
    Recipient.objects.create(campaign=campaign, phone="+358400000001")
    campaign.delete()

    recipient_counts.mend_recent()

    assert not RecipientCount.objects.exists()


def test_where_triggers_are_missing_they_are_made_and_all_is_counted(campaign):
    count_triggers.uninstall()
    Recipient.objects.create(campaign=campaign, phone="+358400000001")
    assert stats_of(campaign).total == 0

    count_triggers.install()

    assert stats_of(campaign).total == 1
    Recipient.objects.create(campaign=campaign, phone="+358400000002")
    assert stats_of(campaign).total == 2


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("model", "name"), [(RecipientCount, "reason"), (Recipient, "reason"), (Campaign, "name")]
)
def test_migrations_may_change_the_tables_and_all_is_counted_after_them(campaign, model, name):
    """SQLite makes a table anew, and renames it, to change a column of it."""
    Recipient.objects.create(campaign=campaign, phone="+358400000001")
    old = model._meta.get_field(name)
    new = old.clone()
    new.max_length = 299
    new.set_attributes_from_name(name)
    pre_migrate.send(apps.get_app_config("campaigns"), plan=[(Migration("0099", "campaigns"), False)])
    for before, after in ((old, new), (new, old)):
        with connection.schema_editor() as editor:
            editor.alter_field(model, before, after)

    count_triggers.install()

    Recipient.objects.create(campaign=campaign, phone="+358400000002")
    assert stats_of(campaign).total == 2


@pytest.mark.django_db(transaction=True)
def test_who_adds_up_waits_for_nobody_who_changes(campaign):
    """Neither loses what the other counts."""

    def change() -> None:
        try:
            for number in range(20):
                Recipient.objects.create(campaign=campaign, phone=f"+3584000001{number:02}")
        finally:
            connection.close()

    changing = Thread(target=change)
    changing.start()
    while changing.is_alive():
        recipient_counts.add_up_one(campaign.pk)
    changing.join()

    assert kept(campaign) == counted(campaign) == {("planned", ""): 20}
