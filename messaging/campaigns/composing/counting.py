"""A large audience counted person by person, by a worker, before anybody sends to it.

One worker counts at a time, under a lease. Of one that was killed another begins anew.
"""

from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

from django.db import transaction
from django.db.models import Q

from contacts.segments.syntax import SegmentError
from gateway import clock
from gateway.live_updates import live
from gateway.workers import leases
from gateway.workers.leases import Lease, LeaseLost
from gateway.workers.wake_up import wake_on_commit
from messaging.campaigns.audiences import audience, drawing
from messaging.campaigns.audiences.reach import Reach
from messaging.campaigns.audiences.spread import ZoneOfPeople, passed_in, spread
from messaging.campaigns.composing import stage_calls
from messaging.campaigns.dispatch import schedule
from messaging.campaigns.dispatch.one_by_one import each_by_itself
from messaging.campaigns.models import AudienceCount, Campaign
from messaging.campaigns.rules.own_times import OwnTimes
from messaging.campaigns.wording import sms
from messaging.campaigns.wording.personalization import GapValues

AT_ONCE = 20_000  # people, from one word of progress to the next
TEXTS_KEPT = 20_000  # whose parts are remembered


@transaction.atomic
def begin(campaign: Campaign) -> None:
    """Of what is saved of it. What was counted before is forgotten."""
    new = {"revision": campaign.revision, "of": None, "seen": 0, "finished_at": None}
    free = {"leased_until": None, "stalls": 0}  # whoever counts stops at its next write
    AudienceCount.objects.update_or_create(campaign=campaign, defaults=new | free)
    wake_on_commit("messaging.campaigns.tasks.count_audience", campaign.pk)


def count_due() -> None:
    """What nobody counts. Runs with the campaigns' tick."""
    each_by_itself(AudienceCount.objects.free(), _count)


def count(campaign_id: int) -> None:
    """From the first person on; leaves at once when another worker is at it, or it is done."""
    lease = leases.take(AudienceCount.objects.filter(pk=campaign_id), condition=Q(finished_at=None))
    if lease is None:
        return
    rows = AudienceCount.objects.select_related("campaign__customer", "campaign__template")
    try:
        with lease.counting():
            _Count(rows.get(pk=campaign_id), lease).run()
    except LeaseLost:
        return  # somebody has begun anew
    finally:
        lease.release()


def _count(row: AudienceCount) -> None:
    count(row.pk)


class _Text:
    """What one of its texts comes to, if all got it. `campaign`: saying it."""

    def __init__(self, campaign: Campaign) -> None:
        self.wording, self._is_sms = campaign.wording, campaign.is_sms
        self.parts = 0
        self.alike: Counter[int] = Counter()  # people by the hash of what fills their text
        render = self.wording.render
        self._parts_of = lru_cache(TEXTS_KEPT)(lambda values: sms.measure(render(values)).parts)

    def add(self, values: GapValues) -> None:
        if self._is_sms:
            self.parts += self._parts_of(values)
        else:
            self.alike[hash(values)] += 1


class _Count:
    """`drawable`: who can get each of its texts, and so may be among the first."""

    def __init__(self, row: AudienceCount, lease: Lease) -> None:
        self.row, self.lease = row, lease
        self.campaign = row.campaign
        self.people = self.drawable = 0
        self.left_out: Counter[str] = Counter()

    def run(self) -> None:
        if self.lease.is_hopeless:
            self._end(revision=0)
            return
        if self.campaign.revision != self.row.revision:
            self._give_up()
            return
        try:
            reach = Reach.of(self.campaign)
            self._say(seen=0, of=reach.contacts.order_by().count() + reach.listed.told().count())
            self._count(reach, [_Text(each) for each in self.campaign.texts])
        except SegmentError:
            self._give_up()

    def _count(self, reach: Reach, texts: Sequence[_Text]) -> None:
        wordings = [each.wording for each in texts]
        people = audience.everybody(reach, wordings[0], *drawing.columns(wordings))
        for number, listed in enumerate(people, start=1):
            self._add(drawing.judge(listed, wordings) if len(wordings) > 1 else [listed[1:]], texts)
            if number % AT_ONCE == 0:
                self._say(seen=number)
        times = OwnTimes.of(self.campaign)
        zones = spread(reach, times) if times else []
        drawable = max(0, self.drawable - passed_in(zones))
        first = min(self.campaign.number_of_first(self.people), drawable)
        parts = max(each.parts for each in texts) if self.campaign.is_sms else None
        if Reach.of(self.campaign).texts != reach.texts:  # a colleague changed a segment while it was counted
            self._give_up()
            return
        told = {"people": self.people, "first": first, "parts": parts, "left_out": self.left_out}
        self._end(**told, calls=self._calls(zones, texts, first), stalls=0)

    def _add(self, judged: Sequence[tuple[GapValues, str]], texts: Sequence[_Text]) -> None:
        """One person. `judged`: for each text what fills it, and the reason why they do not get it."""
        reasons = [reason for _, reason in judged if reason]
        if len(reasons) == len(texts):
            self.left_out[reasons[0]] += 1
            return
        self.people += 1
        self.drawable += not reasons
        for text, (values, reason) in zip(texts, judged, strict=True):
            if not reason:
                text.add(values)

    def _calls(self, zones: Sequence[ZoneOfPeople], texts: Sequence[_Text], first: int) -> int:
        """At most: whoever is drawn, whichever text wins, and where people of different times share none."""
        if self.campaign.has_stages:
            sets = [max(len(each.alike), 1) for each in texts]
            calls = stage_calls.at_most(self.campaign, sets, first=first, rest=self.people - first)
        else:
            groups = [self.people] if self.campaign.is_sms else texts[0].alike.values()
            calls = sum(-(-number // self.campaign.batch_size) for number in groups)
        return schedule.calls_in(self.campaign, zones, calls)

    def _give_up(self) -> None:
        """The page says why."""
        self._end(revision=0, stalls=0)

    def _say(self, **what: object) -> None:
        """How far it is; raises LeaseLost."""
        self.lease.write(**what)
        live.announce(self.campaign.customer, self.campaign.topic)

    def _end(self, **what: object) -> None:
        self.lease.end(**what, finished_at=clock.now())
        live.announce(self.campaign.customer, self.campaign.topic)
