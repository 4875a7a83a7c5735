"""Several texts beside each other: what became of each among the first, and whether one is clearly better.

Counted are the first alone, as they got it in the same hour; what the rest does after it tells nothing of
the other texts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

from django.db.models import Count, QuerySet

from accounts.models import AuditEvent
from messaging.campaigns.composing import rest_words
from messaging.campaigns.dispatch.stopping import STOPPED_REASON
from messaging.campaigns.models import FIRST, REST, Campaign, Recipient, RecipientState, WinnerBy
from messaging.campaigns.outcome import responses
from messaging.campaigns.outcome.delivery_stats import percent

DOUBT = 0.05  # how often chance alone may pass for a difference
FEWEST = 5  # of those who did it and of those who did not, in each text, for a difference to mean anything


@dataclass(frozen=True)
class TextResult:
    """`sent`: whom it reached, or may have. `clicked`: None where no click is counted."""

    number: int
    says: str
    sent: int = 0
    delivered: int = 0
    failed: int = 0
    answered: int = 0
    opted_out: int = 0
    clicked: int | None = None

    @property
    def letter(self) -> str:
        return letter(self.number)

    @property
    def cells(self) -> list[tuple[str, int, str]]:
        """What is counted, the number, and its share of those whom it reached."""
        counts = {"Delivered": self.delivered, "Clicked": self.clicked, "Answered": self.answered}
        counts["Opted out"] = self.opted_out
        return [
            (label, number, f"{percent(number, self.sent)} %" if self.sent else "–")
            for label, number in counts.items()
            if number is not None
        ]


@dataclass(frozen=True)
class Verdict:
    """`winner`: the text that is clearly better; None where nobody can tell, as `words` say."""

    winner: int | None
    words: str


@dataclass(frozen=True)
class Trial:
    """`asked`: why a person decides although the wait is over. `stopped`: how many were left out for good.

    `own_time`: when the rest gets it after the wait, in words, where each has a time of their own.
    """

    results: list[TextResult]
    verdict: Verdict | None
    waiting: int
    stopped: int
    asked: str
    own_time: str


def letter(number: int) -> str:
    return "ABCD"[number]


def of(campaign: Campaign) -> Trial | None:
    """None of a campaign that goes to everybody at once, or has not begun."""
    if not campaign.has_stages or campaign.begun_at is None:
        return None
    found = results(campaign)
    rest = campaign.recipients.filter(stage=REST).order_by()
    counts = dict(rest.values_list("state").annotate(number=Count("pk")))
    stopped = rest.filter(state=RecipientState.SKIPPED, reason=STOPPED_REASON)
    return Trial(
        results=found,
        verdict=verdict(campaign, found) if campaign.tries_texts else None,
        waiting=counts.get(RecipientState.PLANNED, 0),
        stopped=stopped.count() if counts.get(RecipientState.SKIPPED) else 0,
        asked=_asked(campaign),
        own_time=rest_words.own_time(campaign),
    )


def _asked(campaign: Campaign) -> str:
    if not campaign.is_waiting_for_rest or campaign.rest_due_at:
        return ""
    asked = AuditEvent.objects.about(campaign).filter(verb="campaign.rest_asked").first()
    return str(asked.after["why"]) if asked and asked.after else ""


def results(campaign: Campaign) -> list[TextResult]:
    """A few queries, over the first of its people."""
    first = campaign.recipients.filter(stage=FIRST)
    sent = _by_text(first.filter(state__in=responses.REACHED))
    delivered = _by_text(first.filter(state=RecipientState.DELIVERED))
    failed = _by_text(first.filter(state=RecipientState.FAILED))
    answered = _by_text(responses.answered(campaign).filter(stage=FIRST))
    opted_out = _by_text(responses.opted_out(campaign).filter(stage=FIRST))
    clicked = _by_text(responses.clicked(campaign).filter(stage=FIRST)) if campaign.link_url else None
    return [
        TextResult(
            number=number,
            says=text.text,
            sent=sent.get(number, 0),
            delivered=delivered.get(number, 0),
            failed=failed.get(number, 0),
            answered=answered.get(number, 0),
            opted_out=opted_out.get(number, 0),
            clicked=None if clicked is None else clicked.get(number, 0),
        )
        for number, text in enumerate(campaign.texts)
    ]


def winner(campaign: Campaign) -> int | None:
    """The text that the rest gets when the wait is over; None where a person has to choose it."""
    if not campaign.tries_texts:
        return 0
    by_hand = campaign.winner_by == WinnerBy.HAND
    found = None if by_hand else verdict(campaign, results(campaign)).winner
    return 0 if found is None and campaign.first_if_unclear else found


def verdict(campaign: Campaign, found: Sequence[TextResult]) -> Verdict:
    """By clicks or by answers; where a person chooses, by clicks if they are counted."""
    by_hand = campaign.winner_by == WinnerBy.HAND
    if campaign.winner_by == WinnerBy.CLICKS or (by_hand and campaign.link_url):
        return compare([(each.number, each.clicked or 0, each.sent) for each in found], "clicked")
    return compare([(each.number, each.answered, each.sent) for each in found], "answered")


def compare(counts: Sequence[tuple[int, int, int]], deed: str) -> Verdict:
    """`counts`: of each text its number, how many did it, and of how many.

    The best against each other by a test of two proportions, whose doubt is shared among them.
    """
    if any(not of for _, _, of in counts):
        return Verdict(None, "Not every text has reached somebody yet.")
    if not any(did for _, did, _ in counts):
        return Verdict(None, f"Nobody has {deed} yet.")
    best, *others = sorted(counts, key=lambda each: (-each[1] / each[2], each[0]))
    chances = [_chance(best, other) for other in others]
    if None in chances:
        return Verdict(None, f"Too few have {deed} to tell the texts apart.")
    ahead = best[1] / best[2] > others[0][1] / others[0][2]
    name = letter(best[0])
    if not ahead:
        return Verdict(
            None, f"Not clear yet: as many have {deed} with {letter(others[0][0])} as with {name}."
        )
    if max(chance for chance in chances if chance is not None) > DOUBT / len(others):
        return Verdict(None, f"Not clear yet: {name} is ahead, but by no more than chance may bring.")
    return Verdict(best[0], f"{name} is clearly ahead: more than chance would bring have {deed}.")


def _chance(best: tuple[int, int, int], other: tuple[int, int, int]) -> float | None:
    """How often two equal texts would differ as much; None where there are too few to say."""
    (_, did, of), (_, other_did, other_of) = best, other
    share = (did + other_did) / (of + other_of)
    if min(of, other_of) * min(share, 1 - share) < FEWEST:
        return None
    spread = sqrt(share * (1 - share) * (1 / of + 1 / other_of))
    return 2 * (1 - NormalDist().cdf(abs(did / of - other_did / other_of) / spread))


def _by_text(people: QuerySet[Recipient]) -> dict[int, int]:
    rows = people.order_by().values_list("wording").annotate(number=Count("pk", distinct=True))
    return dict(rows)
