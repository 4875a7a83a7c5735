"""Where somebody works in the inbox: a list of threads, and the page of it that they look at.

Every address within the inbox carries it, so that whatever is opened or done leads back there.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from accounts.web.params import text_param
from messaging.inbox.threads.thread_list import ThreadQuery

MAX_CURSOR = 200  # characters


@dataclass(frozen=True)
class InboxPlace:
    """`page`: the cursor of the list's page; empty: its first. What `?before=` says is a conversation's."""

    listing: ThreadQuery
    page: str = ""

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> "InboxPlace":
        return cls(ThreadQuery.from_query(query), text_param(query.get("page"), most=MAX_CURSOR))

    def query(self, **changes: Any) -> str:
        """The query string that leads here, with more words; empty, or begun by `?`."""
        return self.listing.query(**({"page": self.page} | changes))

    @property
    def fields(self) -> dict[str, Any]:
        """The same for a form, whose own query string a browser drops."""
        return {name: value for name, value in {**self.listing.params, "page": self.page}.items() if value}
