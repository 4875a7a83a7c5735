"""In stages, whatever happens: nobody twice, nobody lost, nobody who said no, and one text to each."""

from typing import Any
from unittest import mock

from django.db import transaction
from django.test import override_settings
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from gateway import clock, outbox
from gateway.models import Operation
from gateway.sign_in.connections import NotConnected
from messaging.campaigns.dispatch import resending, stages
from messaging.campaigns.dispatch.resending import Missed, StillUnderWay
from messaging.campaigns.dispatch.stages import RestDecided
from messaging.campaigns.dispatch.stopping import STOPPED_REASON
from messaging.campaigns.lifecycle import CampaignChanged
from messaging.campaigns.models import FIRST, REST, UNDER_WAY, Campaign, RecipientState
from messaging.campaigns.tests.test_last_look import NOT_TAKEN, numbers
from messaging.campaigns.tests.test_promise import IN_DOUBT, PEOPLE, SIZE, Run

B = {"content": "Moi $(firstName)!", "fallbacks": {}, "template": None, "parameters": []}
C = {"content": "Tervetuloa", "fallbacks": {}, "template": None, "parameters": []}
STEPS = st.one_of(
    st.sampled_from(["take", "take", "take", IN_DOUBT, *NOT_TAKEN, "advance", "advance"]),
    st.sampled_from(["pause", "resume", "try again", "rest", "stop", "resend"]),
    st.tuples(st.just("opt out"), st.integers(0, PEOPLE - 1)),
    st.tuples(st.just("later"), st.sampled_from([1, 14, 16, 50])),  # minutes
)


class StagedRun(Run):
    """`texts`: by RequestId, what SmartDialog took."""

    def __init__(self, *args: Any, **fields: Any) -> None:
        super().__init__(*args, **fields)
        self.is_stopped = False

    def step(self, what: Any) -> None:
        verbs = {"rest": self.send_rest, "stop": self.stop_here, "resend": self.resend}
        verb = verbs.get(what) if isinstance(what, str) else None
        if verb:
            verb(Campaign.objects.get(pk=self.campaign.pk))
        else:
            super().step(what)

    def send_rest(self, campaign: Campaign) -> None:
        try:
            with transaction.atomic():
                stages.begin_rest(campaign, winner=len(campaign.more_texts), by=self.by)
        except (RestDecided, NotConnected):
            pass

    def stop_here(self, campaign: Campaign) -> None:
        try:
            with transaction.atomic():
                stages.stop_here(campaign, by=self.by)
                self.is_stopped = True
        except RestDecided:
            pass

    def resend(self, campaign: Campaign) -> None:
        try:
            with transaction.atomic():
                resending.resend(campaign, [Missed.REST, Missed.FAILED], by=self.by)
        except (CampaignChanged, StillUnderWay, NotConnected):
            pass

    def check(self, operation: Operation) -> None:
        super().check(operation)
        campaign = Campaign.objects.get(pk=self.campaign.pk)
        people = list(campaign.recipients.filter(batch=operation.payload["number"]))
        said = {campaign.saying(each.wording).content for each in people}
        assert said == {operation.payload["message"]["content"]}
        if campaign.rest_begun_at is None:
            assert {each.stage for each in people} == {FIRST}
        rest = {each.wording for each in people if each.stage == REST}
        assert rest <= {campaign.winner if campaign.tries_texts else 0}
        assert set(numbers(operation)) <= {each.phone for each in people}

    def finish(self) -> None:
        for _ in range(30 * PEOPLE):
            self.step("resume")
            self.step("advance")
            if not self.call("take"):
                if not Campaign.objects.filter(pk=self.campaign.pk, state__in=UNDER_WAY).exists():
                    return
                self.later(20)
                if Campaign.objects.to_decide_on_rest().exists():
                    self.step("rest")
        raise AssertionError("it never ends")


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    max_examples=11,
    derandomize=True,  # times of a busy machine would shift what a seed means
    deadline=None,
    phases=(Phase.generate,),
)
@given(
    steps=st.lists(STEPS, max_size=30),
    bad=st.sets(st.integers(0, PEOPLE - 1), max_size=2),
    ahead=st.sampled_from([0, 45]),
    texts=st.sampled_from([[], [B], [B, C]]),
    share=st.sampled_from([1, 30, 60, 90]),
    wait=st.sampled_from([None, 15, 60]),
    first_if_unclear=st.booleans(),
)
def test_in_stages_each_person_gets_one_text_once_or_has_one_reason(
    group, connected, mikko, steps, bad, ahead, texts, share, wait, first_if_unclear
):
    size, much = {"SMARTDIALOG_BATCH_SIZE": SIZE}, {"SMARTDIALOG_CALLS_PER_MINUTE": 600_000}
    stages_of = {"more_texts": texts, "first_share": share, "wait_minutes": wait}
    with transaction.atomic(), override_settings(**size, **much):
        run = StagedRun(group, connected, mikko, bad, ahead, **stages_of, first_if_unclear=first_if_unclear)
        with mock.patch.object(clock, "now", run.now):
            for step in ["advance", *steps]:
                run.step(step)
                assert set(run.count().values()) <= {1}
            run.finish()
            run.step("resend")  # of what is over, to who did not get it
            run.finish()
        assert set(run.count().values()) <= {1}
        people = {each.phone: each for each in run.campaign.recipients.all()}
        assert set(people) == set(run.phones)
        expected = {
            RecipientState.ACCEPTED: {1},
            RecipientState.SKIPPED: {0},
            RecipientState.FAILED: {0},
            RecipientState.UNCERTAIN: {0, 1},
        }
        for phone, each in people.items():
            assert run.count()[phone] in expected[each.state], (phone, each.state)
            assert each.state != RecipientState.FAILED or phone in run.bad
            is_left = run.is_stopped and each.stage == REST and each.reason == STOPPED_REASON
            assert each.state != RecipientState.SKIPPED or phone in run.stopped or is_left
            assert each.wording is not None or each.state == RecipientState.SKIPPED
        assert not outbox.is_underway(batch=run.campaign.batch)
        transaction.set_rollback(True)
