"""Shares of compared campaigns beside each other, as bars that the page draws without a script."""

from collections.abc import Sequence
from dataclasses import dataclass

from messaging.campaigns.outcome.comparison import ComparedCampaign
from messaging.campaigns.outcome.delivery_stats import percent

MOST = 12  # groups of bars
WIDTH = 560  # of the drawing, in its own units; it is 100 high, so that a percent is one


@dataclass(frozen=True)
class Bars:
    """Of those whom some campaigns were to reach, in percent. `x`: where they stand."""

    label: str
    x: float
    delivered: int
    answered: int
    opted_out: int


def bars(lines: Sequence[ComparedCampaign], *, in_time: bool) -> list[Bars]:
    """Of the first of these; none where there is nothing to compare. `in_time`: the first is the latest."""
    shown = [line for line in lines if line.stats.meant][:MOST]
    if len(shown) < 2:
        return []
    if in_time:
        shown.reverse()
    step = WIDTH / len(shown)
    return [_bars(line, x=(number + 0.5) * step) for number, line in enumerate(shown)]


def _bars(line: ComparedCampaign, *, x: float) -> Bars:
    done, meant = line.responses, line.stats.meant
    return Bars(
        line.label, x, line.stats.percent, percent(done.answered, meant), percent(done.opted_out, meant)
    )
