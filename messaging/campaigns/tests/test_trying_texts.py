"""Several texts tried on the first: one to each person, and the one that wins to the rest."""

from collections import Counter
from threading import Thread

import pytest
from django.db import OperationalError, connection, transaction
from django.utils import timezone

from gateway.models import OperationState
from messaging.campaigns import lifecycle
from messaging.campaigns.dispatch import resending, sending, stages
from messaging.campaigns.dispatch.resending import Missed
from messaging.campaigns.models import FIRST, REST, Campaign, CampaignState
from messaging.campaigns.outcome import person_messages, text_trial
from messaging.campaigns.outcome.reached_people import rows
from messaging.campaigns.outcome.text_trial import compare
from messaging.campaigns.tests.conftest import calls_of, make_scheduled, make_template, refuse, text
from messaging.campaigns.tests.stages import HOUR, advance, called, now_of, texts_of
from messaging.campaigns.tests.test_last_look import numbers
from messaging.whatsapp.catalogue import listing_merge
from messaging.whatsapp.models import TemplateState
from tests.factories import make_contact

LINK = "https://kahvila.example/tarjous"


def clicks(campaign: Campaign, number: int, most: int) -> None:
    people = campaign.recipients.filter(stage=FIRST, wording=number)
    keys = people.values_list("link", flat=True)[:most]
    campaign.links.filter(pk__in=list(keys)).update(clicked_at=timezone.now())


def test_each_of_the_first_gets_one_of_the_texts_and_as_many_get_each(tried):
    advance(tried)

    assert Counter(texts_of(tried).values()) == {"Hei $(firstName)!": 5, "Moi!": 5}
    assert max(called(tried).values()) == 1
    for each in tried.recipients.filter(stage=FIRST):
        assert texts_of(tried)[each.phone] == ("Moi!" if each.wording else "Hei $(firstName)!")
    assert set(tried.recipients.filter(stage=REST).values_list("wording", flat=True)) == {None}


def test_the_rest_gets_the_text_that_a_person_chose_filled_in_for_them(tried, twenty, mikko):
    advance(tried)

    stages.begin_rest(now_of(tried), winner=0, by=mikko)

    assert advance(tried).state == CampaignState.SENT
    assert called(tried) == Counter(twenty)
    assert Counter(texts_of(tried).values()) == {"Hei $(firstName)!": 15, "Moi!": 5}
    for each in tried.recipients.filter(stage=REST):
        assert (each.wording, each.values) == (0, [each.contact.first_name])


def test_when_nobody_can_tell_at_the_end_of_the_wait_a_person_decides(tried, later):
    advance(tried)
    later(HOUR + 10)

    assert advance(tried).is_waiting_for_rest
    assert tried in Campaign.objects.needing_a_person()
    assert len(called(tried)) == 10


def test_when_nobody_can_tell_the_first_goes_out_only_where_a_person_chose_that(
    group, twenty, connected, mikko, later
):
    campaign = make_scheduled(
        group,
        mikko,
        content="Hei!",
        more_texts=[text("Moi!")],
        first_share=50,
        wait_minutes=60,
        first_if_unclear=True,
    )
    advance(campaign)
    later(HOUR + 10)

    assert advance(campaign).state == CampaignState.SENT
    assert Counter(texts_of(campaign).values()) == {"Hei!": 15, "Moi!": 5}


def test_the_text_with_clearly_more_clicks_goes_to_the_rest_with_links_of_their_own(
    group, connected, mikko, later
):
    for n in range(100):
        make_contact(group, first_name=f"Matti{n}")
    campaign = make_scheduled(
        group,
        mikko,
        content="Hei $(firstName) $(link)",
        more_texts=[text("Katso $(link)")],
        link_url=LINK,
        first_share=80,
        wait_minutes=60,
        winner_by="clicks",
    )
    advance(campaign)
    clicks(campaign, 0, 8)
    clicks(campaign, 1, 30)
    found = text_trial.results(now_of(campaign))
    assert [(each.letter, each.sent, each.clicked) for each in found] == [("A", 40, 8), ("B", 40, 30)]

    later(HOUR + 10)
    over = advance(campaign)

    assert (over.state, over.winner) == (CampaignState.SENT, 1)
    rest = campaign.recipients.filter(stage=REST)
    assert set(rest.values_list("wording", flat=True)) == {1}
    links = [each.values[0] for each in rest]
    assert len(set(links)) == 20
    assert all(link.endswith(each.link.token) for link, each in zip(links, rest, strict=True))


