"""A large audience counted person by person, by a worker, before anybody sends to it.

One worker counts at a time, and says so by a lease. Of one that was killed another begins anew.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache

from django.db import transaction

from contacts.segments.syntax import SegmentError
from gateway import clock, live
from gateway.wake_up import wake_on_commit
from messaging.campaigns.audiences import audience, drawing
from messaging.campaigns.audiences.reach import Reach
from messaging.campaigns.audiences.spread import spread
from messaging.campaigns.composing import stage_calls
from messaging.campaigns.dispatch import schedule
from messaging.campaigns.models import AudienceCount, Campaign
from messaging.campaigns.rules.own_times import OwnTimes
from messaging.campaigns.wording import sms
from messaging.campaigns.wording.personalization import Values

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


class _Text:
    """What one of its texts comes to, if all got it. `campaign`: saying it."""

    def __init__(self, campaign: Campaign) -> None:
        self.wording, self._is_sms = campaign.wording, campaign.is_sms
        self.parts = 0
        self.alike: Counter[int] = Counter()  # people by the hash of what fills their text
        render = self.wording.render
        self._parts_of = lru_cache(TEXTS_KEPT)(lambda values: sms.measure(render(values)).parts)

    def add(self, values: Values) -> None:
        if self._is_sms:
            self.parts += self._parts_of(values)
        else:
            self.alike[hash(values)] += 1


class _Count:
    """`drawable`: who can get each of its texts, and so may be among the first."""

    def __init__(self, row: AudienceCount, touched_at: datetime) -> None:
        self.row, self.touched_at = row, touched_at
        self.campaign = row.campaign
        self.people = self.drawable = 0
        self.left_out: Counter[str] = Counter()

    def run(self) -> None:
        if self.campaign.revision != self.row.revision:
            self._give_up()
            return
        try:
            reach = Reach.of(self.campaign)
            self._say(of=reach.contacts.order_by().count() + reach.listed.told().count())
            self._count(reach, [_Text(each) for each in self.campaign.texts])
        except SegmentError:
            self._give_up()

    def _count(self, reach: Reach, texts: Sequence[_Text]) -> None:
        wordings = [each.wording for each in texts]
        people = audience.everybody(reach, wordings[0], *drawing.columns(wordings))
        for number, listed in enumerate(people, start=1):
            self._add(drawing.judge(listed, wordings) if len(wordings) > 1 else [listed[1:]], texts)
            if number % AT_ONCE == 0 and not self._say(seen=number):
                return  # somebody has begun anew
        first = min(self.campaign.number_of_first(self.people), self.drawable)
        parts = max(each.parts for each in texts) if self.campaign.is_sms else None
        told = {"people": self.people, "first": first, "parts": parts, "left_out": self.left_out}
        self._say(**told, calls=self._calls(reach, texts, first), finished_at=clock.now())

    def _add(self, judged: Sequence[tuple[Values, str]], texts: Sequence[_Text]) -> None:
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

    def _calls(self, reach: Reach, texts: Sequence[_Text], first: int) -> int:
        """At most: whoever is drawn, whichever text wins, and where people of different times share none."""
        if self.campaign.has_stages:
            sets = [max(len(each.alike), 1) for each in texts]
            calls = stage_calls.at_most(self.campaign, sets, first=first, rest=self.people - first)
        else:
            groups = [self.people] if self.campaign.is_sms else texts[0].alike.values()
            calls = sum(-(-number // self.campaign.batch_size) for number in groups)
        times = OwnTimes.of(self.campaign)
        return schedule.calls_in(spread(reach, times) if times else [], calls)

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
