"""What a campaign that goes to some first comes to in calls."""

from collections.abc import Sequence

from messaging.campaigns.models import Campaign


def at_most(campaign: Campaign, sets: Sequence[int], *, first: int, rest: int) -> int:
    """Whoever is drawn, and whichever text wins; for an SMS it is exact.

    `sets`: of each text, how many different words people get. Those who share them can share a call.
    """
    size, share = campaign.batch_size, -(-first // len(sets))
    return sum(_calls(share, each, size) for each in sets) + max(_calls(rest, each, size) for each in sets)


def _calls(people: int, sets: int, size: int) -> int:
    """If people are spread over so many sets as badly as can be."""
    return people if people <= sets else sets + (people - sets) // size
