"""What admins do with rules: write, order, switch and remove them; each is in the audit trail."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import Count, Max, Q

from accounts.models import Customer, User
from accounts.trail import audit
from gateway import clock
from messaging.inbox.models import Rule
from messaging.inbox.rules.answers import BETWEEN_UNASKED, carriers

MAX_RULES = 20  # of a customer


def of_customer(customer: Customer) -> list[Rule]:
    """In their order, each with `times`: how often it did something in the last day."""
    lately = Count("runs", filter=Q(runs__at__gt=clock.now() - BETWEEN_UNASKED))
    own = Rule.objects.kept_by(customer).annotate(times=lately)
    return list(own.select_related("customer", "service", "assignee", "team", "group", "carrier"))


def unable(rules: Iterable[Rule], customer: Customer) -> list[Rule]:
    """Those that answer or add people and cannot, as whoever they do it by cannot send. One query."""
    able = set(carriers(customer).values_list("pk", flat=True))
    return [rule for rule in rules if rule.needs_carrier and rule.carrier_id not in able]


def save(rule: Rule, *, before: dict[str, Any], by: User) -> None:
    """A new one comes last."""
    with transaction.atomic():
        if rule._state.adding:
            own = Rule.objects.kept_by(rule.customer)
            rule.place = (own.aggregate(last=Max("place"))["last"] or 0) + 1
        rule.save()
        was, became = audit.differences(before, facts(rule))
        _record(rule, "rule.changed" if before else "rule.created", by=by, before=was, after=became)


def switch(rule: Rule, *, on: bool, by: User) -> None:
    with transaction.atomic():
        if Rule.objects.filter(pk=rule.pk, is_on=not on).update(is_on=on):
            _record(rule, "rule.switched", by=by, before={"on": not on}, after={"on": on})


def move(rule: Rule, *, up: bool, by: User) -> None:
    """Past its neighbour; the first goes no further up, nor the last down."""
    with transaction.atomic():
        order = list(Rule.objects.kept_by(rule.customer).select_for_update())
        here = order.index(rule) if rule in order else -1
        there = here + (-1 if up else 1)
        if here < 0 or not 0 <= there < len(order):
            return
        order[here], order[there] = order[there], order[here]
        for place, each in enumerate(order, 1):
            Rule.objects.filter(pk=each.pk).update(place=place)
        _record(rule, "rule.moved", by=by, before={"place": here + 1}, after={"place": there + 1})


def remove(rule: Rule, *, by: User) -> None:
    """What it did stays told; a message that it runs for just now keeps what it does."""
    with transaction.atomic():
        if Rule.objects.filter(pk=rule.pk, removed_at=None).update(removed_at=clock.now()):
            _record(rule, "rule.removed", by=by, before=facts(rule))


def facts(rule: Rule) -> dict[str, Any]:
    """What of it is told in the audit trail."""
    texts = ("service", "assignee", "team", "group", "carrier")
    plain = ("name", "words", "says_nothing_else", "when", "label", "answer", "plain_answer")
    said = {name: getattr(rule, name) for name in plain}
    return said | {name: str(getattr(rule, name) or "") for name in texts}


def _record(rule: Rule, verb: str, *, by: User, **what: Any) -> None:
    audit.record(actor=by, customer=rule.customer, verb=verb, subject=rule, **what)
