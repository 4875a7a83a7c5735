"""Teams of a customer: some of its people, who answer some of its threads together."""

from collections.abc import Collection

from django.db import transaction

from accounts.errors import UserError
from accounts.models import Customer, User
from accounts.trail import audit
from gateway.live_updates import live
from messaging.inbox.incoming.receiving import TOPIC
from messaging.inbox.models import Rule, Team, Thread

MAX_TEAMS = 20  # of a customer


class UsedByRule(UserError):
    """Of a team to which a rule assigns."""


def of_customer(customer: Customer) -> list[Team]:
    """With their members; two queries."""
    return list(Team.objects.of_customer(customer).select_related("customer").prefetch_related("members"))


def save(team: Team, members: Collection[User], *, by: User) -> None:
    """Its threads are its members' from now on."""
    with transaction.atomic():
        before = _facts(team) if team.pk else {}
        team.save()
        team.members.set(members)
        was, became = audit.differences(before, _facts(team))
        _record(team, "team.changed" if before else "team.created", by=by, before=was, after=became)


def remove(team: Team, *, by: User) -> None:
    """Its threads are nobody's. Raises UsedByRule."""
    with transaction.atomic():
        if rule := Rule.objects.kept_by(team.customer).filter(team=team).first():
            raise UsedByRule(
                f"The rule “{rule}” assigns to {team}. Change that rule first; nothing is removed."
            )
        left = Thread.objects.filter(team=team).count()
        _record(team, "team.removed", by=by, before=_facts(team) | {"threads": left})
        team.delete()


def _facts(team: Team) -> dict[str, object]:
    return {"name": team.name, "members": sorted(map(str, team.members.all()))}


def _record(team: Team, verb: str, *, by: User, **what: dict[str, object]) -> None:
    """Open inboxes are sent its threads: whose they are has changed."""
    audit.record(actor=by, customer=team.customer, verb=verb, subject=team, **what)
    own = Thread.objects.filter(team=team).values_list("pk", flat=True)
    live.announce_rows(team.customer, TOPIC, own[: live.MAX_ROWS + 1])
