"""The ways to narrow the list of threads: some at hand with their counts, some in a menu, one's own."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from django.db.models import IntegerField, QuerySet, Subquery
from django.http import QueryDict

from accounts.db.kept_queries import KeptQuery, by_hand, kept, read_together
from accounts.models import Customer, User
from contacts.models import OptOutRequest
from messaging.inbox.models import SavedInboxView
from messaging.inbox.models.thread import teams_of
from messaging.inbox.search.form import FilterForm
from messaging.inbox.search.operators import FilterChoices, left_over, written
from messaging.inbox.threads.thread_list import FILTERS, ME, NOBODY, ThreadQuery

MAX_COUNTED = 100
AT_HAND = {
    "Waiting for us": ThreadQuery(show="waiting"),
    "Mine": ThreadQuery(who=ME),
    "Unassigned": ThreadQuery(who=NOBODY),
    "Mentions": ThreadQuery(show="mentions"),
    "All open": ThreadQuery(),
}


@dataclass(frozen=True)
class ThreadFilter:
    """`number`: how many threads it lets through, "99+" where there are more than people count. `pk`: of a
    saved view.
    """

    label: str
    query: str
    is_chosen: bool
    number: str = ""
    pk: int = 0


class CountedUpTo(Subquery):
    """How many rows a query has that is cut off at some number: it stops there."""

    template = "(SELECT count(*) FROM (%(subquery)s) counted)"
    output_field = IntegerField()


@dataclass(frozen=True)
class SearchOptions:
    """What the list may be narrowed to, beside the filters at hand: alike for lists and choices that are.

    Its parts are drawn without what is typed, which is another each time.
    """

    listing: ThreadQuery
    choices: FilterChoices

    @property
    def of_any_words(self) -> "SearchOptions":
        return SearchOptions(replace(self.listing, text=""), self.choices)

    @property
    def of_anybody(self) -> "SearchOptions":
        return SearchOptions(replace(self.listing, text="", person=""), self.choices)

    @property
    def form(self) -> FilterForm:
        return FilterForm(self.listing, self.choices)

    @property
    def states(self) -> list[ThreadFilter]:
        others = [show for show in FILTERS if show not in {"", "waiting", "mentions"}]
        return [self._filter(FILTERS[show], show=show) for show in others]

    @property
    def teams(self) -> list[ThreadFilter]:
        return [self._filter(name, team=team) for team, name in self.choices.teams.items()]

    @property
    def labels(self) -> list[ThreadFilter]:
        return [self._filter(name, label=label) for label, name in self.choices.labels.items()]

    def _filter(self, name: str, **choice: Any) -> ThreadFilter:
        narrowed = replace(self.listing, **choice)
        return ThreadFilter(name, narrowed.query(), self.listing == narrowed)


def filter_context(
    listing: ThreadQuery,
    user: User,
    choices: FilterChoices,
    saved: list[SavedInboxView],
    numbers: Sequence[int],
) -> dict[str, Any]:
    """`saved`: the person's own; `numbers`: what `counts_query` gave of the same."""
    return _counted(listing, saved, numbers) | {
        "options": SearchOptions(listing, choices),
        "typed": written(listing, choices),
        "left_over": left_over(listing.text),
        "wanted": " ".join(listing.wanted(user)),
    }


def counted_filters(listing: ThreadQuery, customer: Customer, user: User) -> dict[str, Any]:
    """Those at hand and the person's own. Three queries."""
    saved = own_views(user, customer)
    return _counted(listing, saved, counts(_queries(saved), customer, user, teams_of(user.pk)))


def counts_query(
    saved: list[SavedInboxView], customer: Customer, user: User, own_teams: tuple[int, ...]
) -> KeptQuery[Any]:
    """One row, of what is undecided, and of each filter at hand and each of their own."""
    return by_hand(*_written(_queries(saved), customer, user, own_teams))


def _queries(saved: list[SavedInboxView]) -> list[ThreadQuery]:
    return [*AT_HAND.values(), *map(saved_query, saved)]


def _counted(listing: ThreadQuery, saved: list[SavedInboxView], numbers: Sequence[int]) -> dict[str, Any]:
    undecided, *others = numbers
    names, keys = [*AT_HAND, *map(str, saved)], [0] * len(AT_HAND) + [view.pk for view in saved]
    counted = [
        ThreadFilter(name, query.query(), query == listing, in_words(number), key)
        for name, query, number, key in zip(names, _queries(saved), others, keys, strict=True)
    ]
    return {"filters": counted, "undecided": undecided}


@kept
def own_views(user: User, customer: Customer) -> QuerySet[SavedInboxView]:
    return SavedInboxView.objects.own(user, customer)


def saved_query(view: SavedInboxView) -> ThreadQuery:
    return ThreadQuery.from_query(QueryDict(view.query.removeprefix("?")))


def counts(
    queries: list[ThreadQuery], customer: Customer, user: User, own_teams: tuple[int, ...]
) -> list[int]:
    """Of what is undecided, and of each of the queries. One query."""
    [[numbers]] = read_together(by_hand(*_written(queries, customer, user, own_teams)))
    return list(numbers)


def _written(
    queries: list[ThreadQuery], customer: Customer, user: User, own_teams: tuple[int, ...]
) -> tuple[Any, ...]:
    """Its statement and parameters."""
    is_settled = not any(
        query.person or query.from_day or query.to_day or query.who not in {"", ME, NOBODY}
        for query in queries
    )
    write = _kept_statement if is_settled else _statement
    return write(tuple(queries), customer, user, own_teams)


def _statement(
    queries: tuple[ThreadQuery, ...], customer: Customer, user: User, teams: tuple[int, ...]
) -> tuple[Any, ...]:
    undecided = OptOutRequest.objects.of_customer(customer).as_said().undecided().order_by()
    asked = [query.threads(customer, user, own_teams=teams).order_by() for query in queries]
    counted = [undecided, *(threads[:MAX_COUNTED] for threads in asked)]
    columns = {f"n{number}": CountedUpTo(rows.values("pk")) for number, rows in enumerate(counted)}
    row = Customer.objects.filter(pk=customer.pk).order_by().values_list(*columns.values())
    statement, params = row.query.sql_with_params()
    return statement, *params


# Django takes longer to write it than the database to answer; but a person, or a day, is another each time.
_kept_statement = lru_cache(maxsize=512)(_statement)


def in_words(number: int) -> str:
    return f"{MAX_COUNTED - 1}+" if number == MAX_COUNTED else f"{number or ''}"
