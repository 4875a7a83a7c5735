"""The ways to narrow the list of threads: some at hand with their counts, some in a menu, one's own."""

from dataclasses import dataclass
from typing import Any

from django.db.models import IntegerField, Subquery
from django.http import QueryDict

from accounts.models import Customer, User
from messaging.inbox.models import SavedInboxView
from messaging.inbox.search.form import FilterForm
from messaging.inbox.search.operators import FilterChoices, left_over, written
from messaging.inbox.thread_list import FILTERS, ME, NOBODY, ThreadQuery

MAX_COUNTED = 100
AT_HAND = {
    "Waiting for us": ThreadQuery(show="waiting"),
    "Mine": ThreadQuery(who=ME),
    "Unassigned": ThreadQuery(who=NOBODY),
    "All open": ThreadQuery(),
}


@dataclass(frozen=True)
class ThreadFilter:
    """`number`: how many threads it lets through, "99+" where there are more than people count."""

    label: str
    query: str
    is_chosen: bool
    number: str = ""
    pk: int = 0


class CountedUpTo(Subquery):
    """How many rows a query has that is cut off at some number: it stops there."""

    template = "(SELECT count(*) FROM (%(subquery)s) counted)"
    output_field = IntegerField()


def filter_context(
    listing: ThreadQuery, customer: Customer, user: User, choices: FilterChoices
) -> dict[str, Any]:
    """Two queries, however many filters there are."""
    saved = list(SavedInboxView.objects.own(user, customer))
    queries = [*AT_HAND.values(), *(saved_query(view) for view in saved)]
    numbers = _counts(queries, customer, user)
    names, keys = [*AT_HAND, *map(str, saved)], [0] * len(AT_HAND) + [view.pk for view in saved]
    counted = [
        ThreadFilter(name, query.query(), query == listing, number, key)
        for name, query, number, key in zip(names, queries, numbers, keys, strict=True)
    ]
    others = [show for show in FILTERS if show not in {"", "waiting"}]
    return {
        "filters": counted[: len(AT_HAND)],
        "saved_views": counted[len(AT_HAND) :],
        "states": [
            ThreadFilter(FILTERS[show], listing.query(text="", show=show), listing.show == show)
            for show in others
        ],
        "label_filters": [
            ThreadFilter(name, listing.query(text="", label=label), listing.label == label)
            for label, name in choices.labels.items()
        ],
        "filter_form": FilterForm(listing, choices),
        "typed": written(listing, choices),
        "left_over": left_over(listing.text),
        "wanted": " ".join(listing.wanted(user)),
    }


def saved_query(view: SavedInboxView) -> ThreadQuery:
    return ThreadQuery.from_query(QueryDict(view.query.removeprefix("?")))


def _counts(queries: list[ThreadQuery], customer: Customer, user: User) -> list[str]:
    """One query."""
    columns = {
        f"n{number}": CountedUpTo(query.threads(customer, user).order_by().values("pk")[:MAX_COUNTED])
        for number, query in enumerate(queries)
    }
    row = Customer.objects.filter(pk=customer.pk).values_list(*columns.values()).get()
    return [f"{MAX_COUNTED - 1}+" if number == MAX_COUNTED else f"{number or ''}" for number in row]
