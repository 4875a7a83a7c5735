"""A large audience counted person by person, by a worker, before anybody sends to it.

One worker counts at a time, and says so by a lease. Of one that was killed another begins anew.
"""

from collections import Counter
from datetime import datetime
from functools import lru_cache

from django.db import transaction

from contacts.segments.syntax import SegmentError
from gateway import clock, live
from gateway.wake_up import wake_on_commit
from messaging.campaigns.audiences import audience
from messaging.campaigns.audiences.reach import Reach
from messaging.campaigns.audiences.spread import spread
from messaging.campaigns.composing import stage_calls
from messaging.campaigns.dispatch import schedule
from messaging.campaigns.models import AudienceCount, Campaign
from messaging.campaigns.rules.own_times import OwnTimes
from messaging.campaigns.wording import sms
from messaging.campaigns.wording.personalization import Values, Wording

AT_ONCE = 20_000  # people, from one word of progress to the next
TEXTS_KEPT = 20_000  # whose parts are remembered


@transaction.atomic
def begin(campaign: Campaign) -> None:
    """Of what is saved of it. What was counted before is forgotten."""
    new = {"revision": campaign.revision, "of": None, "seen": 0, "touched_at": None, "finished_at": None}
    AudienceCount.objects.update_or_create(campaign=campaign, defaults=new)
    wake_on_commit("messaging.campaigns.tasks.count_audience", campaign.pk)


def count_due() -> None:
    """What nobody counts. Runs with the campaigns' tick."""
    for key in AudienceCount.objects.free().values_list("pk", flat=True):
        count(key)


def count(campaign_id: int) -> None:
    mine = clock.now()
    if not AudienceCount.objects.free().filter(pk=campaign_id).update(touched_at=mine, seen=0):
        return
    rows = AudienceCount.objects.select_related("campaign__customer", "campaign__template")
    _Count(rows.get(pk=campaign_id), mine).run()


class _Count:
    def __init__(self, row: AudienceCount, touched_at: datetime) -> None:
        self.row, self.touched_at = row, touched_at
        self.campaign = row.campaign
        self.people = 0
        self.parts = 0
        self.left_out: Counter[str] = Counter()
        self.alike: Counter[int] = Counter()  # people by the hash of what fills their text

    def run(self) -> None:
        wording = self.campaign.wording
        if self.campaign.revision != self.row.revision:
            self._give_up()
            return
        try:
            reach = Reach.of(self.campaign)
            self._say(of=reach.contacts.order_by().count() + reach.listed.told().count())
            self._count(reach, wording)
        except SegmentError:
            self._give_up()

    def _count(self, reach: Reach, wording: Wording) -> None:
        parts_of = lru_cache(TEXTS_KEPT)(lambda values: sms.measure(wording.render(values)).parts)
        for number, (_, values, reason) in enumerate(audience.everybody(reach, wording), start=1):
            if reason:
                self.left_out[reason] += 1
            else:
                self._add(values, parts_of(values) if self.campaign.is_sms else 0)
            if number % AT_ONCE == 0 and not self._say(seen=number):
                return  # somebody has begun anew
        size, groups = self.campaign.batch_size, self.alike.values()
        calls = sum(-(-number // size) for number in (groups if wording.is_template else [self.people]))
        if self.campaign.has_stages:
            sets = len(groups) if wording.is_template else 1
            calls = stage_calls.of_one_text(self.campaign, self.people, sets=sets)
        times = OwnTimes.of(self.campaign)
        calls = schedule.calls_in(spread(reach, times) if times else [], calls)
        parts = self.parts if self.campaign.is_sms else None
        told = {"people": self.people, "calls": calls, "parts": parts, "left_out": self.left_out}
        self._say(**told, finished_at=clock.now())

    def _add(self, values: Values, parts: int) -> None:
        self.people += 1
        self.parts += parts
        if not self.campaign.is_sms:
            self.alike[hash(values)] += 1

    def _give_up(self) -> None:
        """The page says why."""
        self._say(revision=0, finished_at=clock.now())

    def _say(self, **what: object) -> bool:
        """Whether it is still ours."""
        now = clock.now()
        mine = AudienceCount.objects.filter(pk=self.row.pk, touched_at=self.touched_at, finished_at=None)
        is_ours = bool(mine.update(touched_at=now, **what))
        self.touched_at = now
        live.announce(self.campaign.customer, self.campaign.topic)
        return is_ours