def test_who_lacks_a_value_of_one_text_is_no_part_of_the_trial_and_gets_the_other_if_it_wins(
    group, twenty, connected, mikko
):
    nameless = make_contact(group, first_name="").phone
    campaign = make_scheduled(
        group, mikko, content="Hei $(firstName)!", more_texts=[text("Moi!")], first_share=90
    )
    advance(campaign)
    assert campaign.recipients.get(phone=nameless).stage == REST

    stages.begin_rest(now_of(campaign), winner=1, by=mikko)
    advance(campaign)

    assert texts_of(campaign)[nameless] == "Moi!"
    assert called(campaign) == Counter([*twenty, nameless])


def test_who_lacks_a_value_of_the_text_that_won_is_left_out_for_that(group, twenty, connected, mikko):
    nameless = make_contact(group, first_name="").phone
    campaign = make_scheduled(
        group, mikko, content="Hei $(firstName)!", more_texts=[text("Moi!")], first_share=90
    )
    advance(campaign)

    stages.begin_rest(now_of(campaign), winner=0, by=mikko)
    advance(campaign)

    left_out = campaign.recipients.get(phone=nameless)
    assert (left_out.state, left_out.reason) == ("skipped", "No first name")
    assert called(campaign) == Counter(twenty)


def test_templates_are_tried_with_parameters_of_their_own(group, twenty, connected, mikko, kahvila):
    one, two = make_template(kahvila), make_template(kahvila, body="Moi {{1}}")
    name = {"field": "firstName", "fallback": ""}
    campaign = make_scheduled(
        group,
        mikko,
        channel="whatsapp",
        template=one,
        parameters=[name, {"field": "", "fallback": "heti"}],
        more_texts=[text(template=two.pk, parameters=[{"field": "", "fallback": "ystävä"}])],
        first_share=50,
    )
    advance(campaign)
    assert Counter(texts_of(campaign).values()) == {one.remote_id: 5, two.remote_id: 5}

    stages.begin_rest(now_of(campaign), winner=1, by=mikko)
    advance(campaign)

    assert Counter(texts_of(campaign).values()) == {one.remote_id: 5, two.remote_id: 15}
    said = [call.payload["message"] for call in calls_of(campaign)]
    assert {tuple(each["body_parameters"]) for each in said if each["template"] == two.remote_id} == {
        ("ystävä",)
    }
    assert called(campaign) == Counter(twenty)


def test_sent_again_to_who_did_not_get_it_each_gets_their_own_text(tried, mikko):
    advance(tried)
    failed = tried.recipients.filter(stage=FIRST, wording=1).first()
    tried.recipients.filter(pk=failed.pk).update(state="failed")
    stages.stop_here(now_of(tried), by=mikko)
    advance(tried)

    resending.resend(now_of(tried), [Missed.FAILED], by=mikko)
    advance(tried)

    again = calls_of(tried)[-1]
    assert (numbers(again), again.payload["message"]["content"]) == ([failed.phone], "Moi!")


def test_stopped_and_then_sent_to_after_all_the_rest_waits_for_the_choice_of_a_text(tried, twenty, mikko):
    advance(tried)
    stages.stop_here(now_of(tried), by=mikko)
    advance(tried)

    resending.resend(now_of(tried), [Missed.REST], by=mikko)
    assert advance(tried).is_waiting_for_rest
    stages.begin_rest(now_of(tried), winner=1, by=mikko)

    assert advance(tried).state == CampaignState.SENT
    assert called(tried) == Counter(twenty)


def test_cancelled_before_anybody_was_drawn_all_get_the_text_that_a_person_chooses(
    tried, twenty, mikko, monkeypatch
):
    monkeypatch.setattr(sending, "AT_ONCE", 10)
    sending.begin(now_of(tried))
    assert sending._snapshot_recipients(tried.pk)
    lifecycle.cancel(now_of(tried), by=mikko)

    resending.resend(now_of(tried), [Missed.REST], by=mikko)
    advance(tried)
    stages.begin_rest(now_of(tried), winner=1, by=mikko)

    assert advance(tried).state == CampaignState.SENT
    assert Counter(texts_of(tried).values()) == {"Moi!": 10}


def test_a_refused_call_is_split_within_its_text(tried, twenty, mikko):
    sending.send_now(tried.pk)
    for call in calls_of(tried):
        refuse(call)
    assert all(call.state == OperationState.FAILED for call in calls_of(tried))
    assert tried.recipients.filter(state="failed").count() == 10


