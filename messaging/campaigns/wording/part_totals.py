"""What an SMS comes to over a whole audience: parts, what personalising costs, and whose text is dear."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Self

from messaging.campaigns.audiences.audience import Audience
from messaging.campaigns.wording import sms
from messaging.campaigns.wording.personalization import GapValues, Wording
from messaging.campaigns.wording.sms import Size

SHOWN = 10  # of the dearest texts


@dataclass(frozen=True)
class DearText:
    """A text that takes more parts than the shortest, for `people`, and the characters that make it so."""

    filled: str  # what stands in its gaps
    parts: int
    people: int
    foreign: tuple[str, ...]


@dataclass(frozen=True)
class PartTotals:
    """`counts`: people by the parts of their text."""

    counts: Counter[int]
    in_unicode: int
    dear: tuple[DearText, ...]  # the dearest first
    dearest: str

    @classmethod
    def of(cls, audience: Audience, wording: Wording) -> Self | None:
        """Of the texts that people will really get; None when nobody gets any."""
        if not audience.people:
            return None
        texts = {values: wording.render(values) for values in audience.people}
        sizes = {values: sms.measure(text) for values, text in texts.items()}
        counts: Counter[int] = Counter()
        for values, people in audience.people.items():
            counts[sizes[values].parts] += people
        ranked = sorted(sizes, key=lambda values: (-sizes[values].parts, -sizes[values].units))
        in_unicode = sum(audience.people[values] for values, size in sizes.items() if size.is_unicode)
        dear = tuple(_dear(ranked, texts, sizes, audience.people, least=min(counts)))
        return cls(counts, in_unicode, dear, texts[ranked[0]])

    @property
    def total(self) -> int:
        return sum(parts * people for parts, people in self.counts.items())

    @property
    def least(self) -> int:
        return min(self.counts)

    @property
    def most(self) -> int:
        return max(self.counts)

    @property
    def median(self) -> int:
        """Half of the people get as many parts, or fewer."""
        half, reached = self.counts.total() / 2, 0
        for parts in sorted(self.counts):
            reached += self.counts[parts]
            if reached >= half:
                break
        return parts

    @property
    def is_even(self) -> bool:
        return self.least == self.most

    @property
    def for_values(self) -> int:
        """Parts that would not be sent if everybody's text were as short as the shortest."""
        return self.total - self.least * self.counts.total()


def _dear(
    ranked: list[GapValues],
    texts: Mapping[GapValues, str],
    sizes: Mapping[GapValues, Size],
    people: Counter[GapValues],
    *,
    least: int,
) -> Iterator[DearText]:
    for values in ranked[:SHOWN]:
        if sizes[values].parts > least:
            filled, foreign = ", ".join(values), tuple(sms.non_gsm(texts[values]))
            yield DearText(filled, sizes[values].parts, people[values], foreign)
