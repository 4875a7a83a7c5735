"""The numbers of the filters above the list, counted once for all who look at it."""

import json
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping

from django.db.models import Count, OuterRef

from accounts.models import Customer, User
from gateway.live_updates import live
from messaging.inbox.incoming.receiving import TOPIC
from messaging.inbox.models import Mention, SavedInboxView, Team, Thread
from messaging.inbox.models.thread import teams_of
from messaging.inbox.team.presence import PRESENCE
from messaging.inbox.threads.filters import (
    AT_HAND,
    MAX_COUNTED,
    CountedUpTo,
    counts,
    in_words,
    saved_query,
)
from messaging.inbox.threads.thread_list import ME, ThreadQuery

COUNTS = "counts"
MINE, MENTIONS = ThreadQuery(who=ME), ThreadQuery(show="mentions")

Numbers = Mapping[ThreadQuery, int]


def count_for(customer: int, people: Collection[int]) -> dict[int, str]:
    """Eight queries however many people; two more for each who saved a view of what is their own."""
    users = {user.pk: user for user in User.objects.filter(pk__in=people)}
    views = _views(customer, users)
    asked = dict.fromkeys([*AT_HAND.values(), *(each for own in views.values() for each in own)])
    shared = _counted(list(filter(_is_alike, asked)), customer, users[min(users)]) if users else {}
    mine, mentions = _mine(customer, users), _mentions(customer, users)
    told = {}
    for key, user in users.items():
        own = [query for query in views[key] if not _is_alike(query) and query not in {MINE, MENTIONS}]
        numbers = {**shared, MINE: mine[key], MENTIONS: mentions[key], **_counted(own, customer, user)}
        told[key] = _said(customer, {query: numbers[query] for query in [*AT_HAND.values(), *views[key]]})
    return told


live.TALLIES.register(COUNTS)(live.Tally(frozenset({TOPIC, PRESENCE}), count_for))


def _is_alike(query: ThreadQuery) -> bool:
    """Whoever looks."""
    return query.who != ME and query.show not in {"unread", "mentions"}


def _counted(queries: Collection[ThreadQuery], customer: int, user: User) -> Numbers:
    listed = list(queries)
    if not listed:
        return {}
    counted = counts(listed, Customer(pk=customer), user, teams_of(user.pk))
    return dict(zip(listed, counted[1:], strict=True))


def _views(customer: int, people: Collection[int]) -> dict[int, list[ThreadQuery]]:
    views: dict[int, list[ThreadQuery]] = defaultdict(list)
    for view in SavedInboxView.objects.filter(customer=customer, user__in=people):
        views[view.user_id].append(saved_query(view))
    return views


def _mine(customer: int, people: Collection[int]) -> Counter[int]:
    """Theirs and those of their teams; a thread is never both."""
    open_threads = Thread.objects.filter(customer=customer).open().order_by()
    assigned = open_threads.filter(assignee=OuterRef("pk"))[:MAX_COUNTED]
    own = User.objects.filter(pk__in=people).annotate(number=CountedUpTo(assigned.values("pk")))
    mine = Counter(dict(own.order_by().values_list("pk", "number")))
    of_team = open_threads.filter(team=OuterRef("pk"))[:MAX_COUNTED]
    teams = Team.objects.filter(customer=customer).annotate(number=CountedUpTo(of_team.values("pk")))
    for key, number in teams.order_by().filter(members__in=people).values_list("members", "number"):
        mine[key] += number
    return mine


def _mentions(customer: int, people: Collection[int]) -> Counter[int]:
    unseen = Mention.objects.filter(user__in=people, seen_at=None, note__thread__customer=customer)
    counted = unseen.order_by().values("user").annotate(number=Count("note__thread", distinct=True))
    return Counter(dict(counted.values_list("user", "number")))


def _said(customer: int, numbers: Numbers) -> str:
    """By the addresses of the filters."""
    counted = {query.query(): in_words(min(number, MAX_COUNTED)) for query, number in numbers.items()}
    return json.dumps({"customer": customer, "counts": counted})