def test_files_and_conversations_say_the_text_that_each_got(tried):
    advance(tried)
    texts = {row[1]: row[-1] for row in rows(tried, tried.recipients.all(), timezone.get_default_timezone())}

    for each in tried.recipients.filter(stage=FIRST):
        said = "Moi!" if each.wording else f"Hei {each.contact.first_name}!"
        assert texts[each.phone] == said
        assert [m.text for m in person_messages.messages_to(tried.customer, [each.phone], 10)] == [said]


@pytest.mark.parametrize(
    ("counts", "winner", "words"),
    [
        ([(0, 0, 0), (1, 0, 50)], None, "Not every text has reached somebody yet."),
        ([(0, 0, 50), (1, 0, 50)], None, "Nobody has clicked yet."),
        ([(0, 1, 50), (1, 4, 50)], None, "Too few have clicked to tell the texts apart."),
        ([(0, 20, 100), (1, 20, 100)], None, "Not clear yet: as many have clicked with B as with A."),
        (
            [(0, 20, 100), (1, 25, 100)],
            None,
            "Not clear yet: B is ahead, but by no more than chance may bring.",
        ),
        ([(0, 20, 100), (1, 45, 100)], 1, "B is clearly ahead: more than chance would bring have clicked."),
        ([(0, 45, 100), (1, 20, 100)], 0, "A is clearly ahead: more than chance would bring have clicked."),
        # With three the same difference has to be greater.
        (
            [(0, 30, 100), (1, 44, 100), (2, 30, 100)],
            None,
            "Not clear yet: B is ahead, but by no more than chance may bring.",
        ),
        (
            [(0, 100, 100), (1, 100, 100)],
            None,
            "Too few have clicked to tell the texts apart.",
        ),
    ],
)
def test_a_difference_is_said_only_where_chance_would_hardly_bring_it(counts, winner, words):
    assert compare(counts, "clicked") == text_trial.Verdict(winner, words)


def test_a_worker_that_looks_before_the_rest_has_its_text_loses_nobody(tried, twenty, mikko):
    """Another let it go between its last look for who lacks a text and its look for who lacks a call."""
    advance(tried)
    stages.begin_rest(now_of(tried), winner=0, by=mikko)

    sending._enqueue_next_batches(tried.pk)

    assert now_of(tried).state == CampaignState.PLANNING
    assert advance(tried).state == CampaignState.SENT
    assert called(tried) == Counter(twenty)


@pytest.fixture
def of_templates(group, kahvila, twenty, connected, mikko) -> Campaign:
    """Text A in one template, text B in another that was made elsewhere."""
    first, second = make_template(kahvila, body="Hei"), make_template(kahvila, body="Moi")
    return make_scheduled(
        group,
        mikko,
        channel="whatsapp",
        template=first,
        more_texts=[text(template=second.pk)],
        first_share=50,
        wait_minutes=60,
    )


def test_a_further_text_goes_on_in_the_template_that_its_own_was_joined_with(of_templates, kahvila, mikko):
    listed = of_templates.saying(1).template
    ours = make_template(kahvila, body="Moi", state=TemplateState.SUBMITTED)

    listing_merge.join(ours, listed, by=mikko)

    assert now_of(of_templates).saying(1).template == ours
    advance(of_templates)
    assert len(called(of_templates)) == 10


def test_a_campaign_whose_further_template_is_gone_is_held_with_words(of_templates):
    of_templates.saying(1).template.delete()

    advance(of_templates)

    assert now_of(of_templates).state == CampaignState.HELD
    assert "A template of it is gone" in now_of(of_templates).held_reason


@pytest.mark.only_on("postgresql")  # SQLite has one writer
@pytest.mark.django_db(transaction=True)
def test_who_is_erased_while_the_text_that_won_is_filled_in_does_not_come_back(tried, mikko, monkeypatch):
    advance(tried)
    stages.begin_rest(now_of(tried), winner=0, by=mikko)
    with_own, waited = stages.links.with_own, []

    def erase() -> None:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = '200ms'")
                tried.recipients.filter(stage=REST).update(state="skipped", values=[])
        except OperationalError as error:
            waited.append(error)
        finally:
            connection.close()

    def meanwhile(*args):
        erasing = Thread(target=erase)
        erasing.start()
        erasing.join()
        return with_own(*args)

    monkeypatch.setattr(stages.links, "with_own", meanwhile)
    stages.word_next(tried.pk, most=100)

    assert len(waited) == 1  # the erasure comes after it, and is not undone
