"""What a campaign that goes to some first comes to in calls."""

from collections.abc import Sequence

from messaging.campaigns.composing.text_summary import TextSummary
from messaging.campaigns.models import Campaign


def at_most(campaign: Campaign, texts: Sequence[TextSummary], *, first: int, rest: int) -> int:
    """Whoever is drawn, and whichever text wins; for an SMS it is exact."""
    size, share = campaign.batch_size, -(-first // len(texts))
    sets = [_sets(text) for text in texts]
    return sum(_calls(share, each, size) for each in sets) + max(_calls(rest, each, size) for each in sets)


def of_one_text(campaign: Campaign, people: int, *, sets: int) -> int:
    """The same of a counted audience; `sets`: how many different words they get."""
    first, size = campaign.number_of_first(people), campaign.batch_size
    return _calls(first, sets, size) + _calls(people - first, sets, size)


def _sets(text: TextSummary) -> int:
    """Those who share one can share a call."""
    if text.campaign.is_sms or text.audience is None:
        return 1
    return max(len(text.audience.people), 1)


def _calls(people: int, sets: int, size: int) -> int:
    """If people are spread over so many sets as badly as can be."""
    return people if people <= sets else sets + (people - sets) // size
