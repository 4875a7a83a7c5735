"""Who of an audience gets which of several texts, and who none: counted in one read, or from a sample."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from operator import add

from messaging.campaigns.audiences import audience, drawing, sampling
from messaging.campaigns.audiences.audience import Audience, JudgedRow
from messaging.campaigns.audiences.calling_codes import country_of
from messaging.campaigns.audiences.reach import Reach
from messaging.campaigns.audiences.sampling import Sample
from messaging.campaigns.wording.personalization import Wording


@dataclass(frozen=True)
class SeveralAudiences:
    """`each`: if all got the text. `together`: who gets one at least, of whom `drawable` can get each."""

    each: list[Audience]
    together: Audience
    drawable: int

    def __add__(self, other: "SeveralAudiences") -> "SeveralAudiences":
        """Of two that have nobody in common."""
        each = [one + two for one, two in zip(self.each, other.each, strict=True)]
        return SeveralAudiences(each, self.together + other.together, self.drawable + other.drawable)


def count(reach: Reach, wordings: list[Wording]) -> SeveralAudiences:
    """Exact, or sampled. Raises SegmentError."""
    columns = drawing.columns(wordings)
    samples = sampling.samples_of(reach, wordings[0], *columns)
    if not samples:
        return _counted(audience.everybody(reach, wordings[0], *columns), wordings)
    return reduce(add, (_estimate(each, reach, wordings) for each in samples))


def _estimate(sample: Sample, reach: Reach, wordings: list[Wording]) -> SeveralAudiences:
    seen, waiting = _counted(sample.people, wordings), audience.number_waiting(sample.people, reach)
    return SeveralAudiences(
        [sample.estimate(each) for each in seen.each],
        sample.estimate(seen.together, waiting=waiting),
        sample.number_of(seen.drawable),
    )


def _counted(people: Iterable[JudgedRow], wordings: list[Wording]) -> SeveralAudiences:
    each = [Audience(Counter(), Counter(), Counter()) for _ in wordings]
    together, drawable = Audience(Counter(), Counter(), Counter()), 0
    for listed in people:
        judged = drawing.judge(listed, wordings)
        country, reasons = country_of(listed[0]["phone"]), [reason for _, reason in judged]
        for found, (values, reason) in zip(each, judged, strict=True):
            _take(found, values, country, reason)
        _take(together, (), country, reasons[0] if all(reasons) else "")
        drawable += not any(reasons)
    return SeveralAudiences(each, together, drawable)


def _take(found: Audience, values: tuple[str, ...], country: str, reason: str) -> None:
    if reason:
        found.left_out[reason] += 1
    else:
        found.people[values] += 1
        found.countries[country] += 1
